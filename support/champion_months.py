"""What stands on the days of a champion's month, as much of it as somebody may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.council.models import HalfTerm
from sidebyside.months import Mark, Month
from sidebyside.working_days import bank_holiday
from support.models import Champion, Delivery, Deployment, Lending
from support.sight import Sight

ELSEWHERE = "Another school"
LENGTHS = {0: "", 1: ", half a day", 2: ", a whole day"}
COLOURS: Mapping[str, str] = {"planned": "blue", "delivered": "yellow", "confirmed": "green", "proposed": "light-blue"}
CAME_ABOUT = (Deployment.State.PROPOSED, Deployment.State.AGREED, Deployment.State.ENDED)
Marks = dict[date, list[Mark]]


def marks_of(champion: Champion, month: Month, *, user: User, sight: Sight) -> Marks:
    """Bank holidays, half terms, first and last days of deployments, and days booked and given, by date.

    A day at a school that is neither this person's own nor lent for by it says only that the champion is elsewhere.
    Three queries.
    """
    found: Marks = defaultdict(list)
    _mark_the_year(found, month)
    sees_all = sight.is_team or sight.is_own
    for deployment in _deployments(champion, month, user):
        if sees_all or deployment.is_own_school or sight.is_home:
            _mark_bounds(found, deployment, month, links=sees_all or deployment.is_own_school)
    for delivery in _deliveries(champion, month, user):
        is_open = sees_all or delivery.is_own_school
        found[delivery.happens_on].append(_day(delivery, links=is_open, is_named=is_open or delivery.is_lent_by_own))
    return found


def _mark_the_year(found: Marks, month: Month) -> None:
    """What day it is for everybody: bank holidays, and where half terms begin and end."""
    day = month.first_day
    while day in month:
        if name := bank_holiday(day):
            found[day].append(Mark(name, is_quiet=True))
        day += timedelta(days=1)
    for term in HalfTerm.objects.filter(first_day__lte=month.last_day, last_day__gte=month.first_day):
        for day, what in ((term.first_day, "begins"), (term.last_day, "ends")):
            if day in month:
                found[day].append(Mark(f"{term.name} {what}", is_quiet=True))


def _deployments(champion: Champion, month: Month, user: User) -> QuerySet[Any]:
    within = (month.first_day, month.last_day)
    bounds = Q(starts_on__range=within) | Q(ends_on__range=within)
    own = Exists(_own(user))
    rows = champion.deployments.filter(bounds, state__in=CAME_ABOUT).annotate(is_own_school=own)
    return rows.select_related("school").order_by("starts_on", "pk")


def _deliveries(champion: Champion, month: Month, user: User) -> QuerySet[Any]:
    rows = champion.deliveries.counting().filter(happens_on__range=(month.first_day, month.last_day))
    lent = Lending.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=OuterRef("happens_on")),
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("happens_on")),
        champion=champion, school__in=School.objects.visible_to(user),
    )  # fmt: skip
    rows = rows.annotate(is_own_school=Exists(_own(user)), is_lent_by_own=Exists(lent))
    return rows.select_related("school").order_by("happens_on", "pk")


def _own(user: User) -> QuerySet[School]:
    return School.objects.visible_to(user).filter(pk=OuterRef("school"))


def _mark_bounds(found: Marks, deployment: Deployment, month: Month, *, links: bool) -> None:
    url = deployment.get_absolute_url() if links else ""
    is_proposed = deployment.state == Deployment.State.PROPOSED
    tag = deployment.get_state_display() if is_proposed else ""
    for day, what in ((deployment.starts_on, "begins"), (deployment.ends_on, "ends")):
        if day in month:
            text = f"Deployment at {deployment.school} {what}"
            found[day].append(Mark(text, url, tag, COLOURS.get(deployment.state, "grey")))


def _day(delivery: Delivery, *, links: bool, is_named: bool) -> Mark:
    length = LENGTHS.get(delivery.half_days, "")
    if not is_named:
        return Mark(f"{ELSEWHERE}{length}")
    url = reverse("delivery_detail", args=[delivery.pk]) if links else ""
    state = "To be confirmed" if delivery.state == Delivery.State.DELIVERED else delivery.get_state_display()
    return Mark(f"{delivery.school}{length}", url, state, COLOURS[delivery.state])
