"""More or less of a service for one school, agreed by a leader (O13, S5)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from support.entitlements import amount_text
from support.models import Adjustment, Delivery, Service


@transaction.atomic
def adjust_allowance(
    school: School, *, service: Service, amount: int, starts_on: date, ends_on: date, reason: str, by: User,
    delivery: Delivery | None = None, request_key: str = "",
) -> Adjustment:  # fmt: skip
    """Adjust the allowance of a service, or of the pool that it belongs to, from a day to a day.

    `amount` is in the service's unit: half days, visits or places; below nought it takes away. `delivery` is
    what it makes room for. The same `request_key` again returns the adjustment that it made.
    """
    if not amount:
        raise Refusal("Enter how much more or less.", field="amount")
    if ends_on < starts_on:
        raise Refusal("The adjustment ends before it starts.", field="ends_on")
    if not reason.strip():
        raise Refusal("Say why.", field="reason")
    adjustment = Adjustment(
        school=school,
        service=service,
        amount=amount,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        allowed_by=by,
        delivery=delivery,
        request_key=request_key,
    )
    return once(adjustment, lambda: _write(adjustment, by, "adjustment.allowed"))


def room_made_for(delivery: Delivery) -> list[Adjustment]:
    """The adjustments that made room for a delivery and still stand, so that they would go with it (O13)."""
    found = list(delivery.adjustments.select_related("school", "service").order_by("pk"))
    return [] if any(each.amount < 0 for each in found) else found


def room_words(delivery: Delivery) -> list[str]:
    """What goes with it when it is cancelled, for the page that asks; empty where nothing was allowed for it."""
    amounts = [amount_text(made.amount, made.service.unit) for made in room_made_for(delivery)]
    return [f"What was allowed for it beyond the offer is taken back: {', '.join(amounts)}."] if amounts else []


def take_room_back(delivery: Delivery, *, why: str, by: User) -> None:
    """Answer what was allowed for a delivery that is cancelled: the school got more for it, and not without it.

    An adjustment is never changed. The opposite holds from the same day to the same day, so each day's sum is right.
    """
    reason = f"No longer needed, for this was cancelled: {delivery.service}, {delivery.happens_on:%-d %B %Y}. {why}"
    for made in room_made_for(delivery):
        opposite = Adjustment(
            school=made.school, service=made.service, amount=-made.amount, starts_on=made.starts_on,
            ends_on=made.ends_on, reason=reason, allowed_by=by, delivery=delivery,
        )  # fmt: skip
        _write(opposite, by, "adjustment.taken_back")


def _write(adjustment: Adjustment, by: User, verb: str) -> Adjustment:
    adjustment.save()
    details = {"service": adjustment.service.code, "amount": adjustment.amount}
    record(verb, adjustment, by=by, why=adjustment.reason, school_urn=adjustment.school_id, **details)
    return adjustment
