"""Planning, moving and cancelling a visit (V1); support checks the school's days and the allowance (O8, O13)."""

from __future__ import annotations

from datetime import date, time

from django.db import transaction

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.confirming import cancel_delivery
from support.actions.deliveries import move_delivery, plan_delivery
from support.beyond import Answer, BeyondAllowance
from support.models import Delivery, Service
from visits.letters import tell_school
from visits.models import Visit


@transaction.atomic
def plan_visit(
    school: School,
    *,
    service: Service,
    happens_on: date,
    adviser: User,
    by: User,
    on: date,
    starts_at: time | None = None,
    mode: str = Visit.Mode.IN_SCHOOL,
    answer: Answer | None = None,
) -> Visit:
    """Plan a visit, which books its delivery in the same deed, and write to the school when the day is to come.

    Raises Refusal for a school that is not open that day or outside the offer, for the same visit twice on one day,
    and for a New to Headship visit without an appointment that earns it (O8); `BeyondAllowance` beyond the allowance.
    """
    if not service.is_visit:
        raise Refusal(f"{service} is not planned as a visit.", field="service")
    _check_adviser(adviser)
    _check_is_the_only_one(school, service, happens_on)
    try:
        delivery = plan_delivery(
            school, service=service, happens_on=happens_on, adviser=adviser, by=by, on=on, answer=answer
        )
    except BeyondAllowance as beyond:
        if service.is_for_new_heads:
            raise Refusal(
                f"No new headteacher’s appointment earns a {service} on {happens_on:%-d %B %Y}, or its visit is used "
                "already. Record the appointment first, or plan another visit.",
                field="service",
            ) from None
        raise beyond
    visit = Visit.objects.create(delivery=delivery, starts_at=starts_at, mode=mode)
    if happens_on >= on:
        tell_school(visit, "visit_planned", cause=f"visit-planned-{visit.pk}", subject=_subject(visit), on=on)
    return visit


@transaction.atomic
def move_visit(
    visit: Visit,
    *,
    happens_on: date,
    why: str,
    by: User,
    on: date,
    starts_at: time | None = None,
    mode: str = Visit.Mode.IN_SCHOOL,
    answer: Answer | None = None,
) -> Visit:
    """Give a planned visit another day, time or place, and write to the school. Raises as `plan_visit` does."""
    if not why.strip():
        raise Refusal("Say why it moves.", field="reason")
    delivery, moved_from = visit.delivery, visit.delivery.happens_on
    if happens_on != moved_from:
        _check_is_the_only_one(delivery.school, delivery.service, happens_on)
    move_delivery(delivery, happens_on=happens_on, by=by, on=on, why=why, answer=answer)
    visit.starts_at, visit.mode = starts_at, mode
    visit.save(update_fields=["starts_at", "mode"])
    cause = f"visit-moved-{_last_event(delivery).pk}"
    tell_school(visit, "visit_moved", cause=cause, subject=f"Moved: {_subject(visit)}", on=on, moved_from=moved_from)
    return visit


@transaction.atomic
def cancel_visit(visit: Visit, *, why: str, notice_on: date, by: User, on: date) -> Visit:
    """Call a planned visit off, with the reason and the day on which that was said; the school gets a mail (V1)."""
    if notice_on > on:
        raise Refusal("Notice was given today or before.", field="notice_on")
    cancel_delivery(visit.delivery, why=why, by=by, on=on, notice_on=notice_on)
    visit.notice_on = notice_on
    visit.save(update_fields=["notice_on"])
    subject = f"Cancelled: {_subject(visit)}"
    tell_school(visit, "visit_cancelled", cause=f"visit-cancelled-{visit.pk}", subject=subject, on=on)
    return visit


def _check_adviser(adviser: User) -> None:
    if not adviser.may("visits.log_visit"):
        raise Refusal(f"{adviser} is not an adviser.", field="adviser")


def _check_is_the_only_one(school: School, service: Service, happens_on: date) -> None:
    """Pressing twice plans one visit. Locks the school's row against a second writer, as booking does."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    same = Delivery.objects.counting().filter(school=school, service=service, happens_on=happens_on)
    if same.exists():
        raise Refusal(
            f"{school} has a {service} on {happens_on:%-d %B %Y} already. Open that one, or choose another day.",
            field="happens_on",
        )


def _subject(visit: Visit) -> str:
    delivery = visit.delivery
    return f"{delivery.service} on {delivery.happens_on:%-d %B %Y}: {delivery.school}"


def _last_event(delivery: Delivery) -> Event:
    """What has just been written down of this delivery: the cause of the mail about it."""
    return Event.objects.filter(subject=f"delivery:{delivery.pk}").order_by("-id")[0]
