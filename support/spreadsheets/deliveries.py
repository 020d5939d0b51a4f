"""A spreadsheet of deliveries: support that was planned, delivered or confirmed elsewhere (O6, M1, S10)."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from sidebyside.accounts.models import User
from sidebyside.sheets import BadRowError, Column, Entry, Kind, Layout, Plan, Sheet, Trail, cells
from support.entitlements import DAYS, amount_text
from support.models import Delivery
from support.models.deliveries import DeliveryQuerySet
from support.spreadsheets.delivery_rows import COLUMNS, DeliveryRow, Facts, Reader

State = Delivery.State
RANK = {State.PLANNED: 0, State.DELIVERED: 1, State.CONFIRMED: 2}
NATURAL_KEY, ALL_BUT_STATE, EVERYTHING = 4, 6, 7  # how many of the facts must agree

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


@dataclass(frozen=True)
class Change:
    """A stored delivery and what its row says of it."""

    delivery: Delivery
    wanted: DeliveryRow
    state: str


def plan_deliveries(sheet: Sheet, on: date) -> Plan:
    """What a file of deliveries would add and change.

    A row with a reference is the delivery with that reference. Without one it is the first delivery, by school,
    service, date and champion, that no earlier row is: so the same file twice changes nothing, and two like rows in
    one file are two deliveries.
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
    standing = _by_reference(wanted) | _by_facts(wanted)
    for good in wanted:
        try:
            plan.entries.append(_entry(good, standing.get(good.row.line)))
        except BadRowError as bad:
            plan.problems += bad.problems
    return plan


def _held() -> DeliveryQuerySet:
    """The deliveries; those read on the way to being written stay as they were read until they are.

    Otherwise a head could confirm one in between, and the file would undo that (M1). A preview holds nobody up.
    """
    if not transaction.get_connection().in_atomic_block:
        return Delivery.objects.all()
    return Delivery.objects.select_for_update(of=("self",), no_key=True)


def _by_reference(wanted: Iterable[DeliveryRow]) -> dict[int, Delivery]:
    lines = {row.reference: row.row.line for row in wanted if row.reference}
    stored = _held().filter(reference__in=lines).select_related("service", "school").order_by("pk")
    return {lines[delivery.reference]: delivery for delivery in stored}


def _by_facts(wanted: Iterable[DeliveryRow]) -> dict[int, Delivery]:
    """For each line without a reference the stored delivery that it is: first those alike in everything."""
    rows = [row for row in wanted if not row.reference]
    if not rows:
        return {}
    days = [row.facts.happens_on for row in rows]
    schools = {row.facts.urn for row in rows}
    stored = _held().filter(reference="", school__in=schools, happens_on__range=(min(days), max(days)))
    left = sorted(stored.order_by("pk"), key=lambda delivery: delivery.state == State.CANCELLED)
    found: dict[int, Delivery] = {}
    for agreeing in (EVERYTHING, ALL_BUT_STATE, NATURAL_KEY):
        waiting: dict[tuple, deque[Delivery]] = defaultdict(deque)
        for delivery in left:
            waiting[Facts.of(delivery)[:agreeing]].append(delivery)
        for row in rows:
            if row.row.line not in found and (queue := waiting[row.facts[:agreeing]]):
                found[row.row.line] = queue.popleft()
        taken = {delivery.pk for delivery in found.values()}
        left = [delivery for delivery in left if delivery.pk not in taken]
    return found


def _entry(wanted: DeliveryRow, there: Delivery | None) -> Entry:
    """What becomes of a row. The portal's own later knowledge of a delivery is never taken back."""
    line = wanted.row.line
    if there is None:
        return Entry(line, "new", str(wanted), wanted)
    if there.state == State.CANCELLED:
        raise BadRowError.at(
            wanted.row, "state", "this delivery was cancelled in the portal: remove the row, or give it a new reference"
        )
    was = Facts.of(there)
    differs = [place for place in range(ALL_BUT_STATE) if was[place] != wanted.facts[place]]
    is_plan_of_the_past = wanted.facts.state == State.PLANNED and there.state != State.PLANNED
    is_ahead = RANK[State(there.state)] >= RANK[State(wanted.facts.state)]
    if is_plan_of_the_past or (is_ahead and not differs):
        return Entry(line, "same", str(wanted), there)
    if differs:
        _check_may_change(wanted, there, str(COLUMNS[differs[0]]))
    state = there.state if is_ahead else wanted.facts.state
    return Entry(line, "changed", f"{wanted} (was {_words(there)})", Change(there, wanted, state))


def _check_may_change(wanted: DeliveryRow, there: Delivery, column: str) -> None:
    """Raise BadRowError where the difference has to be dealt with in the portal."""
    if column in ("urn", "service"):
        reason = f"“{wanted.reference}” is {_words(there)} already: give this row a reference of its own"
        raise BadRowError.at(wanted.row, column, reason)
    if there.state == State.CONFIRMED:
        reason = f"differs from the confirmed delivery ({_words(there)}): withdraw that one first, with a reason"
        raise BadRowError.at(wanted.row, column, reason)
    if there.deployment_id:
        raise BadRowError.at(wanted.row, column, "differs, and this delivery belongs to a deployment: change it there")


def _words(delivery: Delivery) -> str:
    amount = f", {amount_text(delivery.half_days, DAYS)}" if delivery.half_days else ""
    return f"{cells.day_text(delivery.happens_on)}{amount}, {delivery.state}"


def apply_deliveries(plan: Plan, *, by: User | None, on: date) -> list[Trail]:
    """Write the new and changed deliveries; what is confirmed is confirmed today by whoever imports (M1)."""
    made = [entry.item for entry in plan.having("new")]
    changes = [entry.item for entry in plan.having("changed")]
    new = [Delivery(school=row.school, service=row.service, reference=row.reference, made_by=by) for row in made]
    for delivery, row in zip(new, made, strict=True):
        _fill(delivery, row, row.facts.state, plan, by, on)
    for change in changes:
        _fill(change.delivery, change.wanted, change.state, plan, by, on)
    Delivery.objects.bulk_create(new, batch_size=500)
    changed = [change.delivery for change in changes]
    Delivery.objects.bulk_update(changed, CHANGED_FIELDS, batch_size=100)
    return [
        *(_trail("delivery.imported", delivery, plan) for delivery in new),
        *(_trail("delivery.changed_by_import", delivery, plan) for delivery in changed),
    ]


CHANGED_FIELDS = [
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


def _fill(delivery: Delivery, row: DeliveryRow, state: str, plan: Plan, by: User | None, on: date) -> None:
    delivery.happens_on, delivery.half_days, delivery.units = row.facts[2], row.facts.half_days, row.facts.units
    if delivery.champion_id != row.facts.champion or delivery.pk is None:
        delivery.champion = row.champion
        delivery.champion_type = row.champion.type if row.champion else None
    if state == State.CONFIRMED and delivery.state != State.CONFIRMED:
        delivery.confirmed_by, delivery.confirmed_on = by, on
        delivery.confirmed_why = f"Imported from {plan.name}"
    delivery.state = state


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
