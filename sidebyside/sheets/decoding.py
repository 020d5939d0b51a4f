"""From bytes to the records of a CSV file, whichever program saved it. Pure: imports no Django."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sidebyside.refusals import Refusal

DELIMITERS = (",", ";", "\t")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .xls


class SheetIsRefused(Refusal):
    """The file is refused whole, and nothing of it goes in. The sentence says why and what to do."""


@dataclass(frozen=True)
class Record:
    """One record with the number of the line on which it begins; `error` says why it could not be read."""

    line: int
    cells: tuple[str, ...]
    error: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing at all."""
        return not self.error and not any(cell.strip() for cell in self.cells)


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, Windows-1252 or Excel's Unicode text. Raises SheetIsRefused for anything else."""
    if not content.strip():
        raise SheetIsRefused("The file is empty.")
    if content.startswith(WORKBOOKS):
        raise SheetIsRefused("This is an Excel workbook. Open it, save it as “CSV UTF-8”, and import that file.")
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetIsRefused("This is not a text file. Save the spreadsheet as “CSV UTF-8”, and import that file.")


def records(text: str, delimiter: str) -> Iterator[Record]:
    """Every record of a CSV text, one that cannot be read included."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(line, (), _words(error))
            continue
        yield Record(line, tuple(cells))


def _words(error: csv.Error) -> str:
    if "end of data" in str(error):
        return "a quotation mark opens here and is never closed, so this row and all below it could not be read"
    if "field larger" in str(error):
        return "a cell is too long to be read: a quotation mark may be missing"
    return "the quotation marks do not match: write a quotation mark inside a text twice"


def header_of(text: str, delimiter: str) -> Record:
    """The first record that says something; the line `sep=;` that Excel understands is not one."""
    for record in records(text, delimiter):
        if not record.is_blank and not plain(record.cells[0] if record.cells else "").startswith("sep="):
            return record
    raise SheetIsRefused("The file has no first line with the names of the columns.")


def plain(name: str) -> str:
    """A column's name without capitals, spaces and underscores, so that `Home URN` is `home_urn`."""
    return "".join(name.replace("_", " ").split()).casefold()


def delimiter_of(text: str, known: Iterable[str]) -> str:
    """Whichever of comma, semicolon and tab gives the first line the most columns that we know."""
    names = {plain(name) for name in known}

    def columns_known(delimiter: str) -> int:
        return sum(plain(cell) in names for cell in header_of(text, delimiter).cells)

    return max(DELIMITERS, key=columns_known)
