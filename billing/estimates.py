"""What days that are still to be agreed would cost the school, before it agrees to them (M3, M4, O13). Pure: no Django.

Nobody knows yet on which days the support will fall, so the dates are cut where the price changes, and at 31 March. The
cost is exact for all the days in one of these stretches; however they fall, it lies between the least and the most.
Amounts are whole pence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billing.charges import Charged, Free, Held
from sidebyside.days import days_text
from sidebyside.money import percent_of, percent_text, pounds
from sidebyside.years import Period

A_DAY = 2  # half days
PriceOn = Callable[[date, int], Charged | Free | Held]  # of so many half days on a day
VatOn = Callable[[date], Decimal | None]  # per cent on a day; None where nobody knows yet


@dataclass(frozen=True)
class Stretch:
    """Days between which the price does not change: what one day costs, and all the days together if they fall here.

    `net` is None where the price is not known; `vat_percent` None where nobody knows who pays. `reason` says why.
    """

    first_day: date
    last_day: date
    day_net: int | None
    net: int | None
    vat_percent: Decimal | None
    reason: str

    @property
    def vat(self) -> int:
        """The VAT on all the days, once, half up (M7); nought where nobody knows the rate."""
        return percent_of(self.net or 0, self.vat_percent or Decimal(0))

    @property
    def gross(self) -> int | None:
        """All the days with VAT."""
        return None if self.net is None else self.net + self.vat

    def costs_like(self, other: Stretch) -> bool:
        """Whether the other one has the same price."""
        mine, theirs = (self.day_net, self.net, self.vat_percent), (other.day_net, other.net, other.vat_percent)
        return mine == theirs and (self.net is not None or self.reason == other.reason)


@dataclass(frozen=True)
class Estimate:
    """What it would cost: a sentence each, and the bounds in pence with VAT, None where a price is not known."""

    sentences: tuple[str, ...]
    least: int | None
    most: int | None


def stretches_of(
    first_day: date, last_day: date, half_days: int, *, turns: Iterable[date], price_on: PriceOn, vat_on: VatOn
) -> list[Stretch]:
    """The days from `first_day` to `last_day`, cut at each 31 March and at each of the `turns` that changes a price."""
    turns = {turn for turn in turns if first_day < turn <= last_day}
    found: list[Stretch] = []
    for period in Period(first_day, last_day).by_financial_year():
        starts = sorted({period.first_day} | {turn for turn in turns if turn in period})
        ends = [start - timedelta(days=1) for start in starts[1:]] + [period.last_day]
        for start, end in zip(starts, ends, strict=True):
            new = _stretch(start, end, half_days, price_on, vat_on)
            old = found[-1] if found else None
            if old and old.first_day >= period.first_day and old.costs_like(new):
                values = (old.day_net, old.net, old.vat_percent, old.reason)
                found[-1] = Stretch(old.first_day, end, *values)
            else:
                found.append(new)
    return found


def _stretch(start: date, end: date, half_days: int, price_on: PriceOn, vat_on: VatOn) -> Stretch:
    """M7: each day is a line of its own, rounded once; an odd half day is one more."""
    whole, rest = divmod(half_days, A_DAY)
    day, reason = _net(price_on(start, A_DAY))
    half, _ = _net(price_on(start, 1)) if rest else (0, "")
    net = None if day is None or half is None else whole * day + half
    return Stretch(start, end, day, net, vat_on(start) if net else Decimal(0), reason)


def _net(priced: Charged | Free | Held) -> tuple[int | None, str]:
    if isinstance(priced, Held):
        return None, priced.reason
    if isinstance(priced, Free):
        return 0, priced.reason
    return sum(charge.net for charge in priced.charges), "; ".join(charge.reason for charge in priced.charges)


def estimate_of(stretches: list[Stretch], half_days: int) -> Estimate:
    """The sentences that a head reads before agreeing, and between what the cost lies."""
    alone = len(stretches) == 1
    sentences = [_sentence(each, half_days, "" if alone else _label(each, stretches)) for each in stretches]
    sums = [each.gross for each in stretches if each.gross is not None]
    if any(each.net and each.vat_percent is None for each in stretches):
        sentences.append("No account says yet who pays for this school, so no VAT is in these amounts.")
    if len(sums) < len(stretches):
        return Estimate(tuple(sentences), None, None)
    least, most = min(sums), max(sums)
    if not alone and least < most:
        sentences.append(f"However the days fall, it costs {pounds(least)} to {pounds(most)} in all.")
    return Estimate(tuple(sentences), least, most)


def _label(each: Stretch, among: list[Stretch]) -> str:
    if each is among[0]:
        return f"Up to {_day(each.last_day)}"
    if each is among[-1]:
        return f"From {_day(each.first_day)}"
    return f"From {_day(each.first_day)} to {_day(each.last_day)}"


def _sentence(each: Stretch, half_days: int, label: str) -> str:
    when = f"{label}: " if label else ""
    if each.net is None or each.day_net is None:
        return f"{when or 'The price: '}not known yet. {each.reason}"
    if not each.net:
        return f"{when}{'nothing' if label else 'Nothing'} to pay. {each.reason}"
    all_days = "the whole of it" if half_days == 1 else f"all {_days(half_days)}"
    if half_days == A_DAY:
        all_days = "the day"
    falls = f"If {all_days} {'falls' if half_days <= A_DAY else 'fall'} then: " if label else f"For {all_days}: "
    return f"{when}{pounds(each.day_net)} a day ({each.reason}). {falls}{_sum(each)}."


def _sum(each: Stretch) -> str:
    if not each.vat_percent:
        return pounds(each.net or 0)
    rate = percent_text(each.vat_percent)
    return f"{pounds(each.net or 0)} and {pounds(each.vat)} VAT ({rate}), {pounds(each.gross or 0)} in all"


def allowed_estimate(
    half_days: int, *, left: int | None, promised: int, name: str, list_price: list[Stretch]
) -> Estimate:
    """O13: what a maintained school pays: nothing within its allowance, list price by journal beyond it.

    `left` of the allowance in half days, None where nothing limits it; `promised` of it to other deployments.
    `list_price` are the stretches of what goes beyond.
    """
    free = half_days if left is None else max(0, min(half_days, left - promised))
    within = f"within your allowance of {name}" if name else "within your allowance"
    if free == half_days:
        return Estimate((f"Nothing to pay: {_days(half_days)} {_are(half_days)} {within}.",), 0, 0)
    over = half_days - free
    reserved = f" {_days(promised)} of it {_are(promised)} promised to other deployments." if promised else ""
    start = (
        f"Nothing to pay for {_days(free)}, {within}.{reserved} " if free else f"Nothing is left {within}.{reserved} "
    )
    start += f"{_days(over)} {'goes' if over <= A_DAY else 'go'} beyond it: if they are used and nobody allows more, "
    start += "the school buys them at list price, by journal and without VAT."
    priced = estimate_of(list_price, over)
    return Estimate((start, *priced.sentences), 0, priced.most)


def _days(half_days: int) -> str:
    return f"{days_text(half_days)} {'day' if half_days == A_DAY else 'days'}"


def _are(half_days: int) -> str:
    return "is" if half_days == A_DAY else "are"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
