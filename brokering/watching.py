"""How far deployments are: their days, and what of them runs out; any number of them in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from brokering.days_used import Deployed, used_days
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.council.models import Council
from sidebyside.years import AcademicYear
from support.balances import SchoolBalances, balances_of
from support.capacity import with_capacity
from support.free_days import Capacity
from support.models import Delivery, Deployment, Lending
from support.models.champions import ChampionQuerySet
from support.models.deployments import DeploymentQuerySet
from support.warnings import Caution, Limits, Running, of_champion, of_deployment
from support.watched import GIVEN, limits_of, pool_warnings

WAS_AGREED = (Deployment.State.AGREED, Deployment.State.ENDED)
KEPT = 600  # seconds that a home page may count pools by; the page of pools itself always looks
NAMES = {
    "champion_name": F("champion__name"),
    "champion_code": F("champion__code"),
    "kind_code": F("champion_type__code"),
    "school_name": F("school__name"),
}
COLUMNS = ("pk", "school_id", "starts_on", "ends_on", "state", "half_days_agreed", "successor_id", *NAMES)


@dataclass(frozen=True)
class Watched:
    """A warning, what it is about, and where that is."""

    name: str
    url: str
    caution: Caution


@dataclass(frozen=True)
class PoolsOfASchool:
    """A school's balances, and what of them runs out."""

    found: SchoolBalances
    cautions: tuple[Caution, ...]


def deployments_of(user: User, year: AcademicYear) -> DeploymentQuerySet:
    """The deployments of a year that were agreed, among those that a person may see; by their first day (S10)."""
    within = Q(starts_on__gte=year.first_day, starts_on__lte=year.last_day)
    return Deployment.objects.visible_to(user).filter(within, state__in=WAS_AGREED)


def deployed(deployments: QuerySet[Deployment], *, on: date) -> list[Deployed]:
    """These deployments with their days; in one query, whose only join to many rows is that of the deliveries."""
    lending = Lending.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=OuterRef("starts_on")),
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("starts_on")),
        champion=OuterRef("champion"),
    )
    home = {
        "home_urn": Coalesce(
            Subquery(lending.values("school")[:1]), F("champion__home_school"), output_field=IntegerField()
        ),
        "home_name": Coalesce(Subquery(lending.values("school__name")[:1]), F("champion__home_school__name")),
    }
    rows = deployments.order_by().annotate(**NAMES, **home).values(*COLUMNS, *home)
    sums = {
        "booked": Sum("deliveries__half_days", filter=Q(deliveries__state=Delivery.State.PLANNED), default=0),
        "delivered": Sum("deliveries__half_days", filter=Q(deliveries__state__in=GIVEN), default=0),
        "confirmed": Sum("deliveries__half_days", filter=Q(deliveries__state=Delivery.State.CONFIRMED), default=0),
        "last": Max("deliveries__happens_on", filter=~Q(deliveries__state=Delivery.State.CANCELLED)),
    }
    return [_deployed(row, on) for row in rows.annotate(**sums).order_by("starts_on", "pk")]


def _deployed(row: dict[str, Any], on: date) -> Deployed:
    is_open = row["state"] == Deployment.State.AGREED and row["ends_on"] >= on
    used = used_days(
        row["half_days_agreed"],
        booked=row["booked"],
        delivered=row["delivered"],
        confirmed=row["confirmed"],
        is_open=is_open,
        is_moved=row["successor_id"] is not None,
    )
    return Deployed(
        row["pk"], row["champion_name"], row["champion_code"], row["kind_code"], row["school_name"], row["school_id"],
        row["home_name"], row["home_urn"], row["starts_on"], row["ends_on"], is_open, used, row["last"],
    )  # fmt: skip


def running_out(rows: Iterable[Deployed], council: Council, *, on: date) -> list[Watched]:
    """What to say of these deployments on a day, the most pressing first, and of those the first to end."""
    limits, found = limits_of(council), []
    for row in sorted(rows, key=lambda row: (row.ends_on, row.name, row.pk)):
        url = reverse("deployment_detail", args=[row.pk])
        found += [Watched(row.name, url, caution) for caution in _cautions(row, limits, on)]
    return sorted(found, key=lambda watched: watched.caution.kind)


def _cautions(row: Deployed, limits: Limits, on: date) -> list[Caution]:
    if not row.is_open:
        return []
    used = row.used
    running = Running(row.starts_on, row.ends_on, used.agreed, used.delivered, used.booked, row.last_day_of_it)
    return of_deployment(running, limits, on=on)


def over_used(champions: ChampionQuerySet, year: AcademicYear, *, on: date) -> list[Watched]:
    """Which of these champions give more in a year than was agreed with their home schools, by name; in one query.

    Of a year that is over nobody can be told anything any more.
    """
    if year.last_day < on:
        return []
    columns = ("name", "code", "half_days_agreed", "half_days_delivered", "half_days_booked", "half_days_committed")
    rows: Any = with_capacity(champions, year=year, on=max(on, year.first_day))
    over = rows.filter(half_days_free__lt=0).order_by("name", "code")
    found = []
    for name, code, agreed, delivered, booked, committed, home in over.values_list(*columns, "lent_by_name"):
        if caution := of_champion(Capacity(agreed, delivered, booked, committed, home_school=home)):
            found.append(Watched(name, reverse("champion_detail", args=[code]), caution))
    return found


def pools_running_out(user: User, council: Council, *, on: date) -> list[PoolsOfASchool]:
    """The schools whose days run out, by name; in five queries (O5)."""
    schools = School.objects.visible_to(user).state_funded().of_authority(council.authority_code).open_on(on)
    limits = limits_of(council)
    balances = balances_of(schools.order_by("name", "urn"), on=on)
    found = (PoolsOfASchool(each, tuple(pool_warnings(each, limits))) for each in balances.values())
    return [each for each in found if each.cautions]


def count_of_pools(user: User, council: Council, *, on: date) -> int:
    """How many schools run out of days, as it was some minutes ago at most: a home page cannot ask each time.

    For those who see all schools: the number is the same for all of them.
    """
    key = f"pools-running-out-{on}"
    return int(cache.get_or_set(key, lambda: len(pools_running_out(user, council, on=on)), timeout=KEPT) or 0)
