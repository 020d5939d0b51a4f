"""How much of an invoice a credit note takes back, line by line and in VAT (M12). Pure: imports no Django.

Amounts are whole pence. However often and in whatever parts an invoice is credited, its credits never come to more than
it does, in no line and at no VAT rate, and come to exactly as much once nothing is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from billing.totals import Totals, VatTotal, totals
from sidebyside.days import days_text
from sidebyside.money import percent_of


@dataclass(frozen=True)
class Billed:
    """A line of an invoice. `half_days` are 0 where no days are counted: then it is credited whole.

    `follows` is the line whose share it takes, as brokerage follows the champion's days (M5).
    """

    key: int
    half_days: int
    net: int
    vat_percent: Decimal
    follows: int | None = None


@dataclass(frozen=True)
class Part:
    """What one credit note takes back of one line; `is_rest` when nothing of the line is left."""

    key: int
    half_days: int
    net: int
    is_rest: bool


Note = tuple[Part, ...]


@dataclass(frozen=True)
class Left:
    """What is left of a line to be credited."""

    half_days: int
    net: int
    is_open: bool


def left_of(line: Billed, notes: Sequence[Note]) -> Left:
    """What the earlier credit notes have left of a line."""
    parts = [part for note in notes for part in note if part.key == line.key]
    return Left(
        line.half_days - sum(part.half_days for part in parts),
        line.net - sum(part.net for part in parts),
        not any(part.is_rest for part in parts),
    )


def credit(lines: Sequence[Billed], notes: Sequence[Note], wanted: Mapping[int, int | None]) -> Note:
    """The parts of one more credit note: so many half days of these lines, None for all that is left of one.

    Raises ValueError with a sentence where that is nothing, or more than is left.
    """
    by_key = {line.key: line for line in lines}
    asked = {key: half_days for key, half_days in wanted.items() if half_days is None or half_days}
    chosen = {key: half_days for key, half_days in asked.items() if key in by_key and by_key[key].follows is None}
    if not chosen or any(key not in by_key or by_key[key].follows not in {None, *chosen} for key in asked):
        raise ValueError("Say how much of which line is credited.")
    parts = {key: _part(by_key[key], half_days, notes) for key, half_days in chosen.items()}
    followed = {line.key: _follow(line, by_key, parts, notes) for line in lines if line.follows in parts}
    both = parts | followed
    return tuple(both[line.key] for line in lines if line.key in both)


def _part(line: Billed, half_days: int | None, notes: Sequence[Note]) -> Part:
    left = left_of(line, notes)
    if not left.is_open:
        raise ValueError("Nothing of this line is left to be credited.")
    if half_days is None:
        return Part(line.key, left.half_days, left.net, is_rest=True)
    if not line.half_days:
        raise ValueError("This line counts no days, so it is credited whole.")
    if not 0 < half_days <= left.half_days:
        raise ValueError(f"{days_text(left.half_days)} of the days of this line are left to be credited.")
    is_rest = half_days == left.half_days
    net = left.net if is_rest else min(left.net, _share(line.net, half_days, line.half_days))
    return Part(line.key, half_days, net, is_rest)


def _follow(line: Billed, by_key: Mapping[int, Billed], parts: Mapping[int, Part], notes: Sequence[Note]) -> Part:
    """The share of a line that goes with another one's days."""
    leader, left = parts[line.follows or 0], left_of(line, notes)
    if leader.is_rest:
        return Part(line.key, 0, left.net, is_rest=True)
    share = _share(line.net, leader.half_days, by_key[leader.key].half_days)
    return Part(line.key, 0, min(left.net, share), is_rest=False)


def _share(net: int, of: int, all_: int) -> int:
    """So many of all half days of a net, half up to the penny (M7)."""
    return int((Decimal(net) * of / all_).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def totals_of(lines: Sequence[Billed], notes: Sequence[Note]) -> Totals:
    """What the last of these credit notes comes to: VAT once for each rate, half up, and never more than is left (M7).

    Where it takes the last of a rate's net, it takes the last of that rate's VAT.
    """
    left = {rate.percent: rate for rate in totals((line.net, line.vat_percent) for line in lines).by_rate}
    rates = {line.key: line.vat_percent for line in lines}
    found = Totals(())
    for note in notes:
        nets = totals((part.net, rates[part.key]) for part in note).by_rate
        found = Totals(tuple(_vat(rate, left[rate.percent]) for rate in nets))
        left |= {rate.percent: _without(left[rate.percent], rate) for rate in found.by_rate}
    return found


def _vat(rate: VatTotal, left: VatTotal) -> VatTotal:
    vat = left.vat if rate.net == left.net else min(left.vat, percent_of(rate.net, rate.percent))
    return VatTotal(rate.percent, rate.net, vat)


def _without(left: VatTotal, rate: VatTotal) -> VatTotal:
    return VatTotal(rate.percent, left.net - rate.net, left.vat - rate.vat)
