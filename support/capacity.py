"""How much of each champion is left in an academic year, whatever their number in four queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from sidebyside.council.models import HalfTerm
from sidebyside.years import AcademicYear
from support.free_days import Capacity, HalfTermDays
from support.models import Availability, Champion, Delivery, Deployment, Lending
from support.models.champions import ChampionQuerySet

__all__ = [
    "Capacity",
    "HalfTermDays",
    "capacities_of",
    "capacity_of",
    "half_terms_for",
    "half_terms_of",
    "with_capacity",
]

PROMISED = (Deployment.State.PROPOSED, Deployment.State.AGREED)
FIGURES = ("half_days_agreed", "half_days_delivered", "half_days_booked", "half_days_committed", "lent_by_name")


def capacities_of(champions: ChampionQuerySet, *, year: AcademicYear, on: date) -> dict[int, Capacity]:
    """The capacity of each of these champions in a year, by the champion's number.

    `on` says which home school's agreement counts, and which deployments are over.
    """
    terms = half_terms_of(year)
    taken, available = _taken(champions, terms), _available(champions, terms)
    return {
        row["pk"]: _capacity(row, [_share(term, row["pk"], taken, available) for term in terms])
        for row in with_capacity(champions, year=year, on=on).values("pk", *FIGURES)
    }


def capacity_of(champion: Champion, *, year: AcademicYear) -> Capacity:
    """The capacity of one champion of `with_capacity()` in the same year: one query more."""
    return _capacity(vars(champion), half_terms_for(champion, year))


def half_terms_for(champion: Champion, year: AcademicYear) -> list[HalfTermDays]:
    """What one champion said to have in each half term of a year, and what is taken of it, in one query."""
    said = Availability.objects.filter(champion=champion, half_term=OuterRef("pk")).values("half_days")[:1]
    given = Delivery.objects.counting().filter(champion=champion, half_days__gt=0)
    within = given.filter(happens_on__range=(OuterRef("first_day"), OuterRef("last_day")))
    terms = HalfTerm.objects.in_year(year).annotate(said=Subquery(said), taken=_sum_of(within, F("half_days")))
    return [
        HalfTermDays(term.name, term.first_day, term.last_day, taken=term.taken, available=term.said)
        for term in terms.order_by("first_day")
    ]


def _capacity(figures: Mapping[str, Any], terms: Sequence[HalfTermDays]) -> Capacity:
    return Capacity(
        agreed=figures["half_days_agreed"],
        delivered=figures["half_days_delivered"],
        booked=figures["half_days_booked"],
        committed=figures["half_days_committed"],
        home_school=figures["lent_by_name"] or "",
        half_terms=tuple(terms),
    )


def half_terms_of(year: AcademicYear) -> Sequence[HalfTerm]:
    """The half terms of a year, the first one first; empty until somebody has entered them."""
    return list(HalfTerm.objects.in_year(year).order_by("first_day"))


def with_capacity(champions: ChampionQuerySet, *, year: AcademicYear, on: date) -> ChampionQuerySet:
    """… each with `half_days_agreed`, `_delivered`, `_booked`, `_committed`, `_free` and `lent_by_name`.

    `half_days_agreed` and `half_days_free` are None where nothing is agreed; `half_days_free` may be below nought
    here, so that a list can find whoever gives more than was agreed.
    """
    lending = Lending.objects.on(on).filter(champion=OuterRef("pk"))
    given = Delivery.objects.in_year(year).filter(champion=OuterRef("pk"))
    found = champions.noting(
        half_days_agreed=Subquery(lending.values("half_days_a_year")[:1]),
        lent_by_name=Subquery(lending.values("school__name")[:1]),
        half_days_delivered=_sum_of(given.delivered(), F("half_days")),
        half_days_booked=_sum_of(given.filter(state=Delivery.State.PLANNED), F("half_days")),
        half_days_committed=_committed(year, on),
    )
    used = F("half_days_delivered") + F("half_days_booked") + F("half_days_committed")
    return found.noting(half_days_free=F("half_days_agreed") - used)


def _committed(year: AcademicYear, on: date) -> Coalesce:
    """What deployments of the year still promise beyond their own days, each never below nought.

    A deployment stays within one academic year, so its year is that of its first day. Past its last day it is over.
    """
    own = Delivery.objects.counting().filter(deployment=OuterRef("pk")).order_by().values("deployment")
    taken = Coalesce(Subquery(own.annotate(total=Sum("half_days")).values("total")), 0)
    running = Deployment.objects.filter(
        champion=OuterRef("pk"), state__in=PROMISED, starts_on__range=(year.first_day, year.last_day), ends_on__gte=on
    )
    return _sum_of(running, Greatest(F("half_days_agreed") - taken, Value(0), output_field=IntegerField()))


def _sum_of(rows: QuerySet, amount: F | Greatest) -> Coalesce:
    """The sum of an amount over the rows of each champion, nought where there are none."""
    sums = rows.order_by().values("champion").annotate(total=Sum(amount)).values("total")
    return Coalesce(Subquery(sums, output_field=IntegerField()), 0)


def _taken(champions: ChampionQuerySet, terms: Sequence[HalfTerm]) -> Mapping[int, Mapping[str, int]]:
    """The half days delivered and booked of each champion in each half term."""
    if not terms:
        return {}
    counting = Delivery.objects.counting().filter(champion__in=champions.values("pk"), half_days__gt=0)
    within = counting.filter(happens_on__range=(terms[0].first_day, terms[-1].last_day))
    sums = {
        f"of_{term.pk}": Sum("half_days", filter=Q(happens_on__range=(term.first_day, term.last_day)), default=0)
        for term in terms
    }
    rows = within.order_by().values("champion").annotate(**sums)
    return {row["champion"]: cast("Mapping[str, int]", row) for row in rows}


def _available(champions: ChampionQuerySet, terms: Sequence[HalfTerm]) -> Mapping[tuple[int, int], int]:
    rows = Availability.objects.filter(champion__in=champions.values("pk"), half_term__in=[term.pk for term in terms])
    return {(champion, term): said for champion, term, said in rows.values_list("champion", "half_term", "half_days")}


def _share(
    term: HalfTerm, champion: int, taken: Mapping[int, Mapping[str, int]], available: Mapping[tuple[int, int], int]
) -> HalfTermDays:
    used = taken.get(champion, {}).get(f"of_{term.pk}", 0)
    said = available.get((champion, term.pk))
    return HalfTermDays(term.name, term.first_day, term.last_day, taken=used, available=said)
