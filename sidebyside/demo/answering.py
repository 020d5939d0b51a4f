"""What schools have not answered yet: a day that a head disputes, one that a school is silent about, days booked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from schools.models import School
from sidebyside.demo.source import school_days, urn_of
from sidebyside.demo.world import World
from sidebyside.refusals import Refusal
from sidebyside.working_days import working_days_before
from support.actions.booking import book_days
from support.actions.deliveries import log_delivery
from support.actions.disputing import dispute_delivery
from support.models import Delivery, Deployment
from support.silence import remind_of_unconfirmed

SILENT = (18, 60)  # days ago, at least and at most
AHEAD = (12, 50)  # days from now on
REASON = "She was with us for the morning only: the afternoon was moved to another week."


def leave_open(world: World) -> None:
    """As it is in any week: something is disputed, somebody is silent, and days are booked."""
    for whose in ("head", "academy"):
        school = School.objects.get(pk=urn_of(whose))
        for deployment in Deployment.objects.running_on(world.until).filter(school=school).order_by("pk")[:1]:
            _book_ahead(world, deployment)
            _stay_silent(world, deployment)
    _dispute(world, School.objects.get(pk=urn_of("academy")))
    cache.delete("council")
    last_work = working_days_before(world.until + timedelta(days=2), 1)  # nobody is reminded on a day off
    remind_of_unconfirmed(now=timezone.make_aware(datetime.combine(last_work, time(7))))


def _book_ahead(world: World, deployment: Deployment) -> None:
    first, last = (world.until + timedelta(days=days) for days in AHEAD)
    free = _free_days(deployment, first, min(last, deployment.ends_on))[:2]
    by = deployment.champion.user or world.person("broker")
    _unless_refused(lambda: book_days(deployment, days=free, half_days=1, by=by, on=world.until))


def _stay_silent(world: World, deployment: Deployment) -> None:
    first, last = (world.until - timedelta(days=days) for days in reversed(SILENT))
    by = deployment.champion.user or world.person("broker")
    words: dict[str, Any] = {
        "summary": "Planned the next half term with the phase leaders.",
        "next_step": "Share the plan.",
    }
    free = _free_days(deployment, max(first, deployment.starts_on), last)
    if free:
        _unless_refused(lambda: log_delivery(deployment, happens_on=free[-1], half_days=1, by=by, on=free[-1], **words))


def _dispute(world: World, school: School) -> None:
    waiting = Delivery.objects.awaiting_confirmation().filter(school=school, champion__isnull=False)
    for delivery in waiting.order_by("happens_on", "pk")[:1]:
        dispute_delivery(delivery, reason=REASON, by=world.heads[school.pk], on=world.until)


def _free_days(deployment: Deployment, first: date, last: date) -> list[date]:
    there = Delivery.objects.counting().filter(champion=deployment.champion_id, happens_on__range=(first, last))
    taken = set(there.values_list("happens_on", flat=True))
    return [day for day in school_days(first, last) if day not in taken]


def _unless_refused(act: Callable[[], Any]) -> None:
    """On an awkward day of the year there is no day, or nothing left: then there is nothing to show."""
    try:
        act()
    except Refusal:
        return
