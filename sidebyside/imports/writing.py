"""Importing one spreadsheet: plan it, write it, leave the trail, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from sidebyside.accounts.models import User
from sidebyside.audit.models import Event
from sidebyside.sheets import Kind, Plan, Trail

TURN = 7_391_201  # any number, so long as nothing else in this database locks by it


@transaction.atomic
def import_sheet(
    kind: Kind, content: bytes, *, name: str, by: User | None, on: date, strict: bool = False, dry_run: bool = False
) -> Plan:
    """Import a file and return what was planned; the good rows go in, with `strict` all or none.

    Raises SheetIsRefused for a file that is no such spreadsheet. `dry_run` writes nothing.
    """
    sheet = kind.read(content, name)
    take_turn()
    plan = kind.plan(sheet, on)
    if not dry_run and not (strict and plan.problems):
        write(kind, plan, by=by, on=on)
    return plan


def take_turn() -> None:
    """Wait until no other import runs, so that the same file sent twice at once is written once.

    SQLite's write transactions take turns by themselves.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def write(kind: Kind, plan: Plan, *, by: User | None, on: date) -> None:
    """Write a plan and its trail, an event for each thing and one for the file (A3); nothing when nothing changes."""
    if not plan.has_changes:
        return
    trails = kind.apply(plan, by=by, on=on)
    summary = Trail("spreadsheet.imported", f"spreadsheet:{kind.slug}", details={"file": plan.name, **plan.counts})
    _leave([*trails, summary], by)


def _leave(trails: Iterable[Trail], by: User | None) -> None:
    now = timezone.now()
    events = [
        Event(
            at=now,
            by=by,
            verb=trail.verb,
            subject=trail.subject,
            school_urn=trail.school_urn,
            why=trail.why,
            details=trail.details,
        )
        for trail in trails
    ]
    Event.objects.bulk_create(events, batch_size=500)
