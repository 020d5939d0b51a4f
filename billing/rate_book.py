"""Reads every dated rate that prices need, in one query."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db.models import CharField, DecimalField, Expression, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from billing.charges import Rates
from billing.models import BrokerageRate, ChargeBand, VatRate
from support.models import DayRate

AMOUNT: DecimalField = DecimalField(max_digits=12, decimal_places=2)
DAY_RATE, VAT = "day rate ", "vat "


def rate_book() -> Rates:
    """All rates, oldest first."""
    found: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for kind, starts_on, amount in _rows():
        found[kind].append((starts_on, amount))
    day_rates = {
        kind.removeprefix(DAY_RATE): [(starts_on, int(amount)) for starts_on, amount in rows]
        for kind, rows in found.items()
        if kind.startswith(DAY_RATE)
    }
    vat = {treatment: found[VAT + treatment] for treatment in VatRate.Treatment.values}
    return Rates(day_rates=day_rates, bands=found["band"], brokerage=found["brokerage"], vat=vat)


def _rows() -> QuerySet:
    """Day rates, bands, brokerage and VAT together. Day rates come first: their column has room for the others."""

    def columns(rows: QuerySet, kind: Expression, amount: str = "percent") -> QuerySet:
        return (
            rows.order_by().annotate(kind=kind, amount=Cast(amount, AMOUNT)).values_list("kind", "starts_on", "amount")
        )

    day_rates = columns(DayRate.objects.all(), Concat(Value(DAY_RATE), F("champion_type__code")), "rate")
    bands = columns(ChargeBand.objects.all(), Value("band", CharField()))
    brokerage = columns(BrokerageRate.objects.all(), Value("brokerage", CharField()))
    vat = columns(VatRate.objects.all(), Concat(Value(VAT), F("treatment")))
    return day_rates.union(bands, brokerage, vat, all=True).order_by("starts_on")
