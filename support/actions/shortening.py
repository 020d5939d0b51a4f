"""A day that turns out to have been shorter than it stands in the record: half days go down, never up (M1, M12)."""

from __future__ import annotations

from copy import copy
from datetime import date

from django.db import transaction
from django.db.models import Q, Sum

from sidebyside.accounts.models import User
from sidebyside.days import days_text
from sidebyside.refusals import Refusal
from support.actions.confirming import cancel, check_is_not_invoiced, check_no_run_holds
from support.actions.exceeding import fund
from support.actions.writing import record_deed
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
def shorten_as_credited(delivery: Delivery, *, half_days: int, why: str, by: User, on: date) -> Delivery:
    """What a credit note says of a day holds for it too: `half_days` remain.

    For whoever credits the invoice, which billing has asked and has written by now. Raises Refusal as
    `shorten_delivery` does.
    """
    before = _before(delivery)
    check_no_run_holds(before)
    _check_bills_no_more(before, half_days)
    return _shorten(delivery, before, half_days, why=why, by=by, on=on)


@transaction.atomic
def withdraw_as_credited(delivery: Delivery, *, why: str, by: User, on: date) -> Delivery:
    """Take back support of which a credit note says that it was not given. Raises Refusal while any of it is billed."""
    before = _before(delivery)
    check_is_not_invoiced(before)
    cancel(delivery, (State.DELIVERED, State.CONFIRMED), "delivery.withdrawn", by=by, why=why, on=on)
    return delivery


@transaction.atomic
def take_champion_off(delivery: Delivery, *, why: str, by: User, on: date) -> Delivery:
    """Leave a visit without the champion, of whose attendance a credit note says that it was not given (O7).

    Raises Refusal while an invoice bills days of it, and when somebody else has changed it meanwhile.
    """
    before = _before(delivery)
    check_no_run_holds(before)
    _check_bills_no_more(before, 0)
    _check_reason(why)
    without = copy(before)
    without.half_days, without.champion, without.champion_type, without.deployment = 0, None, None, None
    return _change(delivery, before, without, why=why, by=by, on=on)


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
    return _change(delivery, before, shorter, why=why, by=by, on=on)


def _change(delivery: Delivery, before: Delivery, after: Delivery, *, why: str, by: User, on: date) -> Delivery:
    """Write the champion's part as it is now, by compare-and-set, and leave of its room only what it needs (O13)."""
    fund(after, by=by, on=on, answer=None, instead_of=before)
    same = Delivery.objects.delivered().filter(pk=before.pk, half_days=before.half_days)
    names = ("half_days", "champion", "champion_type", "deployment")
    if not same.update(**{name: getattr(after, name) for name in names}):
        raise Refusal("Somebody else has just changed this. Look at it again; nothing was changed.")
    delivery.refresh_from_db()
    record_deed("delivery.shortened", delivery, by=by, why=why, former_half_days=before.half_days)
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
