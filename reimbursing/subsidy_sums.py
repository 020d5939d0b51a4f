"""The sums behind the subsidy: grouped by the database, so that a year's sixty thousand days become some rows (M16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Expression,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, ExtractYear

from billing.models import InvoiceLine, RunItem, RunLine
from reimbursing.facts import with_champion
from reimbursing.models import StatementLine
from schools.models import TrustMembership
from schools.sectors import ACADEMY_TYPES, MAINTAINED_TYPES
from sidebyside.years import Period
from support.models import Delivery, Lending

COST, INCOME, BROKERAGE = "cost", "income", "brokerage"
NO_TRUST = "No trust"
NOBODY, NO_HOME = 0, -1  # a home school without rates of its own; no home school on that day


class By(StrEnum):
    """What the sums are grouped by: the supported school, its trust on the day, the champion's type, the year."""

    SCHOOL = "school"
    TRUST = "trust"
    TYPE = "type"
    YEAR = "year"


@dataclass(frozen=True)
class Columns:
    """Where a table keeps the supported school, the day and the champion's type."""

    school: str
    day: str
    kind: str

    def of(self, by: By) -> tuple[Expression, Expression]:
        """Key and label of a group, both as text."""
        if by == By.SCHOOL:
            return _text(F(self.school)), _text(F(f"{self.school}__name"))
        if by == By.TRUST:
            return self._trust("trust", "0"), self._trust("trust__name", NO_TRUST)
        return (_text(F(self.kind)),) * 2 if by == By.TYPE else (_text(self.financial_year),) * 2

    @property
    def financial_year(self) -> Expression:
        """The calendar year in which the day's financial year begins."""
        before = Case(When(**{f"{self.day}__month__lt": 4}, then=Value(1)), default=Value(0))
        return ExtractYear(self.day) - before

    def _trust(self, field: str, otherwise: str) -> Expression:
        held = TrustMembership.objects.filter(
            Q(joined_on__isnull=True) | Q(joined_on__lte=OuterRef(self.day)),
            Q(left_on__isnull=True) | Q(left_on__gte=OuterRef(self.day)),
            school=OuterRef(self.school),
        )
        found = Subquery(held.order_by("joined_on").values(field)[:1])
        return Coalesce(_text(found), Value(otherwise))


def _text(expression: Any) -> Expression:
    return Cast(expression, CharField())


OF_STATEMENTS = Columns("supported", "delivered_on", "champion_type")
OF_CHARGES = Columns("school", "delivered_on", "delivery__champion_type__code")
OF_DELIVERIES = Columns("school", "happens_on", "given_as")


class Booked(NamedTuple):
    """What statements or invoices hold of a group: half days and pence."""

    kind: str
    key: str
    label: str
    half_days: int
    amount: int


def booked(by: By, period: Period) -> Iterator[Booked]:
    """What is on statements, on invoices and in runs, less what was credited; one query."""
    between = (period.first_day, period.last_day)
    stated = StatementLine.objects.standing().filter(delivered_on__range=between)
    charged = RunLine.objects.exclude(item__state=RunItem.State.GIVEN_UP).filter(
        delivered_on__range=between, delivery__champion__isnull=False
    )
    credited = InvoiceLine.objects.filter(
        delivered_on__range=between, delivery__champion__isnull=False, invoice__kind="credit note"
    )
    parts = [_grouped(stated, OF_STATEMENTS, by, COST, Sum("half_days"), Sum("amount"))]
    for kind, unit in ((INCOME, "days"), (BROKERAGE, "")):
        parts.append(_grouped(charged.filter(unit=unit), OF_CHARGES, by, kind, Sum("half_days"), Sum("net")))
        less = (-Sum("half_days"), -Sum("net"))
        parts.append(_grouped(credited.filter(unit=unit), OF_CHARGES, by, kind, *less))
    first, *others = parts
    return (Booked(*row) for row in first.union(*others, all=True))


