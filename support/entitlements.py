"""What a school is entitled to on a day, and why (O3 to O8, O14, S2, S4, S5). Pure: imports no Django.

Amounts are whole numbers in the service's own unit: half days where it counts days, otherwise visits or places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sidebyside.days import days_text
from sidebyside.years import AcademicYear
from support.new_heads import NewHead, Use, new_head_visits

DAYS = "days"


@dataclass(frozen=True)
class Line:
    """One line of a published offer: what a sector and category gets of one service or pool."""

    code: str
    name: str
    unit: str
    services: frozenset[str]
    sector: str
    category: str | None
    basis: str
    allowance: int | None
    hlv_use: str
    hlv_half_days: int
    offer: str
    note: str = ""
    charge: str = "free"


@dataclass(frozen=True)
class CategoryInForce:
    """The confirmed category that holds on the day; provisional while it comes from an earlier year's round (S2)."""

    name: str
    starts_on: date
    is_provisional: bool


@dataclass(frozen=True)
class Tally:
    """Support of one kind at one school, one delivery or many summed: never cancelled, never bought (O13)."""

    service: str
    half_days: int
    units: int
    is_booked: bool
    champion_service: str | None = None
    is_headline_visit: bool = False
    is_visit: bool = False
    label: str = ""
    happens_on: date | None = None


@dataclass(frozen=True)
class Adjusted:
    """More or less of a service, in force on the day."""

    service: str
    amount: int
    reason: str


@dataclass(frozen=True)
class Reason:
    """One step of an answer to *Why?*: a sentence, and what it adds or takes (None where it only explains)."""

    text: str
    amount: int | None = None
    happens_on: date | None = None


@dataclass(frozen=True)
class Balance:
    """Allowance + adjustment − delivered − booked of a service or pool; `left` is None where nothing limits it (O4)."""

    code: str
    name: str
    unit: str
    basis: str
    allowance: int | None
    adjustment: int
    delivered: int
    booked: int
    left: int | None
    reasons: tuple[Reason, ...]
    lapsed: int = 0

    @property
    def is_limited(self) -> bool:
        """Whether there is a ceiling at all (O4)."""
        return self.allowance is not None

    @property
    def ceiling(self) -> int | None:
        """Allowance and adjustment together, never below nought."""
        return None if self.allowance is None else max(0, self.allowance + self.adjustment)

    @property
    def used(self) -> int:
        """Delivered and booked together."""
        return self.delivered + self.booked

    @property
    def over(self) -> int:
        """How far use goes beyond the ceiling; nought where nothing limits it."""
        return 0 if self.ceiling is None else max(0, self.used - self.ceiling)


def amount_text(amount: int, unit: str) -> str:
    """An amount as people say it: `9 days`, `0.5 days`, `1 visit`."""
    text = days_text(amount) if unit == DAYS else str(amount)
    return f"{text} {unit.removesuffix('s') if text == '1' else unit}"


def lines_for(lines: Sequence[Line], sector: str, category: str | None) -> list[Line]:
    """The offer's lines for a school, one for each service or pool in the offer's order.

    The category's own line goes before the line for every category. Where the offer has lines only for other
    categories, the school gets none of it.
    """
    by_code: dict[str, list[Line]] = {}
    for line in lines:
        if line.sector == sector:
            by_code.setdefault(line.code, []).append(line)
    return [_choose(group, category) for group in by_code.values()]


def _choose(group: list[Line], category: str | None) -> Line:
    for wanted in dict.fromkeys((category, None)):
        for line in group:
            if line.category == wanted:
                return line
    return replace(group[0], category=None, basis="none", allowance=None, note="")


