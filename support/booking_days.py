"""Which days of a month can be booked for a deployment, and why the others cannot. Pure: imports no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sidebyside.months import Mark, Month
from sidebyside.working_days import bank_holiday, is_working_day

A_DAY = 2  # half days


@dataclass(frozen=True)
class Taken:
    """What the champion has on a day already."""

    half_days: int
    text: str
    url: str = ""


@dataclass(frozen=True)
class Bounds:
    """Between which days, both included, something can be booked; `terms` are stretches of school days, if known."""

    first_day: date
    last_day: date
    terms: Sequence[tuple[date, date]] = ()

    def holds(self, day: date) -> bool:
        """Whether the day is within."""
        return self.first_day <= day <= self.last_day

    def is_in_term(self, day: date) -> bool:
        """Whether it is a school day as far as anybody has said so."""
        return not self.terms or any(first <= day <= last for first, last in self.terms)


@dataclass(frozen=True)
class BookingDay:
    """One day: whether it can be chosen, and what stands on it."""

    day: date
    is_free: bool
    marks: tuple[Mark, ...] = ()


def booking_days(month: Month, bounds: Bounds, taken: Mapping[date, Sequence[Taken]]) -> dict[date, BookingDay]:
    """Every day of the month. Free are working days within the bounds and in term, of which half a day is left."""
    days = (month.first_day + timedelta(days=number) for number in range(month.last_day.day))
    return {day: _day(day, bounds, taken.get(day, ())) for day in days}


def _day(day: date, bounds: Bounds, taken: Sequence[Taken]) -> BookingDay:
    marks = [Mark(each.text, each.url) for each in taken]
    is_working = is_working_day(day)
    if name := bank_holiday(day):
        marks.append(Mark(f"Bank holiday: {name}", is_quiet=True))
    elif is_working and bounds.holds(day) and not bounds.is_in_term(day):
        marks.append(Mark("Outside term", is_quiet=True))
    is_free = is_working and bounds.holds(day) and bounds.is_in_term(day)
    has_room = sum(each.half_days for each in taken) < A_DAY
    return BookingDay(day, is_free and has_room, tuple(marks))
