"""Logging what a champion did in the past week: every row of it, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal
from support.actions.attending import visits_open_to
from support.actions.checks import DayTaken
from support.actions.deliveries import log_delivery, mark_delivered
from support.actions.writing import was_done
from support.beyond import BeyondAllowance
from support.models import Champion, Delivery, Deployment

LOGGED = "champion.week_logged"
A_WEEK = 7  # days, the day itself included
ALONE = "Log this day alone: there it can be answered."


@dataclass(frozen=True)
class DayDone:
    """One row: where, when, how long, what; `booked` is the planned delivery that took place, if there is one."""

    deployment: Deployment
    happens_on: date
    half_days: int
    summary: str
    booked: Delivery | None = None


@dataclass(frozen=True)
class RowError:
    """What is wrong with a row; `is_asked` when that day is to be logged alone, where the question can be answered."""

    sentence: str
    is_asked: bool = False


class OfAVisit(Refusal):
    """The school has a visit that day: whoever logs it says whether this was part of it (O7)."""

    def __init__(self, visited: Delivery) -> None:
        super().__init__(f"There is a {visited.service} at {visited.school} that day.", field="part_of")


class WeekRefused(Refusal):
    """Nothing was saved: `errors` says why, by the place of the row."""

    def __init__(self, errors: dict[int, RowError]) -> None:
        super().__init__("Nothing was saved. Some of the days need another look.")
        self.errors = errors


@transaction.atomic
def log_week(champion: Champion, done: Sequence[DayDone], *, by: User, on: date, request_key: str = "") -> int:
    """Write down all of these days of the past week, or none; returns how many.

    Raises WeekRefused with the error of each row. The same `request_key` again writes nothing more.
    """
    if not done:
        raise Refusal("Say of at least one day how long it was.")
    Champion.objects.select_for_update(no_key=True).get(pk=champion.pk)
    if was_done(LOGGED, f"champion:{champion.pk}", request_key):
        return len(done)
    errors = {}
    for place, row in enumerate(done):
        try:
            _log(champion, row, by=by, on=on)
        except Refusal as refusal:
            errors[place] = _error_of(refusal)
    if errors:
        raise WeekRefused(errors)
    urn, half_days = champion.home_school_id, sum(row.half_days for row in done)
    record(LOGGED, champion, by=by, school_urn=urn, half_days=half_days, request_key=request_key)
    return len(done)


def _error_of(refusal: Refusal) -> RowError:
    """What the row says: a question that this page does not ask is answered where the day is logged alone."""
    if isinstance(refusal, BeyondAllowance):
        return RowError(f"{refusal.beyond.sentence} {ALONE}", is_asked=True)
    if isinstance(refusal, OfAVisit) or (isinstance(refusal, DayTaken) and refusal.field == "override"):
        return RowError(f"{refusal.sentence} {ALONE}", is_asked=True)
    return RowError(refusal.sentence)


def _log(champion: Champion, row: DayDone, *, by: User, on: date) -> None:
    if row.deployment.champion_id != champion.pk:
        raise Refusal("This is a deployment of somebody else.")
    if not row.summary.strip():
        raise Refusal("Say what was done.")
    if not on - timedelta(days=A_WEEK) < row.happens_on <= on:
        raise Refusal("This day is not in the past week. Log it alone.")
    shared: dict[str, Any] = {
        "happens_on": row.happens_on,
        "half_days": row.half_days,
        "summary": row.summary,
        "by": by,
        "on": on,
    }
    if row.booked:
        mark_delivered(row.booked, **shared)
        return
    visited = visits_open_to(row.deployment, row.happens_on).select_related("service", "school").first()
    if visited:
        raise OfAVisit(visited)
    log_delivery(row.deployment, **shared)
