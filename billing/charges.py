"""What one delivery costs the school that received it, and why (M1 to M8). Pure: imports no Django.

Amounts are whole pence, percentages exact decimals; each charge is rounded half up to the penny once (M7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from sidebyside.days import days_text
from sidebyside.money import percent_of, percent_text, pounds

T = TypeVar("T")
Dated = Sequence[tuple[date, T]]
ACADEMY = "academy"
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Support:
    """One delivery, as far as its price goes. `champion_type` and `champion_name` are code and name of the day's type.

    An ordinary visit is a Headline Visit that is not a new head's (M6).
    """

    pk: int
    sector: str | None
    service: str
    service_name: str
    unit: str
    happens_on: date
    half_days: int
    units: int
    is_bought: bool
    champion_type: str | None = None
    champion_name: str = ""
    is_champion_service: bool = False
    is_ordinary_visit: bool = False
    agreed_price: int | None = None
    agreed_with: str = ""
    agreed_on: date | None = None


@dataclass(frozen=True)
class Rule:
    """What the offer of the delivery's year says that its service costs."""

    charge: str
    fixed_price: int | None
    offer: str


@dataclass(frozen=True)
class Rates:
    """Every dated rate, oldest first: day rates by champion type, charge bands, brokerage, VAT by treatment."""

    day_rates: Mapping[str, Dated[int]]
    bands: Dated[Decimal]
    brokerage: Dated[Decimal]
    vat: Mapping[str, Dated[Decimal]]


@dataclass(frozen=True)
class Charge:
    """One line to be: what is charged, and the sentence that explains it (A2).

    `unit` says what is counted: `days` (in `half_days`), `visits` or `places` (in `units`), or nothing for a sum.
    """

    part: str
    description: str
    unit: str
    half_days: int
    units: int
    day_rate: int | None
    charge_percent: Decimal
    net: int
    reason: str


@dataclass(frozen=True)
class Charged:
    """The delivery is charged."""

    charges: tuple[Charge, ...]


@dataclass(frozen=True)
class Free:
    """The delivery costs the school nothing on an invoice."""

    reason: str


@dataclass(frozen=True)
class Held:
    """The delivery cannot be invoiced yet; `code` names the cure (M13)."""

    code: str
    reason: str


def in_force(rows: Dated[T], on: date) -> tuple[date, T] | None:
    """The row that holds on a day: the latest that has begun; None before the first (M3)."""
    begun = [row for row in rows if row[0] <= on]
    return begun[-1] if begun else None


def price(support: Support, *, rule: Rule | None, champion_rule: Rule | None, rates: Rates) -> Charged | Free | Held:
    """What a delivered and confirmed piece of support costs.

    `rule` is the offer's for its service, None when the year's offer has no line for it. `champion_rule` is the
    offer's for the days of a champion who attended a visit (O7). M2: a maintained school pays nothing within its
    allowance, and by journal for what it buys. M3: an academy pays champion days by rate and band of the day.
    """
    if support.sector != ACADEMY:
        return Free(_maintained(support))
    if support.is_champion_service:
        return _champion_days(support, rule, rates)
    own = _service(support, rule)
    if isinstance(own, Held) or rule is None or not (support.champion_type and support.half_days):
        return own
    if not _is_champion_apart(support, rule):
        is_free = rule.charge == "free"
        return Free(f"{rule.offer}: free to academies, with the champion who attended.") if is_free else own
    attended = _attended(support, champion_rule, rates)
    if isinstance(attended, Held):
        return attended
    charges = [charge for part in (own, attended) if isinstance(part, Charged) for charge in part.charges]
    return Charged(tuple(charges)) if charges else attended


def _is_champion_apart(support: Support, rule: Rule) -> bool:
    """Whether a champion who attends costs the champion's days besides (M3, O7), or is in the service's own price.

    At an ordinary Headline Visit the half day is a champion's day like any other. What M6 makes free is free with
    everybody who comes; a price that was agreed, or fixed for another service, is the whole price.
    """
    return rule.charge == "day rate" or (support.is_ordinary_visit and rule.charge != "agreed price")


def _attended(support: Support, rule: Rule | None, rates: Rates) -> Charged | Free | Held:
    """The champion's days at a visit, by the rule of the champion's own days."""
    if rule is None or rule.charge == "day rate":
        return _champion_days(support, None, rates)
    days = replace(support, unit="days", units=1, service_name=f"{_who(support)}’s day")
    priced = _by_rule(days, rule)
    if not isinstance(priced, Charged):
        return priced
    return Charged(tuple(replace(each, part="champion", description=_in_words(support)) for each in priced.charges))


def _maintained(support: Support) -> str:
    if support.sector is None:
        return "Outside the offer: neither a maintained school nor an academy."
    if support.is_bought:
        return "Bought by a maintained school: charged by journal, not by invoice."
    return "Within the offer to maintained schools: nothing to pay."


