"""Categories over time: which one is in force on a day, whether it is provisional, and how one follows another.

Pure: imports no Django. The rules are S1 to S5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sidebyside.years import AcademicYear


@dataclass(frozen=True)
class Confirmed:
    """A confirmed category of a school from a day on. `rank` 1 needs least support."""

    category: str
    rank: int
    starts_on: date


@dataclass(frozen=True)
class Standing:
    """The category in force on a day; provisional while this academic year's is not confirmed (S2)."""

    category: str
    rank: int
    since: date
    is_provisional: bool


class Move(StrEnum):
    """What a new entry does to the category that stands."""

    FIRST = "first"
    RAISED = "raised"
    LOWERED = "lowered"
    KEPT = "kept"


def is_provisional(since: date, *, on: date) -> bool:
    """S2: an entry from an earlier academic year still stands, as provisional, until one of this year is confirmed."""
    return since < AcademicYear.containing(on).first_day


def standing(entries: Iterable[Confirmed], *, on: date) -> Standing | None:
    """The category in force on a day: the latest confirmed entry that has begun (S1). None before the first."""
    begun = [entry for entry in entries if entry.starts_on <= on]
    if not begun:
        return None
    latest = max(begun, key=lambda entry: entry.starts_on)
    return Standing(latest.category, latest.rank, latest.starts_on, is_provisional(latest.starts_on, on=on))


def move(former_rank: int | None, rank: int) -> Move:
    """Whether an entry raises (S4), lowers (S5), keeps or begins a school's category; a higher rank needs more."""
    if former_rank is None:
        return Move.FIRST
    if rank == former_rank:
        return Move.KEPT
    return Move.RAISED if rank > former_rank else Move.LOWERED
