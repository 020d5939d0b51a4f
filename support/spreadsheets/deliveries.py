"""A spreadsheet of deliveries: support that was planned, delivered or confirmed elsewhere (O6, M1, S10)."""

from __future__ import annotations

from datetime import date

from sidebyside.accounts.models import User
from sidebyside.sheets import BadRowError, Column, Kind, Layout, Plan, Sheet, Trail
from sidebyside.sheets.plans import SAME
from support.models import Delivery, ImportedRow
from support.spreadsheets.attending import Attending
from support.spreadsheets.deciding import decide, is_origin
from support.spreadsheets.delivery_rows import DeliveryRow, Facts, Reader
from support.spreadsheets.overruns import overruns
from support.spreadsheets.standing import CHANGED_BY_IMPORT, IMPORTED, PortalSays, find_standing

State = Delivery.State

LAYOUT = Layout(
    (
        Column("urn", "The URN of the school that is supported."),
        Column("service", "The service’s code, such as HLV, NTH, SSLC, SSPC, ABLE or RIG."),
        Column("date", "The day on which it takes place."),
        Column(
            "days",
            "Days in steps of 0.5. For a visit, the days of the champion who attends; for places, how many.",
            is_required=False,
        ),
        Column("champion", "The champion’s code; empty where none took part.", is_required=False),
        Column("state", "planned, delivered or confirmed."),
        Column("reference", "Your own name for the row; best kept, so that a changed row is recognised.", False),
    )
)


def plan_deliveries(sheet: Sheet, on: date) -> Plan:
    """What a file of deliveries would add and change.

    A row with a reference is the delivery with that reference. Otherwise it is the first delivery without one, by
    school, service, date and champion, that no earlier row is: so the same file twice changes nothing, and two like
    rows in one file are two deliveries. What the portal has changed since stays (S9).
    """
    plan, reader = Plan.of(sheet), Reader(sheet, on)
    wanted: list[DeliveryRow] = []
    lines: dict[str, int] = {}
    for row in sheet.rows:
        try:
            found = reader.read(row)
            if found.reference and (earlier := lines.setdefault(found.reference, row.line)) != row.line:
                raise BadRowError.at(row, "reference", f"“{found.reference}” stands in line {earlier} already")
            wanted.append(found)
        except BadRowError as bad:
            plan.problems += bad.problems
    standing = find_standing(wanted)
    portal, attending = PortalSays(standing.values()), Attending(wanted)
    for good in wanted:
        there = standing.get(good.row.line)
        try:
            entry = decide(good, there, portal)
            if entry.verb != SAME:
                attending.check(good, there)
            plan.entries.append(entry)
        except BadRowError as bad:
            plan.problems += bad.problems
    plan.notes += _notes(plan) + overruns(plan)
    return plan


def _notes(plan: Plan) -> list[str]:
    joined = sum(entry.item.is_joined for entry in plan.having("changed"))
    if not joined:
        return []
    rows = "1 row is" if joined == 1 else f"{joined:,} rows are"
    return [
        f"{rows} in the portal already: nothing is made twice, and the file’s reference is kept with what is there."
    ]


def apply_deliveries(plan: Plan, *, by: User | None, on: date) -> list[Trail]:
    """Write the new and changed deliveries; what is confirmed is confirmed today by whoever imports (M1)."""
    made = [entry.item for entry in plan.having("new")]
    changes = [entry.item for entry in plan.having("changed")]
    new = [Delivery(school=row.school, service=row.service, reference=row.reference, made_by=by) for row in made]
    for delivery, row in zip(new, made, strict=True):
        _fill(delivery, row, row.facts, plan, by, on)
    for change in changes:
        change.delivery.reference = change.wanted.reference or change.delivery.reference
        _fill(change.delivery, change.wanted, change.facts, plan, by, on)
    Delivery.objects.bulk_create(new, batch_size=500)
    changed = [change.delivery for change in changes]
    Delivery.objects.bulk_update(changed, CHANGED_FIELDS, batch_size=100)
    said = [
        *(_said(delivery, row, is_origin=True) for delivery, row in zip(new, made, strict=True)),
        *(_said(change.delivery, change.wanted, is_origin=is_origin(change.delivery)) for change in changes),
    ]
    ImportedRow.objects.bulk_create(
        said, batch_size=500, update_conflicts=True, unique_fields=["delivery"], update_fields=SAID_FIELDS
    )
    return [
        *(_trail(IMPORTED, delivery, plan) for delivery in new),
        *(_trail(CHANGED_BY_IMPORT, delivery, plan) for delivery in changed),
    ]


CHANGED_FIELDS = [
    "reference",
    "happens_on",
    "half_days",
    "units",
    "champion",
    "champion_type",
    "state",
    "confirmed_by",
    "confirmed_on",
    "confirmed_why",
]
SAID_FIELDS = ["happens_on", "champion", "half_days", "units", "state"]


def _fill(delivery: Delivery, row: DeliveryRow, facts: Facts, plan: Plan, by: User | None, on: date) -> None:
    delivery.happens_on, delivery.half_days, delivery.units = facts.happens_on, facts.half_days, facts.units
    if delivery.champion_id != facts.champion or delivery.pk is None:
        delivery.champion = row.champion
        delivery.champion_type = row.champion.type if row.champion else None
    if facts.state == State.CONFIRMED and delivery.state != State.CONFIRMED:
        delivery.confirmed_by, delivery.confirmed_on = by, on
        delivery.confirmed_why = f"Imported from {plan.name}"
    delivery.state = facts.state


def _said(delivery: Delivery, row: DeliveryRow, *, is_origin: bool) -> ImportedRow:
    """What the file says, to compare the next one with."""
    facts = row.facts
    return ImportedRow(
        delivery=delivery, happens_on=facts.happens_on, champion_id=facts.champion, half_days=facts.half_days,
        units=facts.units, state=facts.state, is_origin=is_origin,
    )  # fmt: skip


def _trail(verb: str, delivery: Delivery, plan: Plan) -> Trail:
    details = {
        "state": str(delivery.state),
        "happens_on": delivery.happens_on.isoformat(),
        "half_days": delivery.half_days,
        "units": delivery.units,
        "champion": delivery.champion_id,
    }
    subject, urn = f"delivery:{delivery.pk}", delivery.school_id
    return Trail(verb, subject, school_urn=urn, why=f"Imported from {plan.name}", details=details)


DELIVERIES = Kind(
    slug="deliveries",
    title="Deliveries",
    purpose="Visits, champion days, meetings and places: what is planned, what took place, and what is confirmed.",
    layout=LAYOUT,
    examples=(
        ("123456", "HLV", "2022-11-09", "", "", "confirmed", "HLV-001"),
        ("123457", "SSLC", "18/01/2023", "0.5", "CH01", "delivered", "SSLC-001"),
    ),
    plan=plan_deliveries,
    apply=apply_deliveries,
)
