"""Confirming that support took place, taking it back, and agreeing a price (M1)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Exists, Q, Sum

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.adjusting import take_room_back
from support.actions.deliveries import change_state
from support.models import Delivery

State = Delivery.State


@transaction.atomic
def confirm_delivery(delivery: Delivery, *, by: User, on: date, why: str = "") -> Delivery:
    """The supported head, or a broker with a reason, says that it took place: from now on it can be charged (M1).

    Raises Refusal for one's own delivery, for a stranger, and when it is not waiting for confirmation any more.
    """
    check_may_confirm(delivery, by, why)
    change_state(delivery, State.DELIVERED, to=State.CONFIRMED, confirmed_by=by, confirmed_on=on, confirmed_why=why)
    _record("delivery.confirmed", delivery, by=by, why=why)
    return delivery


@transaction.atomic
def deny_delivery(delivery: Delivery, *, by: User, on: date, why: str) -> Delivery:
    """The supported head says that it did not take place: it is cancelled, and the reason stays."""
    check_may_confirm(delivery, by, why)
    _cancel(delivery, (State.DELIVERED,), "delivery.denied", by=by, why=why)
    return delivery


@transaction.atomic
def cancel_delivery(delivery: Delivery, *, why: str, by: User, on: date) -> Delivery:
    """Planned support will not take place: what it had booked is free again."""
    check_may_take_back(delivery, by)
    _cancel(delivery, (State.PLANNED,), "delivery.cancelled", by=by, why=why)
    return delivery


@transaction.atomic
def withdraw_delivery(delivery: Delivery, *, why: str, by: User, on: date) -> Delivery:
    """Take back delivered or confirmed support, which is never edited. Raises Refusal while an invoice holds it."""
    now = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if now.state == State.CONFIRMED and not by.may("support.confirm_for_school"):
        raise Refusal("The school has confirmed this. Ask the team leader to withdraw it.")
    check_may_take_back(delivery, by)
    check_is_not_invoiced(delivery)
    _cancel(delivery, (State.DELIVERED, State.CONFIRMED), "delivery.withdrawn", by=by, why=why)
    return delivery


@transaction.atomic
def agree_price(delivery: Delivery, *, pence: int, agreed_with: str, agreed_on: date, by: User) -> Delivery:
    """Record the price that a school's leaders agreed to (O11): who, when, how much. Raises Refusal once invoiced."""
    if pence < 0 or not agreed_with.strip():
        raise Refusal("Say with whom the price was agreed.", field="agreed_with")
    Delivery.objects.select_for_update().get(pk=delivery.pk)
    check_is_not_invoiced(delivery)
    values = {"agreed_price": pence, "agreed_with": agreed_with, "agreed_on": agreed_on}
    if not Delivery.objects.filter(pk=delivery.pk).exclude(state=State.CANCELLED).update(**values):
        raise Refusal("This was cancelled, so it has no price.")
    delivery.refresh_from_db()
    _record("delivery.priced", delivery, by=by, pence=pence)
    return delivery


def check_may_confirm(delivery: Delivery, by: User, why: str) -> None:
    """Raise Refusal unless this is the supported head, or a broker with a reason; never who gave or recorded it."""
    if has_given(delivery, by):
        raise Refusal("You gave this support yourself, so somebody else must confirm it.")
    if has_recorded(delivery, by):
        raise Refusal("You recorded this yourself, so somebody else must confirm it.")
    if by.may("support.confirm_for_school"):
        if not why.strip():
            raise Refusal("Say why you answer instead of the school.", field="why")
        return
    is_own_school = School.objects.visible_to(by).filter(pk=delivery.school_id).exists()
    if not by.may("support.confirm_delivery") or not is_own_school:
        raise Refusal("Only the supported school confirms this.")


def has_a_part_in(delivery: Delivery, person: User) -> bool:
    """Whether this person gave it or recorded it, so that somebody else must confirm it (M1)."""
    return has_given(delivery, person) or has_recorded(delivery, person)


def has_given(delivery: Delivery, person: User) -> bool:
    """Whether this person is its adviser or its champion."""
    return person.pk in {delivery.adviser_id, delivery.champion.user_id if delivery.champion else None}


def has_recorded(delivery: Delivery, person: User) -> bool:
    """Whether this person said that it took place, whoever gave it: logged it, or wrote the first note of a visit.

    Reads the trail, and visits' notes by their reverse name, importing nothing.
    """
    said = Event.objects.filter(subject=f"delivery:{delivery.pk}", verb="delivery.delivered", by=person)
    wrote_the_note = Q(visit__notes__version=1, visit__notes__shared_by=person)
    return Delivery.objects.filter(Exists(said) | wrote_the_note, pk=delivery.pk).exists()


def check_may_take_back(delivery: Delivery, by: User) -> None:
    """Raise Refusal for somebody outside the team, unless it is a day of that champion's own deployment."""
    if by.is_council_staff:
        return
    if delivery.deployment is None or delivery.deployment.champion.user_id != by.pk:
        raise Refusal("Only the team takes this back. Ask your adviser.")


def check_is_not_invoiced(delivery: Delivery) -> None:
    """M12: what an invoice holds is credited first. Reads billing's lines by their reverse name, importing nothing."""
    lines = delivery.invoicelines
    credit = Q(invoice__kind="credit note")
    sums = lines.aggregate(billed=Sum("net", filter=~credit, default=0), credited=Sum("net", filter=credit, default=0))
    if sums["billed"] > sums["credited"]:
        raise Refusal("This is on an invoice, so it stays as it is. Ask finance to credit it on the invoice’s page.")
    check_no_run_holds(delivery)


def check_no_run_holds(delivery: Delivery) -> None:
    """Raise Refusal while an invoice run that was approved has still to issue it (M13)."""
    if delivery.runlines.filter(item__invoice__isnull=True).exclude(item__state="given up").exists():
        raise Refusal("This is in an invoice run that is being issued. Try again when the run is done.")


def _cancel(delivery: Delivery, states: tuple[str, ...], verb: str, *, by: User, why: str) -> None:
    if not why.strip():
        raise Refusal("Say why.", field="why")
    change_state(delivery, *states, to=State.CANCELLED, cancelled_why=why)
    _record(verb, delivery, by=by, why=why)
    take_room_back(delivery, why=why, by=by)


def _record(verb: str, delivery: Delivery, *, by: User, why: str = "", **details: int) -> None:
    happens_on = delivery.happens_on.isoformat()
    record(
        verb, delivery, by=by, why=why, school_urn=delivery.school_id, service=delivery.service.code,
        happens_on=happens_on, half_days=delivery.half_days, **details,
    )  # fmt: skip
