"""A school's category before a deployment and after it. Pure: imports no Django.

Before is the category in force on the first day; after is the one in force today, or some months after the last day
where that is earlier: what happens long afterwards has other causes. That a category changed does not say why.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schools.risk import Confirmed, Move, Standing, move, standing


@dataclass(frozen=True)
class CategoryMove:
    """The category on the first day and on a later one, `seen_on`, and which way it went; None where one is missing."""

    before: Standing | None
    after: Standing | None
    seen_on: date
    direction: Move | None


def category_move(
    entries: Iterable[Confirmed], *, starts_on: date, ends_on: date, months: int, on: date
) -> CategoryMove:
    """How the category moved between the first day and `months` after the last one, or today where that is earlier."""
    found = list(entries)
    seen_on = min(on, months_after(ends_on, months))
    before, after = standing(found, on=starts_on), standing(found, on=seen_on)
    direction = move(before.rank, after.rank) if before and after else None
    return CategoryMove(before, after, seen_on, direction)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
