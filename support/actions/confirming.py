"""Confirming that support took place, taking it back, and agreeing a price (M1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Exists, Q, Sum

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.adjusting import take_room_back
from support.actions.writing import change_state, record_deed
from support.letters import tell_of_resolution
from support.models import Delivery, Dispute
from support.silence import broker_must_wait

State = Delivery.State
SAID_SO = ("delivery.delivered", "delivery.attended")


@transaction.atomic
def confirm_delivery(delivery: Delivery, *, by: User, on: date, why: str = "") -> Delivery:
    """The supported head, or a broker with a reason, says that it took place: from now on it can be charged (M1).

    A head who had disputed it takes that back so. Raises Refusal for one's own delivery, for a stranger, when it is
    not waiting for confirmation any more, and to a broker while the school can still answer or disputes it.
    """
    check_may_confirm(delivery, by, why)
    Delivery.objects.select_for_update().get(pk=delivery.pk)  # a dispute that is being raised is seen, not passed by
    if by.may("support.confirm_for_school"):
        check_is_for_the_broker(delivery, on=on)
    settle(delivery, by=by, on=on, why=why)
    close_dispute(delivery, Dispute.Outcome.STANDS, "The school confirmed it after all.", by=by, on=on)
    return delivery


@transaction.atomic
def confirm_chosen(deliveries: Iterable[Delivery], *, by: User, on: date) -> list[Delivery]:
    """The supported head confirms several at once: all of them, or none. Raises Refusal that names the one at fault."""
    confirmed = []
    for delivery in deliveries:
        try:
            confirmed.append(confirm_delivery(delivery, by=by, on=on))
        except Refusal as refusal:
            raise Refusal(f"{delivery}: {refusal.sentence}") from refusal
    return confirmed


def settle(delivery: Delivery, *, by: User, on: date, why: str) -> None:
    """Write that it is confirmed, by compare-and-set, whoever was asked before."""
    change_state(delivery, State.DELIVERED, to=State.CONFIRMED, confirmed_by=by, confirmed_on=on, confirmed_why=why)
    record_deed("delivery.confirmed", delivery, by=by, why=why)


@transaction.atomic
def cancel_delivery(delivery: Delivery, *, why: str, by: User, on: date, notice_on: date | None = None) -> Delivery:
    """Planned support will not take place: what it had booked is free again. Notice counts from `notice_on`, or now."""
    check_may_take_back(delivery, by)
    cancel(delivery, (State.PLANNED,), "delivery.cancelled", by=by, why=why, on=notice_on or on)
    return delivery


@transaction.atomic
def withdraw_delivery(delivery: Delivery, *, why: str, by: User, on: date) -> Delivery:
    """Take back delivered or confirmed support, which is never edited. Raises Refusal while an invoice holds it."""
    now = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if now.state == State.CONFIRMED and not by.may("support.confirm_for_school"):
        raise Refusal("The school has confirmed this. Ask the team leader to withdraw it.")
    check_may_take_back(delivery, by)
    check_is_not_invoiced(delivery)
    cancel(delivery, (State.DELIVERED, State.CONFIRMED), "delivery.withdrawn", by=by, why=why, on=on)
    close_dispute(delivery, Dispute.Outcome.WITHDRAWN, why, by=by, on=on)
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
    record_deed("delivery.priced", delivery, by=by, pence=pence)
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


def check_is_for_the_broker(delivery: Delivery, *, on: date) -> None:
    """Raise Refusal while the school disputes it, or can still answer: a broker is no short cut (M1)."""
    if delivery.disputes.open().exists():
        raise Refusal("The school disputes this. Settle the dispute instead: it leads to the same page.")
    if sentence := broker_must_wait(delivery, on=on):
        raise Refusal(sentence)


def close_dispute(delivery: Delivery, outcome: str, resolution: str, *, by: User, on: date) -> None:
    """Settle the open dispute about a delivery, where there is one; the champion and the school get a mail."""
    for dispute in delivery.disputes.open():
        values = {"outcome": outcome, "resolution": resolution, "resolved_by": by, "resolved_on": on}
        if delivery.disputes.open().filter(pk=dispute.pk).update(**values):
            dispute.refresh_from_db()
            record("dispute.resolved", dispute, by=by, school_urn=delivery.school_id, outcome=outcome)
            tell_of_resolution(dispute)


def has_a_part_in(delivery: Delivery, person: User) -> bool:
    """Whether this person gave it or recorded it, so that somebody else must confirm it (M1)."""
    return has_given(delivery, person) or has_recorded(delivery, person)


def has_given(delivery: Delivery, person: User) -> bool:
    """Whether this person is its adviser or its champion."""
    return person.pk in {delivery.adviser_id, delivery.champion.user_id if delivery.champion else None}


def has_recorded(delivery: Delivery, person: User) -> bool:
    """Whether this person said that it took place, whoever gave it: logged it or a champion's part in it, or wrote
    the first note of a visit.

    Reads the trail, and visits' notes by their reverse name, importing nothing.
    """
    said = Event.objects.filter(subject=f"delivery:{delivery.pk}", verb__in=SAID_SO, by=person)
    wrote_the_note = Q(visit__notes__version=1, visit__notes__shared_by=person)
    return Delivery.objects.filter(Exists(said) | wrote_the_note, pk=delivery.pk).exists()


def check_may_take_back(delivery: Delivery, by: User) -> None:
    """Raise Refusal for somebody outside the team, unless it is a day of that champion's own deployment."""
    if by.is_council_staff:
        return
    if delivery.service.is_visit:
        raise Refusal("Only the team takes a visit back. Ask your adviser.")
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


def cancel(delivery: Delivery, states: tuple[str, ...], verb: str, *, by: User, why: str, on: date) -> None:
    """Write that it is cancelled, since a day, and take back what was allowed for it."""
    if not why.strip():
        raise Refusal("Say why.", field="why")
    change_state(delivery, *states, to=State.CANCELLED, cancelled_why=why, cancelled_on=on)
    record_deed(verb, delivery, by=by, why=why)
    take_room_back(delivery, why=why, by=by)