def _champion_days(support: Support, rule: Rule | None, rates: Rates) -> Charged | Free | Held:
    """M3, M4: rate of the type × half days ÷ 2 × band, each of the delivery's own date."""
    if rule and rule.charge != "day rate":
        return _by_rule(support, rule)
    day, kind = support.happens_on, support.champion_type
    rate = in_force(rates.day_rates.get(kind or "", ()), day)
    if rate is None:
        return Held("rate", f"No day rate for {kind or 'this type of champion'} on {_day(day)}.")
    band = in_force(rates.bands, day)
    if band is None:
        return Held("band", f"No charge band on {_day(day)}.")
    begun, percent = band
    if not percent:
        return Free(f"Charge band of {_day(day)}: {percent_text(percent)}, nothing to pay.")
    amount = Decimal(rate[1]) * support.half_days / 2
    net = _percent_of(amount, percent)
    reason = (
        f"{percent_text(percent)} of {pounds(rate[1])} a day: charge band from {_day(begun)}, "
        f"{kind} day rate from {_day(rate[0])}"
    )
    line = Charge("champion", _in_words(support), "days", support.half_days, 1, rate[1], percent, net, reason)
    return Charged((line, *_brokerage(support, net, rates)))


def _in_words(support: Support) -> str:
    """A champion's time: `Leadership Champion (SSLC), 0.5 days at a Headline Visit`."""
    days = f"{days_text(support.half_days)} {'day' if support.half_days == 2 else 'days'}"
    attended = "" if support.is_champion_service else f" at a {support.service_name}"
    return f"{_who(support)}, {days}{attended}"


def _who(support: Support) -> str:
    """The type of the champion by its name, with its code where the name does not hold it."""
    name, code = support.champion_name, support.champion_type or ""
    return name if code in name else f"{name} ({code})"


def _percent_of(amount: Decimal, percent: Decimal) -> int:
    """`percent` per cent of exact pence, rounded half up once (M7)."""
    return percent_of(int(amount * 2), percent / 2)


def _brokerage(support: Support, net: int, rates: Rates) -> list[Charge]:
    """M5: no charge for brokering while its rate is nought; above nought it is a line of its own."""
    found = in_force(rates.brokerage, support.happens_on)
    if not found or not found[1]:
        return []
    amount = percent_of(net, found[1])
    reason = f"{percent_text(found[1])} of {pounds(net)}: brokerage rate from {_day(found[0])}"
    return [Charge("brokerage", "Brokerage", "", 0, 1, None, WHOLE, amount, reason)] if amount else []


def _service(support: Support, rule: Rule | None) -> Charged | Free | Held:
    if rule is None:
        return Held("rule", f"The offer of that year does not say what a {support.service_name} costs an academy.")
    return _by_rule(support, rule)


def _by_rule(support: Support, rule: Rule) -> Charged | Free | Held:
    """M6: free, at a fixed price, or at the price agreed; while the offer leaves it unset, held back."""
    if rule.charge == "free":
        return Free(f"{rule.offer}: free to academies.")
    if rule.charge == "fixed price" and rule.fixed_price is not None:
        is_by_day = support.unit == "days"
        whole = Decimal(rule.fixed_price) * (support.half_days if is_by_day else 2 * support.units) / 2
        a_day = " a day" if is_by_day else ""
        return _flat(
            support, _percent_of(whole, WHOLE), f"{rule.offer}: fixed price of {pounds(rule.fixed_price)}{a_day}"
        )
    if rule.charge == "agreed price":
        if support.agreed_price is None:
            return Held("price", f"No price has been agreed for this {support.service_name}.")
        when = f" on {_day(support.agreed_on)}" if support.agreed_on else ""
        return _flat(support, support.agreed_price, f"Price agreed with {support.agreed_with}{when}")
    if rule.charge == "day rate":
        return _by_the_champion(support)
    return Held("charge", f"{rule.offer} has not decided what a {support.service_name} costs an academy.")


def _by_the_champion(support: Support) -> Free | Held:
    """A visit priced by the day costs the days of the champion who attended, and no more."""
    if support.champion_type and support.half_days:
        return Free("Charged by the day rate of the champion who attended.")
    return Held("rate", f"This {support.service_name} is charged by a champion’s day rate, and no champion attended.")


def _flat(support: Support, net: int, reason: str) -> Charged | Free:
    if not net:
        return Free(f"{reason}: nothing to pay.")
    half_days = support.half_days if support.unit == "days" else 0  # at a visit they are the champion's
    line = Charge("service", support.service_name, support.unit, half_days, support.units, None, WHOLE, net, reason)
    return Charged((line,))


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
