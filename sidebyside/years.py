"""Academic years, financial years and terms, as values. Pure: imports no Django.

An academic year runs from 1 September to 31 August, a financial year from 1 April to 31 March. Both are written
`2022/23`, so every name says which of the two it means (brief, section 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Self


@dataclass(frozen=True, order=True)
class Year:
    """Twelve months that begin on the first of a fixed month; `start` is the calendar year in which they begin."""

    start: int
    first_month: ClassVar[int]

    @classmethod
    def containing(cls, day: date) -> Self:
        """The year in which `day` falls."""
        return cls(day.year if day.month >= cls.first_month else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2022/23`, `2022-23` or `2022`. Raises ValueError on anything else."""
        head, _, tail = text.strip().replace("/", "-").partition("-")
        if not (head.isascii() and head.isdigit() and len(head) == 4):
            raise ValueError(f"“{text}” is not a year such as 2022/23")
        year = cls(int(head))
        if tail and tail != f"{(year.start + 1) % 100:02d}":
            raise ValueError(f"“{text}” is not a year: after {head} comes {(year.start + 1) % 100:02d}")
        return year

    @property
    def first_day(self) -> date:
        """The day on which the year begins."""
        return date(self.start, self.first_month, 1)

    @property
    def last_day(self) -> date:
        """The day on which the year ends."""
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> Self:
        """The year after."""
        return type(self)(self.start + 1)

    @property
    def previous(self) -> Self:
        """The year before."""
        return type(self)(self.start - 1)

    @property
    def slug(self) -> str:
        """The year as it stands in an address: `2022-23`."""
        return str(self).replace("/", "-")

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        return f"{self.start}/{(self.start + 1) % 100:02d}"


class AcademicYear(Year):
    """1 September to 31 August."""

    first_month = 9


class FinancialYear(Year):
    """1 April to 31 March."""

    first_month = 4

    @property
    def code(self) -> str:
        """The year as it stands in a document's number: `2223` (M10)."""
        return f"{self.start % 100:02d}{(self.start + 1) % 100:02d}"


@dataclass(frozen=True)
class Period:
    """A run of days, both ends included. Raises ValueError when it ends before it begins."""

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("The period ends before it begins")

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def by_financial_year(self) -> Iterator[Period]:
        """The same days, cut at each 31 March (M13)."""
        first = self.first_day
        while first <= self.last_day:
            last = min(FinancialYear.containing(first).last_day, self.last_day)
            yield Period(first, last)
            first = last + timedelta(days=1)
