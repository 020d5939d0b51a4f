"""A CSV file as rows with named cells. Pure: imports no Django."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sidebyside.sheets.decoding import Record, SheetIsRefused, decode, delimiter_of, header_of, plain, records

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000  # each lookup names the file's keys in one query, which SQLite allows up to 32,766 of

__all__ = ["MOST_BYTES", "MOST_ROWS", "Column", "Layout", "Problem", "Row", "Sheet", "SheetIsRefused", "read", "series"]


@dataclass(frozen=True)
class Column:
    """A column by its name, with what to write there."""

    name: str
    meaning: str
    is_required: bool = True


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of spreadsheet. Of each group of `alternatives` the file has at least one."""

    columns: tuple[Column, ...]
    alternatives: tuple[tuple[str, ...], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every column's name, in the order of the template."""
        return tuple(column.name for column in self.columns)

    def missing(self, present: Iterable[str]) -> list[str]:
        """What a file with these columns lacks, as words: `date`, `urn or trust_uid`."""
        found = set(present)
        lacks = [column.name for column in self.columns if column.is_required and column.name not in found]
        return lacks + [" or ".join(group) for group in self.alternatives if found.isdisjoint(group)]


@dataclass(frozen=True, order=True)
class Problem:
    """Why a row is refused: its line in the file, the column (empty for the whole row) and the reason."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.reason}"


@dataclass(frozen=True)
class Row:
    """One row: the line on which it begins, and its cells by the layout's names, without outer spaces."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Sheet:
    """A file as it was read. `ignored` are the columns that mean nothing here."""

    name: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]

    def cells(self, column: str) -> set[str]:
        """The different entries of one column."""
        return {row[column] for row in self.rows} - {""}


def read(content: bytes, *, name: str, layout: Layout) -> Sheet:
    """Read a CSV file by the names of its columns.

    Takes UTF-8 or Windows-1252, commas, semicolons or tabs. Rows that cannot be read are among `problems`; a file
    that is no such spreadsheet raises SheetIsRefused with a sentence.
    """
    if len(content) > MOST_BYTES:
        raise SheetIsRefused(f"The file is larger than {MOST_BYTES // 1024**2} MB. Split it into several.")
    text = decode(content)
    delimiter = delimiter_of(text, layout.names)
    header = header_of(text, delimiter)
    columns, ignored = _columns(header, layout)
    body = [record for record in records(text, delimiter) if record.line > header.line and not record.is_blank]
    if len(body) > MOST_ROWS:
        raise SheetIsRefused(f"The file has more than {MOST_ROWS:,} rows. Split it into several.")
    problems = [problem for record in body if (problem := _problem(record, len(header.cells)))]
    bad = {problem.line for problem in problems}
    rows = tuple(_row(record, columns) for record in body if record.line not in bad)
    return Sheet(name, rows, tuple(problems), tuple(ignored))


def _columns(header: Record, layout: Layout) -> tuple[dict[str, int], list[str]]:
    """Where each known column stands, and the columns that mean nothing here."""
    names = {plain(name): name for name in layout.names}
    places: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(header.cells):
        known = names.get(plain(cell))
        if known in places:
            raise SheetIsRefused(f"The column {known} stands twice in the first line. Remove one of them.")
        if known:
            places[known] = place
        elif cell.strip():
            ignored.append(cell.strip())
    if lacks := layout.missing(places):
        what = f"The columns {series(lacks)} are missing." if len(lacks) > 1 else f"The column {lacks[0]} is missing."
        raise SheetIsRefused(f"{what} The first line must name {series(layout.missing(()))}.")
    return places, ignored


def _problem(record: Record, width: int) -> Problem | None:
    if record.error:
        return Problem(record.line, "", record.error)
    if any(cell.strip() for cell in record.cells[width:]):
        reason = "has more cells than the first line: put a text that holds the separator between quotation marks"
        return Problem(record.line, "", reason)
    return None


def _row(record: Record, columns: dict[str, int]) -> Row:
    size = len(record.cells)
    return Row(record.line, {name: _cell(record.cells[at]) if at < size else "" for name, at in columns.items()})


def _cell(text: str) -> str:
    """A cell without outer spaces, and without the apostrophe by which our own exports keep it from being a formula."""
    stripped = text.strip()
    return stripped[1:] if re.match(r"'[ \n]*[=+\-@]", stripped) else stripped


def series(words: Sequence[str], last: str = "and") -> str:
    """Words as people list them: `urn, service and date`."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