def _grouped(rows: QuerySet, columns: Columns, by: By, kind: str, days: Expression, amount: Expression) -> QuerySet:
    key, label = columns.of(by)
    named = rows.order_by().annotate(x_kind=Value(kind, CharField()), x_key=key, x_label=label)
    return (
        named.values("x_kind", "x_key", "x_label")
        .annotate(x_days=days, x_amount=amount)
        .values_list("x_kind", "x_key", "x_label", "x_days", "x_amount")
    )


class Open(NamedTuple):
    """Deliveries that are alike in everything that decides what is still to be stated or charged for one of them."""

    key: str
    label: str
    champion_type: str
    champion_service: str | None
    service: str
    service_name: str
    unit: str
    is_own_service: bool
    is_visit: bool
    is_for_new_heads: bool
    funding: str
    agreed_price: int | None
    is_academy: bool
    is_maintained: bool
    is_taken: bool
    school: int
    home: int
    epoch: int
    true: int
    stated: int
    on: date
    deliveries: int


def still_open(
    by: By, period: Period, *, breaks: Sequence[date], own_rates: Iterable[int], apart: bool
) -> Iterator[Open]:
    """What is to be stated or charged yet, in one query; between two `breaks` no rate, band or offer changes.

    `own_rates` are the home schools with rates of their own, `apart` whether the offer's price depends on the school.
    """
    key, label = OF_DELIVERIES.of(by)
    rows = (
        with_champion(Delivery.objects.filter(happens_on__range=(period.first_day, period.last_day)))
        .order_by()
        .filter(given_by__isnull=False)
        .annotate(
            x_stated=Coalesce(Subquery(_stated()), 0),
            x_true=Case(When(state=Delivery.State.CONFIRMED, has_champion=True, then="half_days"), default=0),
            x_taken=Exists(RunLine.objects.standing().filter(delivery=OuterRef("pk"), unit="days")),
            x_academy=_in(ACADEMY_TYPES),
            x_maintained=_in(MAINTAINED_TYPES),
        )
    )
    to_charge = Q(x_taken=False, x_academy=True) | Q(x_maintained=True, funding=Delivery.Funding.BOUGHT)
    some = rows.filter(~Q(x_stated=F("x_true")) | to_charge & Q(x_true__gt=0))
    named = some.annotate(
        x_key=key,
        x_label=label,
        x_own=Case(When(service__champion_type__isnull=False, then=True), default=False),
        x_school=Cast("school", IntegerField()) if apart else Value(0, IntegerField()),
        x_lent_by=Coalesce(Subquery(_lent_by(), IntegerField()), NO_HOME),
        x_home=Case(
            When(x_lent_by=NO_HOME, then=NO_HOME), When(x_lent_by__in=list(own_rates), then="x_lent_by"), default=NOBODY
        ),
        x_epoch=_epoch(breaks),
    )
    names = (
        *("x_key", "x_label", "given_as", "champion_type__service__code", "service__code", "service__name"),
        *("service__unit", "x_own", "service__is_visit", "service__is_for_new_heads", "funding", "agreed_price"),
        *("x_academy", "x_maintained", "x_taken", "x_school", "x_home", "x_epoch", "x_true", "x_stated"),
    )
    return (Open(*row) for row in named.values_list(*names).annotate(x_on=Min("happens_on"), x_count=Count("pk")))


def _stated() -> QuerySet:
    lines = StatementLine.objects.standing().filter(delivery=OuterRef("pk")).order_by()
    return lines.values("delivery").annotate(x=Sum("half_days")).values("x")


def _in(types: Iterable[str]) -> Case:
    return Case(When(school__type_code__in=sorted(types), then=True), default=False)


def _lent_by() -> QuerySet:
    """The home school of the day: the latest agreement that holds."""
    held = Lending.objects.on(OuterRef("happens_on")).filter(champion=OuterRef("given_by"))  # type: ignore[arg-type]
    return held.order_by(F("starts_on").desc(nulls_last=True)).values("school")[:1]


def _epoch(breaks: Sequence[date]) -> Expression:
    """Between which two breaks a day lies."""
    ordered = sorted(breaks, reverse=True)
    whens = [When(happens_on__gte=day, then=Value(place)) for place, day in enumerate(ordered, start=1)]
    return Case(*whens, default=Value(0))
