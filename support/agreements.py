"""What a deployment may agree: half days that fit between its dates, within one academic year. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sidebyside.days import days_text
from sidebyside.years import AcademicYear

A_DAY = 2  # half days


@dataclass(frozen=True)
class Intended:
    """What will be better when a deployment ends, and the measure by which that is known."""

    text: str
    measure: str = ""


@dataclass(frozen=True)
class Terms:
    """What is agreed of one deployment, and may be agreed anew: what for, how much, when."""

    focus: str
    half_days: int
    starts_on: date
    ends_on: date
    outcomes: tuple[Intended, ...] = ()


WORKING = 5  # days of a week, from Monday


def working_half_days(first: date, last: date) -> int:
    """The half days of Mondays to Fridays from `first` to `last`; nought when it ends before it starts."""
    days = max(0, (last - first).days + 1)
    weeks, rest = divmod(days, 7)
    left = sum((first + timedelta(days=day)).weekday() < WORKING for day in range(rest))
    return (weeks * WORKING + left) * A_DAY


def faults_of(*, half_days: int | None, starts_on: date | None, ends_on: date | None) -> dict[str, str]:
    """What is wrong with an agreement, a sentence for each field; what is not known yet is not looked at."""
    found = {}
    if half_days is not None and half_days < 1:
        found["half_days_agreed"] = "Agree at least half a day."
    if starts_on is None or ends_on is None:
        return found
    year = AcademicYear.containing(starts_on)
    if ends_on < starts_on:
        found["ends_on"] = "The deployment ends before it starts."
    elif ends_on not in year:
        found["ends_on"] = (
            f"A deployment stays within one academic year, for each has its own offer. End it by "
            f"{year.last_day:%-d %B %Y}, and agree another for the year after."
        )
    elif half_days is not None and half_days > (most := working_half_days(starts_on, ends_on)):
        found["half_days_agreed"] = (
            f"There are only {days_text(most)} working days between these dates. Agree fewer, or choose other dates."
        )
    return found
