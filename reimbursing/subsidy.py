"""What champions' days cost the council: what home schools are owed, less what supported schools pay (M16).

Cost is what statements hold and what is to be stated; income what runs and invoices hold, less credits, and what is to
be charged. Both are of confirmed days. Brokerage is shown apart (M5). In six queries, however many days there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from billing.charges import Charge, Charged, Rates, Support, in_force, price
from billing.offer_rules import OfferRules
from billing.rate_book import rate_book
from reimbursing.owing import Rates as HomeRates
from reimbursing.owing import rate_on, value_of
from reimbursing.rate_book import reimbursement_rates
from reimbursing.subsidy_sums import BROKERAGE, COST, NO_HOME, By, Open, booked, still_open
from schools.sectors import Sector
from sidebyside.years import AcademicYear, FinancialYear, Period
from support.models import Delivery


@dataclass
class Row:
    """One school, trust, type or financial year; amounts in pence. `unpriced` are half days without a rate yet."""

    key: str
    label: str
    half_days: int = 0
    stated: int = 0
    to_state: int = 0
    charged: int = 0
    to_charge: int = 0
    brokerage: int = 0
    unpriced: int = 0

    @property
    def cost(self) -> int:
        """What home schools are owed."""
        return self.stated + self.to_state

    @property
    def income(self) -> int:
        """What supported schools pay for it."""
        return self.charged + self.to_charge

    @property
    def subsidy(self) -> int:
        """What is left for the council."""
        return self.cost - self.income


@dataclass(frozen=True)
class Subsidy:
    """Every group, and all of them together."""

    rows: tuple[Row, ...]
    total: Row


def subsidy(by: By, period: Period) -> Subsidy:
    """What the days of a period cost the council, by school, trust, champion type or financial year."""
    home_rates, rates = reimbursement_rates(), rate_book()
    rules = OfferRules((), _years(period))
    breaks = _breaks(home_rates, rates, period)
    own = {school for _, school in home_rates if school}
    found: dict[str, Row] = {}
    for held in booked(by, period):
        row = found.setdefault(held.key, Row(held.key, held.label))
        _book(row, held.kind, held.half_days, held.amount)
    groups = list(still_open(by, period, breaks=breaks, own_rates=own, apart=rules.differ_by_category))
    if rules.differ_by_category:
        rules = OfferRules({group.school for group in groups}, _years(period))
    for group in groups:
        row = found.setdefault(group.key, Row(group.key, group.label))
        _state(row, group, home_rates)
        _charge(row, group, rules, rates)
    rows = tuple(sorted(found.values(), key=_order(by)))
    return Subsidy(rows, _sum(rows))


def _book(row: Row, kind: str, half_days: int, amount: int) -> None:
    if kind == COST:
        row.half_days += half_days
        row.stated += amount
    elif kind == BROKERAGE:
        row.brokerage += amount
    else:
        row.charged += amount


def _state(row: Row, group: Open, rates: HomeRates) -> None:
    """What is still to be stated for these deliveries: the difference between what is true and what is stated."""
    more = group.true - group.stated
    row.half_days += more * group.deliveries
    if not more:
        return
    found = rate_on(rates, group.champion_type, group.home, group.on) if group.home != NO_HOME else None
    if found is None:
        row.unpriced += more * group.deliveries
    else:
        row.to_state += (value_of(found[1], group.true) - value_of(found[1], group.stated)) * group.deliveries


def _charge(row: Row, group: Open, rules: OfferRules, rates: Rates) -> None:
    """What is still to be charged: by the rule of invoices at an academy, at list price where a school buys."""
    if not group.true:
        return
    if group.is_maintained and group.funding == Delivery.Funding.BOUGHT:
        found = in_force(rates.day_rates.get(group.champion_type, ()), group.on)
        row.to_charge += value_of(found[1], group.true) * group.deliveries if found else 0
    if not group.is_academy or group.is_taken:
        return
    for part in _parts(group, rules, rates):
        if part.unit == "days":
            row.to_charge += part.net * group.deliveries
        elif not part.unit:
            row.brokerage += part.net * group.deliveries


def _parts(group: Open, rules: OfferRules, rates: Rates) -> tuple[Charge, ...]:
    """The charges of one delivery of the group, as an invoice would have them."""
    support = Support(
        pk=0,
        sector=Sector.ACADEMY.value,
        service=group.service,
        service_name=group.service_name,
        unit=group.unit,
        happens_on=group.on,
        half_days=group.true,
        units=1,
        is_bought=group.funding == Delivery.Funding.BOUGHT,
        champion_type=group.champion_type,
        champion_name=group.champion_type,
        is_champion_service=group.is_own_service,
        is_ordinary_visit=group.is_visit and not group.is_for_new_heads,
        agreed_price=group.agreed_price,
    )
    priced = price(
        support,
        rule=rules.rule_for(group.school, group.service, group.on),
        champion_rule=rules.rule_for(group.school, group.champion_service or "", group.on),
        rates=rates,
    )
    return priced.charges if isinstance(priced, Charged) else ()


def _years(period: Period) -> list[AcademicYear]:
    first, last = AcademicYear.containing(period.first_day), AcademicYear.containing(period.last_day)
    return [AcademicYear(start) for start in range(first.start, last.start + 1)]


def _breaks(home_rates: HomeRates, rates: Rates, period: Period) -> list[date]:
    """The days in the period from which another price may hold: rates, bands, brokerage, offers, financial years."""
    tables = [*home_rates.values(), *rates.day_rates.values()]
    days = {starts_on for rows in tables for starts_on, _ in rows}
    days |= {starts_on for rows in (rates.bands, rates.brokerage) for starts_on, _ in rows}
    for year in _years(period):
        days |= {year.first_day, FinancialYear(year.start).first_day, FinancialYear(year.start + 1).first_day}
    return sorted(day for day in days if day in period)


def _order(by: By) -> Callable[[Row], tuple[int, str]]:
    """Types and years in their order; schools and trusts by what they cost the council, the most first."""
    if by in (By.TYPE, By.YEAR):
        return lambda row: (0, row.key)
    return lambda row: (-row.subsidy, row.label)


def _sum(rows: tuple[Row, ...]) -> Row:
    total = Row("", "Total")
    for row in rows:
        for name in ("half_days", "stated", "to_state", "charged", "to_charge", "brokerage", "unpriced"):
            setattr(total, name, getattr(total, name) + getattr(row, name))
    return total
