"""Finds what an estimate needs: rates, the offer's rule, who pays, and what is left of the allowance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from billing.charges import Charge, Charged, Free, Held, Rates, in_force, price
from billing.estimates import Estimate, PriceOn, allowed_estimate, estimate_of, stretches_of
from billing.offer_rules import OfferRules
from billing.payers import Payers
from billing.proposing import support_of
from billing.rate_book import rate_book
from schools.models import CategoryEntry, School
from sidebyside.money import percent_of, pounds
from sidebyside.years import AcademicYear
from support.balances import balances_of
from support.models import ChampionType, Delivery, Deployment


def estimate_for(
    school: School,
    *,
    champion_type: ChampionType,
    half_days: int,
    starts_on: date,
    ends_on: date,
    on: date,
    instead_of: Deployment | None = None,
) -> Estimate:
    """What so many half days of a type at a school would cost it between two dates, as known `on` a day.

    `instead_of` a deployment: other terms for it, so what it has promised already does not count twice.
    """
    rates = rate_book()
    about = (school, champion_type, starts_on, ends_on)
    if school.is_academy:
        price_on, turns = _academys_price(*about, rates)
        vat_on = _Vat(school, rates)
        turns = [*turns, *vat_on.turns]
        found = stretches_of(starts_on, ends_on, half_days, turns=turns, price_on=price_on, vat_on=vat_on.on)
        return estimate_of(found, half_days)
    return _maintained(*about, half_days=half_days, rates=rates, on=on, instead_of=instead_of)


def _academys_price(
    school: School, kind: ChampionType, starts_on: date, ends_on: date, rates: Rates
) -> tuple[PriceOn, list[date]]:
    """What a day costs an academy on each day, as an invoice would say it, and the days on which that may change."""
    years = {AcademicYear.containing(starts_on), AcademicYear.containing(ends_on)}
    rules = OfferRules([school.pk], years)

    def price_on(day: date, half_days: int) -> Charged | Free | Held:
        rule = rules.rule_for(school.pk, kind.service.code, day)
        delivery = Delivery(
            school=school, service=kind.service, happens_on=day, half_days=half_days, champion_type=kind,
            state=Delivery.State.PLANNED,
        )  # fmt: skip
        return price(support_of(delivery), rule=rule, champion_rule=rule, rates=rates)

    categories = CategoryEntry.objects.confirmed().filter(school=school).values_list("starts_on", flat=True)
    dated: list[Iterable[tuple[date, object]]] = [rates.day_rates.get(kind.code, ()), rates.bands, rates.brokerage]
    return price_on, [*categories, *(row[0] for rows in dated for row in rows), *(y.first_day for y in years)]


class _Vat:
    """The VAT that a school's account is billed, by day (M8)."""

    def __init__(self, school: School, rates: Rates) -> None:
        self.school, self.rates, self.payers = school, rates, Payers([school.pk])

    def on(self, day: date) -> Decimal | None:
        account = self.payers.payer_of(self.school, day)
        found = in_force(self.rates.vat.get(account.vat_treatment, ()), day) if account else None
        return found[1] if found else None

    @property
    def turns(self) -> list[date]:
        return [row[0] for rows in self.rates.vat.values() for row in rows]


def _maintained(
    school: School, kind: ChampionType, starts_on: date, ends_on: date, *, half_days: int, rates: Rates, on: date,
    instead_of: Deployment | None,
) -> Estimate:  # fmt: skip
    """O13: the allowance of the day on which it begins, or of today; what has been used and promised counts."""
    day = min(max(on, starts_on), ends_on)
    found = balances_of(School.objects.filter(pk=school.pk), on=day)[school.pk]
    balance = found.balance_of(kind.service)
    lines = [line for line in found.lines if balance and line.code == balance.code]
    services = lines[0].services if lines else frozenset({kind.service.code})
    left: int | None = 0
    if balance:
        left = None if balance.ceiling is None else balance.ceiling - balance.used + _used_of(instead_of)
    promised = _promised(school, services, day, instead_of)
    over = 0 if left is None else half_days - max(0, min(half_days, left - promised))
    turns = [row[0] for row in rates.day_rates.get(kind.code, ())]
    beyond = stretches_of(
        starts_on, ends_on, over, turns=turns, price_on=_list_price(kind, rates), vat_on=lambda day: Decimal(0)
    )
    name = balance.name if balance else f"{kind.service}"
    return allowed_estimate(half_days, left=left, promised=promised, name=name, list_price=beyond)


def _list_price(kind: ChampionType, rates: Rates) -> PriceOn:
    def price_on(day: date, half_days: int) -> Charged | Free | Held:
        rate = in_force(rates.day_rates.get(kind.code, ()), day)
        if rate is None:
            return Held("rate", f"No day rate for {kind.code} on {day:%-d %B %Y}.")
        net = percent_of(rate[1], Decimal(50) * half_days)
        reason = f"{kind.code} day rate of {pounds(rate[1])} from {rate[0]:%-d %B %Y}"
        return Charged((Charge("champion", "", "days", half_days, 1, rate[1], Decimal(100), net, reason),))

    return price_on


def _used_of(deployment: Deployment | None) -> int:
    if deployment is None:
        return 0
    used = deployment.deliveries.counting().filter(funding=Delivery.Funding.OFFER)
    return int(used.aggregate(days=Sum("half_days", default=0))["days"])


def _promised(school: School, services: frozenset[str], day: date, but: Deployment | None) -> int:
    """Half days that the school's other deployments of the year may still take from the same allowance."""
    year = AcademicYear.containing(day)
    others = Deployment.objects.filter(
        Q(state=Deployment.State.PROPOSED) | Q(state=Deployment.State.AGREED, ends_on__gte=day),
        school=school, champion_type__service__code__in=services,
        starts_on__range=(year.first_day, year.last_day),
    )  # fmt: skip
    rows = (others.exclude(pk=but.pk) if but else others).with_half_days()
    return sum(max(0, row.half_days_agreed - row.half_days_delivered - row.half_days_booked) for row in rows)
