"""From the text of a cell to a value. Every parser raises ValueError with a sentence. Pure: imports no Django."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from sidebyside.days import half_days
from sidebyside.sheets.decoding import plain
from sidebyside.sheets.reading import Problem, Row, series

T = TypeVar("T")
Parser = Callable[[str], Any]
YES, NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
FIRST_YEAR, LAST_YEAR = 1900, 2100


class BadRowError(Exception):
    """A row that is refused, with each reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(map(str, self.problems)))

    @classmethod
    def at(cls, row: Row, column: str, reason: str) -> BadRowError:
        """A row that is refused for one cell."""
        return cls([Problem(row.line, column, reason)])


def check(row: Row, required: Mapping[str, Parser], optional: Mapping[str, Parser] | None = None) -> dict[str, Any]:
    """Every named cell's value; None for an optional cell that is blank. Raises BadRowError with all that is wrong."""
    values: dict[str, Any] = dict.fromkeys(optional or ())
    problems = []
    for column, parse in {**required, **(optional or {})}.items():
        if not row[column]:
            if column in required:
                problems.append(Problem(row.line, column, "is empty"))
            continue
        try:
            values[column] = parse(row[column])
        except ValueError as error:
            problems.append(Problem(row.line, column, str(error)))
    if problems:
        raise BadRowError(problems)
    return values


def day(cell: str) -> date:
    """A date, written 2022-09-01 or 01/09/2022."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = datetime.strptime(cell, form).date()
        except ValueError:
            continue
        if FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
    raise ValueError(f"“{cell}” is not a date such as 2022-09-01 or 01/09/2022")


def day_text(when: date) -> str:
    """A date as people read it: 1 September 2022."""
    return f"{when.day} {when:%B %Y}"


def number(cell: str) -> int:
    """A whole number of up to nine figures."""
    if not re.fullmatch(r"[0-9]{1,9}", cell):
        raise ValueError(f"“{cell}” is not a whole number")
    return int(cell)


def urn(cell: str) -> int:
    """The six figures that name a school in the register."""
    if not re.fullmatch(r"[0-9]{6}", cell):
        raise ValueError(f"“{cell}” is not a URN: a URN has six figures")
    return int(cell)


def days(cell: str) -> int:
    """Days above nought, in steps of half a day, as half days (O6)."""
    if not re.fullmatch(r"-?[0-9]{1,4}(\.[0-9]{1,4})?", cell):
        raise ValueError(f"“{cell}” is not a number of days such as 1 or 0.5")
    found = half_days(cell)
    if not found:
        raise ValueError("nought days: write at least 0.5")
    return found


def yes_or_no(cell: str) -> bool:
    """Yes or no, true or false, 1 or 0."""
    if cell.casefold() in YES:
        return True
    if cell.casefold() in NO:
        return False
    raise ValueError(f"“{cell}” is neither yes nor no")


def text(most: int) -> Callable[[str], str]:
    """A text of at most so many characters, on one line."""

    def parse(cell: str) -> str:
        joined = " ".join(cell.split())
        if len(joined) > most:
            raise ValueError(f"is longer than {most} characters")
        return joined

    return parse


def one_of(found: Mapping[str, T], what: str) -> Callable[[str], T]:
    """One of the named things, whatever its capitals and spaces; an unknown name is told the known ones."""
    known = {plain(name): thing for name, thing in found.items()}

    def parse(cell: str) -> T:
        if plain(cell) not in known:
            names = f"the known ones are {series(list(found))}" if found else "there are none yet"
            raise ValueError(f"“{cell}” is not {what}: {names}")
        return known[plain(cell)]

    return parse
