"""A spreadsheet of headteachers' appointments; the New to Headship visit hangs on them (O8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from schools.models import Appointment
from schools.spreadsheets.finding import Schools, named
from sidebyside.accounts.models import User
from sidebyside.sheets import BadRowError, Column, Entry, Kind, Layout, Plan, Row, Sheet, Trail, cells, check

LAYOUT = Layout(
    (
        Column("urn", "The school’s URN, six figures."),
        Column("head", "The headteacher’s name."),
        Column("started", "The first day of the appointment."),
        Column("kind", "permanent, interim, new to post, or new to the authority."),
    )
)
Standing = dict[int, dict[date, Appointment]]
KINDS = {kind.value: kind for kind in Appointment.Kind}


def plan_appointments(sheet: Sheet, on: date) -> Plan:
    """What a file of appointments would add and change; one school has one appointment from a day.

    An appointment ends the day before the next one starts, whatever the order in which they are imported.
    """
    plan, schools = Plan.of(sheet), Schools(sheet)
    parsers = {
        "urn": schools.state_funded,
        "head": cells.text(120),
        "started": cells.day,
        "kind": cells.one_of(KINDS, "a kind of appointment"),
    }
    standing = _standing(schools)
    lines: dict[tuple[int, date], int] = {}
    for row in sheet.rows:
        try:
            plan.entries.append(_entry(row, check(row, parsers), standing, lines))
        except BadRowError as bad:
            plan.problems += bad.problems
    touched = {entry.item.school_id for entry in plan.having("new")}
    plan.extra = [ended for urn in sorted(touched) for ended in _end_in_time(standing[urn].values())]
    plan.notes = [_note(ended) for ended in plan.extra]
    return plan


def _standing(schools: Schools) -> Standing:
    found: Standing = defaultdict(dict)
    for appointment in Appointment.objects.filter(school__in=schools.urns).select_related("school"):
        found[appointment.school_id][appointment.started_on] = appointment
    return found


def _entry(row: Row, values: dict[str, Any], standing: Standing, lines: dict[tuple[int, date], int]) -> Entry:
    school, started_on = values["urn"], values["started"]
    if school.closed_on and started_on > school.closed_on:
        raise BadRowError.at(row, "started", f"{named(school)} closed on {cells.day_text(school.closed_on)}")
    if (earlier := lines.setdefault((school.urn, started_on), row.line)) != row.line:
        raise BadRowError.at(row, "started", f"this school has an appointment from that day in line {earlier} already")
    facts = {"head_name": values["head"], "kind": values["kind"]}
    text = f"{named(school)}: {values['head']}, {values['kind']}, from {cells.day_text(started_on)}"
    there = standing[school.urn].get(started_on)
    if there is None:
        made = Appointment(school=school, started_on=started_on, **facts)
        standing[school.urn][started_on] = made
        return Entry(row.line, "new", text, made)
    if (there.head_name, there.kind) == (values["head"], values["kind"]):
        return Entry(row.line, "same", text, there)
    was = f"{there.head_name}, {there.kind}"
    there.head_name, there.kind = values["head"], values["kind"]
    return Entry(row.line, "changed", f"{text} (was {was})", there)


def _end_in_time(appointments: Iterable[Appointment]) -> list[Appointment]:
    """Let each appointment of one school end before the next one starts; returns the stored ones that this changes."""
    changed = []
    in_order = sorted(appointments, key=lambda appointment: appointment.started_on)
    for earlier, later in pairwise(in_order):
        last_day = later.started_on - timedelta(days=1)
        if earlier.ended_on is None or earlier.ended_on > last_day:
            earlier.ended_on = last_day
            if earlier.pk:
                changed.append(earlier)
    return changed


def _note(ended: Appointment) -> str:
    when = cells.day_text(ended.ended_on) if ended.ended_on else ""
    return f"{named(ended.school)}: the appointment of {ended.head_name} ends on {when}."


def apply_appointments(plan: Plan, *, by: User | None, on: date) -> list[Trail]:
    """Write the new and changed appointments, and the ends that follow from them."""
    made = [entry.item for entry in plan.having("new")]
    changed = [entry.item for entry in plan.having("changed")]
    Appointment.objects.bulk_create(made, batch_size=500)
    Appointment.objects.bulk_update(changed, ["head_name", "kind"], batch_size=200)
    Appointment.objects.bulk_update(plan.extra, ["ended_on"], batch_size=200)
    return [
        *(_trail("school.head_appointed", appointment, plan) for appointment in made),
        *(_trail("school.appointment_corrected", appointment, plan) for appointment in changed),
        *(_trail("school.appointment_ended", appointment, plan) for appointment in plan.extra),
    ]


def _trail(verb: str, appointment: Appointment, plan: Plan) -> Trail:
    details = {
        "appointment": appointment.pk,
        "kind": str(appointment.kind),
        "starts_on": appointment.started_on.isoformat(),
        "ends_on": appointment.ended_on.isoformat() if appointment.ended_on else None,
    }
    urn = appointment.school_id
    return Trail(verb, f"school:{urn}", school_urn=urn, why=f"Imported from {plan.name}", details=details)


APPOINTMENTS = Kind(
    slug="appointments",
    title="Headteachers’ appointments",
    purpose="Who leads each school, from a day on. A new head’s first year brings a New to Headship visit.",
    layout=LAYOUT,
    examples=(
        ("123456", "Anna Brook", "2022-09-01", "new to post"),
        ("123457", "Peter Vale", "17/04/2023", "interim"),
    ),
    plan=plan_appointments,
    apply=apply_appointments,
)
