"""What becomes of one row of the spreadsheet of deliveries, given the delivery that it is."""

from __future__ import annotations

from dataclasses import dataclass

from sidebyside.sheets import BadRowError, Entry, cells
from support.entitlements import DAYS, amount_text
from support.models import Delivery
from support.spreadsheets.delivery_rows import ALL_BUT_STATE, COLUMNS, DeliveryRow, Facts
from support.spreadsheets.standing import PortalSays

State = Delivery.State
RANK = {State.PLANNED: 0, State.DELIVERED: 1, State.CONFIRMED: 2}


@dataclass(frozen=True)
class Change:
    """A stored delivery and its row; `is_joined` where it was in the portal before any file had it."""

    delivery: Delivery
    wanted: DeliveryRow
    facts: Facts  # what it is from now on
    is_joined: bool = False


def decide(wanted: DeliveryRow, there: Delivery | None, portal: PortalSays) -> Entry:
    """New, changed or the same. The portal's own later knowledge of a delivery is never taken back (S9).

    A row that says what it said when it was imported last is the same, whatever the portal has done since. Raises
    BadRowError for a row that says something new of what was changed by hand.
    """
    line = wanted.row.line
    if there is None:
        return Entry(line, "new", str(wanted), wanted)
    if there.state == State.CANCELLED:
        raise BadRowError.at(
            wanted.row, "state", "this delivery was cancelled in the portal: remove the row, or give it a new reference"
        )
    was = Facts.of(there)
    if Facts.imported(there) == wanted.facts:
        return _join(wanted, there, was)
    differs = [place for place in range(ALL_BUT_STATE) if was[place] != wanted.facts[place]]
    is_plan_of_the_past = wanted.facts.state == State.PLANNED and there.state != State.PLANNED
    is_ahead = RANK[State(there.state)] >= RANK[State(wanted.facts.state)]
    if is_plan_of_the_past or (is_ahead and not differs):
        return _join(wanted, there, was)
    if differs:
        _check_may_change(wanted, there, str(COLUMNS[differs[0]]), portal)
    if not is_ahead and wanted.facts.state == State.CONFIRMED:
        _check_may_confirm(wanted, there, portal)
    facts = wanted.facts._replace(state=there.state if is_ahead else wanted.facts.state)
    change = Change(there, wanted, facts, is_joined=_joins(wanted, there))
    return Entry(line, "changed", f"{wanted} (was {_words(there)})", change)


def _joins(wanted: DeliveryRow, there: Delivery) -> bool:
    """Whether the delivery stands in the portal without this row: then it gets the row, and its reference."""
    return Facts.imported(there) is None or bool(wanted.reference and not there.reference)


def _join(wanted: DeliveryRow, there: Delivery, was: Facts) -> Entry:
    """The same; where the row or its reference is new to it, they are kept with it, and nothing else is changed."""
    if not _joins(wanted, there):
        return Entry(wanted.row.line, "same", str(wanted), there)
    text = f"{wanted} (in the portal already, {_words(there)}: this row is kept with it)"
    return Entry(wanted.row.line, "changed", text, Change(there, wanted, was, is_joined=True))


def is_origin(delivery: Delivery) -> bool:
    """Whether an import made the delivery."""
    said = getattr(delivery, "imported", None)
    return bool(said and said.is_origin)


def _is_as_imported(delivery: Delivery) -> bool:
    """Whether it stands as the import that made it left it: nobody has changed it in the portal since."""
    return is_origin(delivery) and Facts.imported(delivery) == Facts.of(delivery)


def _check_may_change(wanted: DeliveryRow, there: Delivery, column: str, portal: PortalSays) -> None:
    """Raise BadRowError where the difference has to be dealt with in the portal."""
    if column in ("urn", "service"):
        reason = f"“{wanted.reference}” is {_words(there)} already: give this row a reference of its own"
        raise BadRowError.at(wanted.row, column, reason)
    if there.state == State.CONFIRMED:
        reason = f"differs from the confirmed delivery ({_words(there)}): withdraw that one first, with a reason"
        raise BadRowError.at(wanted.row, column, reason)
    if there.deployment_id:
        raise BadRowError.at(wanted.row, column, "differs, and this delivery belongs to a deployment: change it there")
    if portal.has_note(there):
        reason = (
            f"differs from the visit ({_words(there)}), whose note is shared: its day and champion stay as they are"
        )
        raise BadRowError.at(wanted.row, column, reason)
    if not _is_as_imported(there):
        deed = "changed" if is_origin(there) else "entered"
        reason = f"differs from the portal ({_words(there)}), where it was {deed}{portal.last_change(there)}: "
        raise BadRowError.at(wanted.row, column, reason + "correct this row, or change the delivery there")


def _check_may_confirm(wanted: DeliveryRow, there: Delivery, portal: PortalSays) -> None:
    """M1: a file confirms what a file brought. What was logged in the portal is confirmed there. Raises BadRowError."""
    if _is_as_imported(there):
        return
    deed = "changed" if is_origin(there) else "entered"
    reason = f"this delivery was {deed} in the portal{portal.last_change(there)}: the school confirms it there, or the "
    raise BadRowError.at(wanted.row, "state", reason + "team leader with a reason; write “delivered”")


def _words(delivery: Delivery) -> str:
    amount = f", {amount_text(delivery.half_days, DAYS)}" if delivery.half_days else ""
    return f"{cells.day_text(delivery.happens_on)}{amount}, {delivery.state}"
