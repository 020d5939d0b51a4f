"""A school that stays silent about a champion's day is reminded once; from then on the broker may confirm it (M1)."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from schools.models import School
from sidebyside.council.models import displayed_council
from sidebyside.working_days import is_working_day, working_days_after, working_days_before
from support.letters import write
from support.models import ConfirmationReminder, Delivery
from support.models.deliveries import DeliveryQuerySet
from support.people import confirmers_at, emails_at

log = logging.getLogger(__name__)


def remind_of_unconfirmed(*, now: datetime) -> int:
    """Remind each school of the days that it has been silent about for long enough; returns how many days.

    On working days only; one query when nothing is due. Each school in a transaction of its own; a day is reminded of
    once.
    """
    council, on = displayed_council(), localdate(now)
    if council is None or not is_working_day(on):
        return 0
    due = silent_since(on, working_days=council.silent_after_days)
    schools = list(due.order_by("school").values_list("school", flat=True).distinct())
    return sum(_try(urn, on, council.silent_after_days) for urn in schools)


def silent_since(on: date, *, working_days: int) -> DeliveryQuerySet:
    """What has waited so many working days since its day, or since it was logged later, and nobody was reminded of.

    Of champions' own days only: a visit has its note, and a meeting its minutes. What is disputed waits for the broker.
    """
    last = working_days_before(on, working_days)
    waiting = Delivery.objects.awaiting_confirmation().filter(
        Q(logged_on__isnull=True) | Q(logged_on__lte=last),
        happens_on__lte=last,
        champion__isnull=False,
        service__is_visit=False,
        reminder__isnull=True,
    )
    return waiting.undisputed()


def broker_must_wait(delivery: Delivery, *, on: date) -> str:
    """Why a broker may not confirm this for the school yet, in a sentence; empty when they may.

    Where nobody signs in for the school there is nobody to wait for; a visit or a meeting waits for no reminder.
    """
    if delivery.champion_id is None or delivery.service.is_visit:
        return ""
    if ConfirmationReminder.objects.filter(delivery=delivery).exists():
        return ""
    if not confirmers_at([delivery.school], on=on):
        return ""
    council = displayed_council()
    logged = max(day for day in (delivery.happens_on, delivery.logged_on) if day)
    due = max(on, working_days_after(logged, council.silent_after_days) if council else on)
    return (
        f"{delivery.school} can still answer. If it is silent, it is reminded by mail on {due:%-d %B %Y}, and from "
        "then on you may confirm it with a reason."
    )


def _try(urn: int, on: date, working_days: int) -> int:
    """One school's reminder; what goes wrong with it stops no other, and is tried again with the next sweep."""
    try:
        with transaction.atomic():
            return _remind(School.objects.select_for_update(no_key=True).get(pk=urn), on, working_days)
    except IntegrityError:
        return 0  # another sweep was quicker
    except Exception:
        log.exception("a reminder to confirm could not be written", extra={"school": urn})
        return 0


def _remind(school: School, on: date, working_days: int) -> int:
    due = silent_since(on, working_days=working_days).filter(school=school)
    deliveries = list(due.select_related("champion", "service").order_by("happens_on", "id"))
    if not deliveries:
        return 0
    count = len(deliveries)
    mail = write(
        f"confirmation-reminder-{deliveries[0].pk}",
        to=emails_at(school, on=on),
        subject=f"Please confirm {count} {'day' if count == 1 else 'days'} of support at {school}",
        template="confirmation_reminder",
        path=reverse("confirmation_list"),
        school=school,
        deliveries=deliveries,
        count=count,
    )
    ConfirmationReminder.objects.bulk_create(
        ConfirmationReminder(delivery=delivery, reminded_on=on, mail=mail) for delivery in deliveries
    )
    return count
