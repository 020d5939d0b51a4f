"""A month as a grid of weeks, with what stands on each of its days. Pure: imports no Django."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Self

FIRST_YEAR, LAST_YEAR = 2000, 2099  # no calendar is turned further than that
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, order=True)
class Month:
    """One month of one year."""

    year: int
    number: int
    weekdays: ClassVar[tuple[str, ...]] = WEEKDAYS

    @classmethod
    def containing(cls, day: date) -> Self:
        """The month in which `day` falls."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-11`. Raises ValueError on anything else, and far from our own time."""
        year, _, month = text.strip().partition("-")
        if not (text.isascii() and year.isdigit() and month.isdigit() and len(year) == 4 and len(month) == 2):
            raise ValueError(f"“{text}” is not a month such as 2026-11")
        found = cls(int(year), int(month))
        if not (1 <= found.number <= 12 and FIRST_YEAR <= found.year <= LAST_YEAR):
            raise ValueError(f"“{text}” is not a month between {FIRST_YEAR}-01 and {LAST_YEAR}-12")
        return found

    @classmethod
    def asked_for(cls, text: str, *, on: date) -> Self:
        """The month that an address asks for; the one of `on` where it asks for none, or for what is none."""
        try:
            return cls.parse(text)
        except ValueError:
            return cls.containing(on)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def previous(self) -> Self | None:
        """The month before; None at the beginning of the calendar."""
        return None if self.first_day == date(FIRST_YEAR, 1, 1) else self.containing(self.first_day - timedelta(days=1))

    @property
    def next(self) -> Self | None:
        """The month after; None at the end of the calendar."""
        return None if self.last_day == date(LAST_YEAR, 12, 31) else self.containing(self.last_day + timedelta(days=1))

    @property
    def slug(self) -> str:
        """The month as it stands in an address: `2026-11`."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def weeks(self) -> list[list[date | None]]:
        """Its weeks from Monday to Sunday; None for a day of the month before or after."""
        days: list[date | None] = [self.first_day + timedelta(days=away) for away in range(self.last_day.day)]
        padded = [None] * self.first_day.weekday() + days + [None] * (6 - self.last_day.weekday())
        return [padded[start : start + 7] for start in range(0, len(padded), 7)]

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.number)

    def __str__(self) -> str:
        return f"{self.first_day:%B %Y}"


@dataclass(frozen=True)
class Mark:
    """What stands on one day: its words, where they lead, and a tag; `is_quiet` where it only says what day it is."""

    text: str
    url: str = ""
    tag: str = ""
    colour: str = "blue"
    is_quiet: bool = False


@dataclass(frozen=True)
class MonthDay:
    """One day of the grid with all that stands on it; `url` where the day itself leads somewhere."""

    day: date
    marks: tuple[Mark, ...] = ()
    is_today: bool = False
    url: str = ""


def month_grid(
    month: Month,
    marks: Mapping[date, Sequence[Mark]],
    *,
    on: date,
    url_of: Callable[[date], str] = lambda day: "",
) -> list[list[MonthDay | None]]:
    """The weeks of a month with what stands on each day, for `components/month.html`."""

    def fill(day: date) -> MonthDay:
        return MonthDay(day, tuple(marks.get(day, ())), is_today=day == on, url=url_of(day))

    return [[None if day is None else fill(day) for day in week] for week in month.weeks]
