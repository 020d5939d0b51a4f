"""What a home school will get for days that are still to be agreed, at the rates known today (M16)."""

from __future__ import annotations

from datetime import date, timedelta

from reimbursing.owing import EVERY_SCHOOL, Rates, rate_on, value_of
from sidebyside.days import days_text
from sidebyside.money import pounds


def promised(rates: Rates, *, champion_type: str, home: int, half_days: int, first: date, last: date) -> list[str]:
    """A sentence for each stretch of days with one rate: what a day gets, and all the days if they fall into it."""
    stretches = _stretches(rates, champion_type, home, first, last)
    found = []
    for start, end, rate in stretches:
        label = "" if len(stretches) == 1 else f"{_label(start, end, first, last)}: "
        if rate is None:
            found.append(f"{label}{'no' if label else 'No'} rate has been set yet.")
            continue
        days = f"{days_text(half_days)} {'day' if half_days == 2 else 'days'}"
        falls = f" if all of {days} {'falls' if half_days <= 2 else 'fall'} then" if label else f" for {days}"
        found.append(f"{label}{pounds(rate)} a day, {pounds(value_of(rate, half_days))}{falls}.")
    return found


def _stretches(rates: Rates, kind: str, home: int, first: date, last: date) -> list[tuple[date, date, int | None]]:
    dated = [row[0] for school in (home, EVERY_SCHOOL) for row in rates.get((kind, school), ())]
    starts = sorted({first} | {day for day in dated if first < day <= last})
    found: list[tuple[date, date, int | None]] = []
    for place, start in enumerate(starts):
        end = starts[place + 1] - timedelta(days=1) if place + 1 < len(starts) else last
        rate = rate_on(rates, kind, home, start)
        amount = rate[1] if rate else None
        if found and found[-1][2] == amount:
            found[-1] = (found[-1][0], end, amount)
        else:
            found.append((start, end, amount))
    return found


def _label(start: date, end: date, first: date, last: date) -> str:
    if start == first:
        return f"Up to {end:%-d %B %Y}"
    return f"From {start:%-d %B %Y}" + ("" if end == last else f" to {end:%-d %B %Y}")
