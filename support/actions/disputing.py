"""A school says that a delivery was not as it stands there; the broker settles it (M1)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal
from support.actions.confirming import (
    cancel,
    check_is_not_invoiced,
    close_dispute,
    has_given,
    has_recorded,
    settle,
)
from support.actions.shortening import shorten_delivery
from support.letters import tell_of_dispute
from support.models import Delivery, Dispute

State, Outcome = Delivery.State, Dispute.Outcome


@transaction.atomic
def dispute_delivery(delivery: Delivery, *, reason: str, by: User, on: date) -> Dispute:
    """The supported head says what is wrong with it: it is neither confirmed nor charged until the broker settles it.

    Raises Refusal for anybody else, for who gave or recorded it, without a reason, and for what does not wait for an
    answer any more or is disputed already.
    """
    is_own_school = School.objects.visible_to(by).filter(pk=delivery.school_id).exists()
    if by.is_council_staff or not by.may("support.confirm_delivery") or not is_own_school:
        raise Refusal("Only the supported school disputes this.")
    if has_given(delivery, by) or has_recorded(delivery, by):
        raise Refusal("You gave or recorded this yourself, so somebody else at the school must answer for it.")
    if not reason.strip():
        raise Refusal("Say what is wrong.", field="why")
    _lock(delivery)
    try:
        with transaction.atomic():
            dispute = Dispute.objects.create(delivery=delivery, reason=reason, raised_by=by, raised_on=on)
    except IntegrityError:
        raise Refusal("This is disputed already. The council’s team is looking into it.") from None
    record("dispute.raised", dispute, by=by, school_urn=delivery.school_id, delivery=delivery.pk)
    tell_of_dispute(dispute)
    return dispute


@transaction.atomic
def resolve_dispute(
    dispute: Dispute, *, outcome: str, resolution: str, by: User, on: date, half_days: int | None = None
) -> Dispute:
    """The broker decides: it stands, or was shorter (`half_days`), and is confirmed; or it is cancelled.

    Both sides read the resolution. Raises Refusal without one, for who gave or recorded it, and when it is settled.
    """
    if not by.may("support.resolve_dispute"):
        raise Refusal("Only the team leader settles a dispute.")
    if not resolution.strip():
        raise Refusal("Say how you settled it. The school and the champion read it.", field="resolution")
    delivery = _lock(dispute.delivery)
    if has_given(delivery, by) or has_recorded(delivery, by):
        raise Refusal("You gave or recorded this yourself, so a colleague must settle it.")
    if not Dispute.objects.open().filter(pk=dispute.pk).exists():
        raise Refusal("This dispute is settled already. Nothing was changed.")
    if outcome == Outcome.WITHDRAWN:
        check_is_not_invoiced(delivery)
        cancel(delivery, (State.DELIVERED,), "delivery.withdrawn", by=by, why=resolution, on=on)
    else:
        if outcome == Outcome.SHORTENED:
            shorten_delivery(delivery, half_days=half_days or 0, why=resolution, by=by, on=on)
        settle(delivery, by=by, on=on, why=resolution)
    close_dispute(delivery, outcome, resolution, by=by, on=on)
    dispute.refresh_from_db()
    return dispute


def _lock(delivery: Delivery) -> Delivery:
    """The delivery as it stands, held until this deed is done. Raises Refusal when it does not wait for an answer."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("service", "champion", "school")
    now = rows.get(pk=delivery.pk)
    if now.state != State.DELIVERED:
        raise Refusal(f"This is {now.get_state_display().lower()} already. Nothing was changed.")
    return now
