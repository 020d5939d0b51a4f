"""When a deployment's reviews are due, and why. Pure: imports no Django.

The mid-point review is due half-way between the first and the last day, on the next working day, and is asked for until
the closing evaluation is. That one is asked for from some days before the last day until some days after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sidebyside.working_days import next_working_day


class Kind(StrEnum):
    """Which of the two reviews."""

    MIDPOINT = "midpoint"
    CLOSING = "closing"


@dataclass(frozen=True)
class Habits:
    """What a council has settled: in days, but the shortest deployment with a mid-point in weeks."""

    midpoint_from_weeks: int
    midpoint_days: int
    closing_days_before: int
    closing_days_after: int


@dataclass(frozen=True)
class Due:
    """A review that is to be written from a day on and by another, both included; `reason` says why in a sentence."""

    kind: Kind
    opens_on: date
    due_by: date
    reason: str


def dues(starts_on: date, ends_on: date, habits: Habits) -> Iterator[Due]:
    """The reviews of a deployment with these dates, the mid-point first; a short one has none (or no room for it)."""
    closing = _closing(ends_on, habits)
    weeks = habits.midpoint_from_weeks
    if ends_on - starts_on + timedelta(days=1) >= timedelta(weeks=weeks):
        opens_on = next_working_day(starts_on + (ends_on - starts_on) // 2)
        due_by = min(opens_on + timedelta(days=habits.midpoint_days), closing.opens_on - timedelta(days=1))
        if opens_on <= due_by:
            yield Due(Kind.MIDPOINT, opens_on, due_by, "Half of the time between the first and the last day is over.")
    yield closing


def asked_on(starts_on: date, ends_on: date, habits: Habits, *, on: date) -> Due | None:
    """The review that is asked for on a day: the mid-point until the closing one opens, nothing long after the end."""
    found = None
    for due in dues(starts_on, ends_on, habits):
        if due.opens_on <= on:
            found = due
    return None if found and found.kind == Kind.CLOSING and found.due_by < on else found


def may_be_written(kind: str, starts_on: date, ends_on: date, habits: Habits, *, on: date) -> bool:
    """Whether a review is open on a day: late ones are taken, a mid-point until the last day of the deployment."""
    due = next((each for each in dues(starts_on, ends_on, habits) if each.kind == kind), None)
    return due is not None and due.opens_on <= on and (kind == Kind.CLOSING or on <= ends_on)


def _closing(ends_on: date, habits: Habits) -> Due:
    before, after = habits.closing_days_before, habits.closing_days_after
    reason = "The last day is past." if not before else f"The last day is {before} days away, or nearer, or past."
    return Due(Kind.CLOSING, ends_on - timedelta(days=before), ends_on + timedelta(days=after), reason)
