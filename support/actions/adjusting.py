"""More or less of a service for one school, agreed by a leader (O13, S5)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear
from support.entitlements import amount_text
from support.models import Adjustment, Delivery, Service

ALLOWED = "adjustment.allowed"


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
    return once(adjustment, lambda: _write(adjustment, by, ALLOWED))


def room_made_for(delivery: Delivery) -> list[Adjustment]:
    """The adjustments that made room for a delivery and still stand, so that they would go with it (O13)."""
    standing: list[Adjustment] = []
    for each in delivery.adjustments.select_related("school", "service", "allowed_by").order_by("pk"):
        if each.amount > 0:
            standing.append(each)
        elif answered := next((made for made in standing if _answers(each, made)), None):
            standing.remove(answered)
    return standing


def _answers(opposite: Adjustment, made: Adjustment) -> bool:
    """Whether the one takes back the other."""
    of = (made.service_id, made.starts_on, made.ends_on, -made.amount)
    return of == (opposite.service_id, opposite.starts_on, opposite.ends_on, opposite.amount)


def is_room_of(room: Adjustment, services: frozenset[str], delivery: Delivery) -> bool:
    """Whether it is room in the line of these services, in the year of the delivery."""
    return room.service.code in services and room.ends_on in AcademicYear.containing(delivery.happens_on)


def room_words(delivery: Delivery) -> list[str]:
    """What goes with it when it is cancelled, for the page that asks; empty where nothing was allowed for it."""
    amounts = [amount_text(made.amount, made.service.unit) for made in room_made_for(delivery)]
    return [f"What was allowed for it beyond the offer is taken back: {', '.join(amounts)}."] if amounts else []


def take_room_back(delivery: Delivery, *, why: str, by: User) -> None:
    """Answer what was allowed for a delivery that is cancelled: the school got more for it, and not without it.

    An adjustment is never changed. The opposite holds from the same day to the same day, so each day's sum is right.
    """
    for made in room_made_for(delivery):
        _take_back(made, f"this was cancelled: {_named(delivery)}. {why}", by)


def fit_room(delivery: Delivery, rooms: list[Adjustment], needs: dict[frozenset[str], int], *, by: User) -> None:
    """Leave of what was allowed for a delivery only what it needs as it is now: moved, shortened, or bought (O13).

    `needs` says how much by the services of a line. Room that does not hold on the new day of the same year is made
    anew from that day, as it was allowed before.
    """
    left = dict(needs)
    for made in rooms:
        line = next((services for services in left if is_room_of(made, services, delivery)), None)
        kept = min(made.amount, left[line]) if line else 0
        if line:
            left[line] -= kept
        if kept == made.amount and made.starts_on <= delivery.happens_on:
            continue
        _take_back(made, f"this has changed: {_named(delivery)}.", by)
        if kept:
            _write(
                _like(made, kept, min(made.starts_on, delivery.happens_on), made.reason, made.allowed_by), by, ALLOWED
            )


def _take_back(made: Adjustment, why: str, by: User) -> None:
    opposite = _like(made, -made.amount, made.starts_on, f"No longer needed, for {why}", by)
    _write(opposite, by, "adjustment.taken_back")


def _like(made: Adjustment, amount: int, starts_on: date, reason: str, allowed_by: User) -> Adjustment:
    """Another one for the same delivery, to the same day."""
    return Adjustment(
        school=made.school, service=made.service, amount=amount, starts_on=starts_on, ends_on=made.ends_on,
        reason=reason, allowed_by=allowed_by, delivery=made.delivery,
    )  # fmt: skip


def _named(delivery: Delivery) -> str:
    return f"{delivery.service}, {delivery.happens_on:%-d %B %Y}"


def _write(adjustment: Adjustment, by: User, verb: str) -> Adjustment:
    adjustment.save()
    details = {"service": adjustment.service.code, "amount": adjustment.amount}
    record(verb, adjustment, by=by, why=adjustment.reason, school_urn=adjustment.school_id, **details)
    return adjustment
