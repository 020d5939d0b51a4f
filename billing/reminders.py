"""When a reminder is due, and which one goes (M14). Pure: imports no Django."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sidebyside.working_days import next_working_day


@dataclass(frozen=True)
class Stage:
    """A reminder so many days after the due date; below nought is before it."""

    pk: int
    days_after_due: int


@dataclass(frozen=True)
class DueStage:
    """A stage that has come, and the working day on which it came."""

    stage: Stage
    falls_on: date


@dataclass(frozen=True)
class Decision:
    """What is to happen now: at most one stage goes, the earlier ones are superseded."""

    send: DueStage | None
    superseded: tuple[DueStage, ...]


def falls_on(due_on: date, stage: Stage) -> date:
    """The working day on which a stage comes."""
    return next_working_day(due_on + timedelta(days=stage.days_after_due))


def decide(
    *, issued_on: date, due_on: date, stages: Sequence[Stage], dealt_with: Collection[int], on: date
) -> Decision:
    """Which stage of an unpaid invoice goes on a day.

    Only the latest that has come: after an outage the earlier ones are superseded. A stage that came no later than
    the invoice itself is superseded too, since the invoice has just said the same. `dealt_with` holds the stages'
    keys that were sent or superseded already: a stage goes once.
    """
    come = sorted(
        (DueStage(stage, falls_on(due_on, stage)) for stage in stages), key=lambda due: due.stage.days_after_due
    )
    come = [due for due in come if due.falls_on <= on]
    if not come:
        return Decision(None, ())
    latest = come[-1]
    goes = latest.stage.pk not in dealt_with and latest.falls_on > issued_on
    passed = come[:-1] if goes or latest.stage.pk in dealt_with else come
    superseded = tuple(due for due in passed if due.stage.pk not in dealt_with)
    return Decision(latest if goes else None, superseded)
