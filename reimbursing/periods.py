"""The periods that statements are usually made for, to be chosen with one press."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Min

from billing.views.runs import last_month
from sidebyside.council.models import HalfTerm
from sidebyside.years import FinancialYear
from support.models import Delivery


def usual_periods(today: date) -> Iterator[tuple[str, date, date]]:
    """Label, first and last day: months, the half term and the term that ended last, the year, everything so far."""
    yield ("Last month", *last_month(today))
    yield ("This month so far", today.replace(day=1), today)
    yield from _terms(today)
    year = FinancialYear.containing(today)
    yield (f"Financial year {year} so far", year.first_day, today)
    first = Delivery.objects.delivered().filter(champion__isnull=False).aggregate(day=Min("happens_on"))["day"]
    if first and first < year.first_day:
        yield ("Everything so far", first, today)


def _terms(today: date) -> Iterator[tuple[str, date, date]]:
    """A term is half terms of one academic year whose names begin alike: Autumn 1 and Autumn 2."""
    over = list(HalfTerm.objects.filter(last_day__lt=today).order_by("-last_day")[:6])
    if not over:
        return
    last = over[0]
    yield (f"Last half term: {last}", last.first_day, last.last_day)
    terms: dict[tuple[str, int], list[HalfTerm]] = {}
    for each in over:
        terms.setdefault((each.name.split()[0], each.year.start), []).append(each)
    (name, _), halves = next(iter(terms.items()))
    if len(halves) > 1:
        yield (f"Last term: {name} {last.year}", min(each.first_day for each in halves), last.last_day)
