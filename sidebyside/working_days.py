"""Days on which people work in England, weekends and bank holidays left out. Pure: imports no Django."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 5


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year))


def bank_holiday(day: date) -> str:
    """What the bank holiday on a day is called in England; empty on any other day."""
    return _bank_holidays(day.year).get(day, "")


def is_working_day(day: date) -> bool:
    """Whether people work on the day in England."""
    return day.weekday() < SATURDAY and day not in _bank_holidays(day.year)


def next_working_day(day: date) -> date:
    """The day itself when people work on it in England, otherwise the next one on which they do."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_before(day: date, count: int) -> date:
    """The day from which `count` working days have passed when `day` comes: 10 before a Monday is a Monday."""
    for _ in range(count):
        day -= timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
    return day


def working_days_after(day: date, count: int) -> date:
    """The first day on which `count` working days have passed since `day`: 10 after a Monday is a Monday.

    What begins on a day off begins with the next working day.
    """
    day = next_working_day(day)
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1))
    return day
