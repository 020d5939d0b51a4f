"""What a champion's home school is owed for one piece of support, and why (M16). Pure: imports no Django.

What is true now is compared with what statements hold already: the difference is a line, below nought where less took
place than was reimbursed. Amounts are whole pence; what a delivery comes to is rounded half up once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.charges import Dated, in_force
from sidebyside.days import days_text
from sidebyside.money import percent_of, pounds

EVERY_SCHOOL = None
Rates = Mapping[tuple[str, int | None], Dated[int]]
UNCONFIRMED, DISPUTED, LENDING, RATE, PAYEE = "unconfirmed", "disputed", "lending", "rate", "payee"


@dataclass(frozen=True)
class Stated:
    """What statements hold of one delivery for one home school (its URN) at one rate: half days and pence."""

    home: int
    rate: int
    half_days: int
    amount: int


@dataclass(frozen=True)
class Given:
    """One delivery, as far as reimbursing it goes. `home` is the URN of the school that lent the champion that day.

    Neither confirmed nor waiting means that it did not take place: it was cancelled, denied or withdrawn. `stated` is
    in the order in which it was stated.
    """

    happens_on: date
    half_days: int
    is_confirmed: bool
    is_waiting: bool
    is_disputed: bool
    champion_type: str
    home: int | None
    stated: tuple[Stated, ...] = ()


@dataclass(frozen=True)
class OwedLine:
    """One line to be: so many half days to the home school at a rate a day; below nought it takes back."""

    home: int
    half_days: int
    rate: int
    amount: int
    reason: str
    is_correction: bool = False


@dataclass(frozen=True)
class Held:
    """The delivery cannot be reimbursed yet; `code` names the cure."""

    code: str
    reason: str


@dataclass(frozen=True)
class Owing:
    """What is owed now for one delivery and on no statement, and what keeps the rest of it back."""

    lines: tuple[OwedLine, ...] = ()
    held: tuple[Held, ...] = ()


def value_of(rate: int, half_days: int) -> int:
    """What so many half days come to at a rate a day, in pence, half up (M7)."""
    return percent_of(rate * half_days, Decimal(50))


def rate_on(rates: Rates, champion_type: str, home: int, on: date) -> tuple[date, int, bool] | None:
    """The rate of a day, since when it holds, and whether it is the school's own, which goes before the general one."""
    for school in (home, EVERY_SCHOOL):
        if found := in_force(rates.get((champion_type, school), ()), on):
            return (*found, school is not EVERY_SCHOOL)
    return None


def owing(given: Given, *, rates: Rates, payable: Collection[int]) -> Owing:
    """What the home school of the day is owed for one delivery, less what statements hold of it (M16).

    `payable` are the schools of which it is known how they are paid.
    """
    if given.is_disputed and (given.is_confirmed or given.is_waiting):
        return Owing(held=(Held(DISPUTED, "The school says that it was not so. The broker decides."),))
    if given.is_confirmed and given.home is None:
        return Owing(held=(Held(LENDING, f"No school lent the champion on {_day(given.happens_on)}."),))
    lines, held = list(_taken_back(given)), []
    if given.is_waiting:
        held.append(Held(UNCONFIRMED, "The school has not confirmed it yet."))
    elif added := _added(given, rates):
        (lines if isinstance(added, OwedLine) else held).append(added)  # type: ignore[arg-type]
    return _payable(given, lines, held, payable)


def _payable(given: Given, lines: list[OwedLine], held: list[Held], payable: Collection[int]) -> Owing:
    """The lines of schools that can be paid; the others are held back."""
    due = tuple(line for line in lines if line.home in payable)
    if len(due) < len(lines):
        held.append(Held(PAYEE, "It is not known yet how the home school is paid."))
    return Owing(due, tuple(held))


def _taken_back(given: Given) -> Iterator[OwedLine]:
    """What was stated and is not so: at the rate at which it was stated, the latest first."""
    true = given.half_days if given.is_confirmed else 0
    over = max(0, sum(each.half_days for each in given.stated if each.home == given.home) - true)
    for each in reversed(given.stated):
        less = min(over, each.half_days) if each.home == given.home else each.half_days
        if each.home == given.home:
            over -= less
        if less:
            left = value_of(each.rate, each.half_days - less)
            yield OwedLine(each.home, -less, each.rate, left - each.amount, _why_less(given, each, true), True)


def _why_less(given: Given, stated: Stated, true: int) -> str:
    if given.is_confirmed and stated.home != given.home:
        return "Correction: another school lent the champion on that day"
    if not true:
        return f"Correction: {_length(stated.half_days)} had been reimbursed, and it does not count any more"
    return f"Correction: {_length(stated.half_days)} had been reimbursed, and {_length(true)} took place"


def _added(given: Given, rates: Rates) -> OwedLine | Held | None:
    """What took place and is on no statement, at the rate of its own day (S10)."""
    if not given.is_confirmed or given.home is None:
        return None
    stated = [each for each in given.stated if each.home == given.home]
    missing = given.half_days - sum(each.half_days for each in stated)
    if missing <= 0:
        return None
    found = rate_on(rates, given.champion_type, given.home, given.happens_on)
    if found is None:
        return Held(RATE, f"No reimbursement rate for {given.champion_type} on {_day(given.happens_on)}.")
    begun, rate, is_own = found
    before = [each for each in stated if each.rate == rate]
    half_days, amount = sum(each.half_days for each in before), sum(each.amount for each in before)
    reason = (
        f"{pounds(rate)} a day: {given.champion_type} {'rate of this school' if is_own else 'reimbursement rate'} "
        f"from {_day(begun)}"
    )
    if given.stated:
        reason = f"Correction: it counts with {_length(given.half_days)} now. {reason}"
    return OwedLine(given.home, missing, rate, value_of(rate, half_days + missing) - amount, reason, bool(given.stated))


def signed_days(half_days: int) -> str:
    """Half days as days, with a real minus sign below nought: `−0.5`."""
    return f"{'−' if half_days < 0 else ''}{days_text(abs(half_days))}"


def _length(half_days: int) -> str:
    return f"{days_text(half_days)} {'day' if half_days == 2 else 'days'}"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
