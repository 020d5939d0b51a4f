"""A day that turns out to have been shorter than it stands in the record: half days go down, never up (M1, M12)."""

from __future__ import annotations

from copy import copy
from datetime import date

from django.db import transaction
from django.db.models import Q, Sum

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.days import days_text
from sidebyside.refusals import Refusal
from support.actions.adjusting import take_room_back
from support.actions.confirming import check_is_not_invoiced, check_no_run_holds
from support.actions.exceeding import fund
from support.actions.writing import change_state
from support.models import Delivery

State = Delivery.State


@transaction.atomic
def shorten_delivery(delivery: Delivery, *, half_days: int, why: str, by: User, on: date) -> Delivery:
    """Say that a champion's day was shorter: `half_days` are what remains of it, and count at once.

    For whoever answers for schools or resolves disputes. Raises Refusal without a reason, for nought or for more than
    it has, while an invoice run holds it, where an invoice bills more than would remain, and when somebody else has
    changed it meanwhile.
    """
    if not (by.may("support.confirm_for_school") or by.may("support.resolve_dispute")):
        raise Refusal("Only the team leader corrects how long a day was. Ask them.")
    before = _before(delivery)
    check_no_run_holds(before)
    _check_bills_no_more(before, half_days)
    return _shorten(delivery, before, half_days, why=why, by=by, on=on)


@transaction.atomic
def correct_as_credited(delivery: Delivery, *, half_days: int, why: str, by: User, on: date) -> Delivery:
    """What a credit note says of a delivery holds for it too: `half_days` remain, and with nought it is withdrawn.

    For whoever credits the invoice, which billing has asked and has written by now. Raises Refusal as
    `shorten_delivery` does, and where something of what goes is billed still.
    """
    before = _before(delivery)
    if half_days:
        check_no_run_holds(before)
        _check_bills_no_more(before, half_days)
        return _shorten(delivery, before, half_days, why=why, by=by, on=on)
    check_is_not_invoiced(before)
    _check_reason(why)
    change_state(delivery, State.DELIVERED, State.CONFIRMED, to=State.CANCELLED, cancelled_why=why, cancelled_on=on)
    _record("delivery.withdrawn", delivery, by=by, why=why)
    take_room_back(delivery, why=why, by=by)
    return delivery


def _before(delivery: Delivery) -> Delivery:
    """The row as the database has it, held still: a run that is being approved waits, or is waited for."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related(
        "school", "service", "champion", "champion_type__service", "deployment"
    )
    return rows.get(pk=delivery.pk)


def _shorten(delivery: Delivery, before: Delivery, half_days: int, *, why: str, by: User, on: date) -> Delivery:
    _check_reason(why)
    _check_is_shorter(before, half_days)
    shorter = copy(before)
    shorter.half_days = half_days
    fund(shorter, by=by, on=on, answer=None, instead_of=before)
    same = Delivery.objects.delivered().filter(pk=before.pk, half_days=before.half_days)
    if not same.update(half_days=half_days):
        raise Refusal("Somebody else has just changed this. Look at it again; nothing was changed.")
    delivery.refresh_from_db()
    _record("delivery.shortened", delivery, by=by, why=why, former_half_days=before.half_days)
    return delivery


def _check_reason(why: str) -> None:
    if not why.strip():
        raise Refusal("Say why.", field="why")


def _check_is_shorter(before: Delivery, half_days: int) -> None:
    if before.state not in (State.DELIVERED, State.CONFIRMED):
        said = before.get_state_display().lower()
        raise Refusal(f"This is {said}: only support that took place can turn out shorter. Nothing was changed.")
    if half_days <= 0:
        raise Refusal("Nothing would remain of it. Withdraw it instead.", field="half_days")
    if half_days >= before.half_days:
        raise Refusal(
            f"It is in the record with {_length(before.half_days)}. Enter less; more is logged as another day.",
            field="half_days",
        )


def _check_bills_no_more(delivery: Delivery, half_days: int) -> None:
    """M12: what an invoice bills beyond it is credited first. Reads billing's lines by their reverse name."""
    credit = Q(invoice__kind="credit note")
    sums = delivery.invoicelines.aggregate(
        billed=Sum("half_days", filter=~credit, default=0), credited=Sum("half_days", filter=credit, default=0)
    )
    if (left := sums["billed"] - sums["credited"]) > half_days:
        raise Refusal(
            f"An invoice bills {_length(left)} of this. Ask finance to credit what was not given: "
            "the credit note shortens it here too."
        )


def _length(half_days: int) -> str:
    return f"{days_text(half_days)} {'day' if half_days == 2 else 'days'}"


def _record(verb: str, delivery: Delivery, *, by: User, why: str, **details: int) -> None:
    happens_on = delivery.happens_on.isoformat()
    record(
        verb, delivery, by=by, why=why, school_urn=delivery.school_id, service=delivery.service.code,
        happens_on=happens_on, half_days=delivery.half_days, **details,
    )  # fmt: skip
