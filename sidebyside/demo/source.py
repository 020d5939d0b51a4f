"""What the demonstration is made from: the data files, and chance that falls the same way every time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.conf import settings

from sidebyside.working_days import next_working_day

FOLDER = settings.BASE_DIR / "data" / "demo"
REGISTER = settings.BASE_DIR / "data" / "gias"
DOMAIN = "sidebyside.example"
HOLIDAYS = (
    (10, 23, 11, 1),
    (12, 18, 12, 31),
    (1, 1, 1, 4),
    (2, 12, 2, 18),
    (3, 29, 4, 16),
    (5, 27, 6, 4),
    (7, 20, 9, 3),
)


@cache
def read(name: str) -> Any:
    """A data file of the demonstration."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def urn_of(whose: str) -> int:
    """The URN of a school with a part to play: `head`, `academy`, `converted`, `converter`."""
    return int(read("council")["schools"][whose])


def chance(what: str) -> random.Random:
    """Chance of its own for each purpose: more of one thing changes nothing of another."""
    return random.Random(f"side by side, {what}")  # noqa: S311 - invented data need no cryptographic chance


def names() -> Iterator[str]:
    """Invented names without end, each combination once before any comes again."""
    people = read("council")
    pairs = [f"{first} {last}" for first in people["first_names"] for last in people["last_names"]]
    chance("names").shuffle(pairs)
    while True:
        yield from pairs


def school_days(first: date, last: date) -> list[date]:
    """The days from `first` to `last` on which schools are open, roughly: no weekend, bank holiday or usual holiday."""
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return [day for day in days if next_working_day(day) == day and not _is_holiday(day)]


def _is_holiday(day: date) -> bool:
    return any((m1, d1) <= (day.month, day.day) <= (m2, d2) for m1, d1, m2, d2 in HOLIDAYS)
