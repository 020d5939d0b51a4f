"""A school's entitlement as its page says it: plain words, a bar, and the steps of *Why?* (A2, O4, O14, S7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sidebyside.days import days_text
from sidebyside.money import pounds
from support.balances import SchoolBalances
from support.entitlements import DAYS, Balance, Line, Reason, amount_text, lines_for
from support.models import Delivery, OfferLine

Charge = OfferLine.Charge
BOUGHT = {
    Charge.DAY_RATE: "Bought by the day.",
    Charge.AGREED: "At a price agreed with your leaders each time.",
    Charge.UNSET: "No price is set. Talk to your adviser.",
    Charge.FIXED: "Bought at a fixed price.",
}


@dataclass(frozen=True)
class Step:
    """One line of *Why?*; `amount` is signed text, empty where it only explains."""

    text: str
    happens_on: date | None
    amount: str


@dataclass(frozen=True)
class Shown:
    """One service or pool as the page shows it. The bar is drawn where there is a ceiling above nought."""

    code: str
    name: str
    headline: str
    details: tuple[str, ...]
    note: str
    delivered: int
    booked: int
    ceiling: int | None
    steps: tuple[Step, ...]
    result: str
    not_counted: tuple[Step, ...]


@dataclass(frozen=True)
class Group:
    """Entitlements of one kind under one heading."""

    heading: str
    entries: tuple[Shown, ...]
    is_brief: bool = False


def groups_of(found: SchoolBalances, not_counted: Sequence[Delivery]) -> list[Group]:
    """Everything that the offer says of a school, grouped: limited, as needed, bought, and not given."""
    if not found.balances or found.school.sector is None:
        return []
    category = found.category.name if found.category else None
    lines = {line.code: line for line in lines_for(found.lines, found.school.sector.value, category)}
    sorted_out: dict[str, list[Shown]] = {"limited": [], "free": [], "bought": [], "none": []}
    for balance in found.balances:
        line = lines[balance.code]
        sorted_out[_kind(balance, line)].append(_shown(balance, line, not_counted))
    limited = "For each new headteacher" if found.school.is_academy else "What the category gives"
    headings = {"limited": limited, "free": "As needed, free", "bought": "To buy"}
    headings["none"] = "Not in this category"
    return [Group(headings[key], tuple(each), key == "none") for key, each in sorted_out.items() if each]


def _kind(balance: Balance, line: Line) -> str:
    """Which group a balance belongs to."""
    if _is_bought(line):
        return "bought"
    if not balance.is_limited:
        return "free"
    has_any = balance.ceiling or balance.used or balance.lapsed or balance.basis == OfferLine.Basis.PER_APPOINTMENT
    return "limited" if has_any else "none"


def _is_bought(line: Line) -> bool:
    """O14: the offer gives a price instead of an allowance."""
    return line.charge != Charge.FREE


def _shown(balance: Balance, line: Line, not_counted: Sequence[Delivery]) -> Shown:
    is_open = not balance.is_limited or _is_bought(line)
    headline, result = _so_far(balance) if is_open else _left(balance)
    return Shown(
        code=balance.code,
        name=balance.name,
        headline=headline,
        details=tuple(_details(balance, line, is_open)),
        note=BOUGHT[Charge(line.charge)] if _is_bought(line) else line.note,
        delivered=balance.delivered,
        booked=balance.booked,
        ceiling=None if is_open else balance.ceiling,
        steps=tuple(_step(reason, balance.unit) for reason in balance.reasons),
        result=result,
        not_counted=tuple(_not_counted(line, not_counted)),
    )


def _so_far(balance: Balance) -> tuple[str, str]:
    """O4: a programme with no number says what there has been, never what is left."""
    text = f"{amount_text(balance.delivered, balance.unit)} so far" if balance.delivered else "None so far"
    return text, text


def _left(balance: Balance) -> tuple[str, str]:
    ceiling, unit = balance.ceiling or 0, balance.unit
    if balance.over:
        text = f"{amount_text(balance.over, unit)} more than the {_of(ceiling, unit)}"
        return text, text
    if balance.lapsed:
        return f"{amount_text(balance.lapsed, unit)} lapsed", "0 left: the rest has lapsed"
    if not ceiling:
        return "None", "None"
    return (
        f"{_bare(balance.left or 0, unit)} of {amount_text(ceiling, unit)} left",
        f"{amount_text(balance.left or 0, unit)} left",
    )


def _of(ceiling: int, unit: str) -> str:
    return f"{amount_text(ceiling, unit)} of the offer" if ceiling else "none of the offer"


def _details(balance: Balance, line: Line, is_open: bool) -> Iterable[str]:
    unit = balance.unit
    if not is_open and (balance.ceiling or balance.used):
        yield f"{amount_text(balance.delivered, unit)} delivered" if balance.delivered else "None delivered yet"
    if balance.booked:
        yield f"{amount_text(balance.booked, unit)} booked"
    if balance.adjustment and balance.is_limited:
        sign = "more" if balance.adjustment > 0 else "less"
        offered = amount_text(balance.allowance or 0, unit)
        yield f"{amount_text(abs(balance.adjustment), unit)} {sign} than the offer’s {offered}"


def _step(reason: Reason, unit: str) -> Step:
    return Step(reason.text, reason.happens_on, "" if reason.amount is None else _signed(reason.amount, unit))


def _signed(amount: int, unit: str) -> str:
    return f"{'−' if amount < 0 else ''}{_bare(abs(amount), unit)}"


def _bare(amount: int, unit: str) -> str:
    return days_text(amount) if unit == DAYS else str(amount)


def _not_counted(line: Line, deliveries: Sequence[Delivery]) -> Iterable[Step]:
    for delivery in deliveries:
        if delivery.service.code in line.services:
            amount = amount_text(delivery.half_days, DAYS) if line.unit == DAYS else ""
            yield Step(f"{delivery.service}: {_why_not(delivery)}", delivery.happens_on, amount)


def _why_not(delivery: Delivery) -> str:
    if delivery.state == Delivery.State.CANCELLED:
        return f"cancelled. {delivery.cancelled_why}"
    if delivery.funding == Delivery.Funding.BOUGHT:
        price = f" for {pounds(delivery.agreed_price)}" if delivery.agreed_price is not None else ""
        return f"bought by the school{price}"
    return "delivered after this day"