def balances(
    lines: Sequence[Line],
    *,
    sector: str,
    category: CategoryInForce | None,
    tallies: Sequence[Tally],
    adjustments: Sequence[Adjusted],
    new_heads: Sequence[NewHead],
    new_head_uses: Sequence[Use],
    on: date,
    closed_on: date | None = None,
) -> list[Balance]:
    """Each balance of one school on a day, with its reasons.

    S4: the ceiling of the category in force on the day holds for the whole year, and what was used counts. S5: it
    is the ceiling on that day, and never less than nothing is left. S7: after a closure what was left has lapsed.
    """
    found = []
    for line in lines_for(lines, sector, category.name if category else None):
        allowance, why = _allowance(line, category, new_heads, new_head_uses, on)
        balance = _balance(line, allowance, why, tallies, adjustments)
        found.append(_lapse(balance, closed_on) if closed_on and closed_on < on else balance)
    return found


def draws(line: Line, tally: Tally) -> int:
    """How much of a line one tally uses, in the line's unit (O5, O7)."""
    if tally.service in line.services:
        return tally.half_days if line.unit == DAYS else tally.units
    if line.unit != DAYS:
        return 0
    if line.hlv_use == "every HLV" and tally.is_headline_visit:
        return tally.units * line.hlv_half_days
    if line.hlv_use == "champion attends" and tally.is_visit and tally.champion_service in line.services:
        return tally.half_days
    return 0


def _allowance(
    line: Line, category: CategoryInForce | None, new_heads: Sequence[NewHead], uses: Sequence[Use], on: date
) -> tuple[int | None, list[Reason]]:
    """The allowance, None where nothing limits it (O4), and why."""
    why = [_category_reason(category)] if line.category or (line.basis == "none" and not line.note) else []
    offers = f"{line.offer}:"
    if line.basis == "not limited":
        return None, [*why, Reason(f"{offers} a programme, with no fixed number.")]
    if line.basis == "per appointment":
        visits = new_head_visits(new_heads, uses, on=on)
        why.append(Reason(f"{offers} one visit for each new headteacher’s appointment.", visits.allowance))
        return visits.allowance, why + [Reason(text) for text in visits.reasons]
    if line.basis == "none" or line.allowance is None:
        return 0, [*why, Reason(f"{offers} none offered. {line.note}".strip(), 0)]
    given = f"{offers} up to {amount_text(line.allowance, line.unit)}. {line.note}".strip()
    return line.allowance, [*why, Reason(given, line.allowance)]


def _category_reason(category: CategoryInForce | None) -> Reason:
    if category is None:
        return Reason("No category has been confirmed for this school yet.")
    provisional = ", provisional until this year’s is confirmed" if category.is_provisional else ""
    return Reason(f"Category {category.name} since {category.starts_on:%-d %B %Y}{provisional}.")


def _balance(
    line: Line, allowance: int | None, why: list[Reason], tallies: Sequence[Tally], adjustments: Sequence[Adjusted]
) -> Balance:
    reasons = list(why)
    adjustment = delivered = booked = 0
    for change in adjustments:
        if change.service in line.services:
            adjustment += change.amount
            reasons.append(Reason(f"Adjusted: {change.reason}", change.amount))
    for tally in tallies:
        amount = draws(line, tally)
        if tally.is_booked:
            booked += amount
        else:
            delivered += amount
        if amount and tally.label:
            reasons.append(Reason(tally.label, -amount, tally.happens_on))
    left = None if allowance is None else max(0, allowance + adjustment - delivered - booked)
    return Balance(
        line.code, line.name, line.unit, line.basis, allowance, adjustment, delivered, booked, left, tuple(reasons)
    )


def _lapse(balance: Balance, closed_on: date) -> Balance:
    """S7: what was left when the school closed has lapsed."""
    if not balance.left:
        return balance
    text = f"{amount_text(balance.left, balance.unit)} lapsed when the school closed on {closed_on:%-d %B %Y}."
    return replace(
        balance, left=0, lapsed=balance.left, reasons=(*balance.reasons, Reason(text, -balance.left, closed_on))
    )


def year_of(on: date) -> AcademicYear:
    """The academic year whose offer answers for a day (S10)."""
    return AcademicYear.containing(on)
