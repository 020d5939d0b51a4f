"""Going beyond an allowance is a purchase, not an error: stop, allow with a reason, or the school pays (O13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from schools.models import School
from sidebyside.money import percent_of, pounds
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear
from support.balances import SchoolBalances, balances_of
from support.entitlements import DAYS, Balance, Line, Tally, amount_text, draws, lines_for
from support.models import ChampionType, DayRate, Delivery, Deployment, OfferLine, Service


class Way(StrEnum):
    """The three ways on from an allowance that is used up (O13)."""

    STOP = "stop"
    ALLOW = "allow"
    PAYS = "pays"


@dataclass(frozen=True)
class Answer:
    """Which way somebody chose: `why` goes with allowing it, `agreed_with` with the school paying for it."""

    way: Way
    why: str = ""
    agreed_with: str = ""


@dataclass(frozen=True)
class Beyond:
    """By how much a delivery goes beyond what is left. Amounts in the unit: half days, visits or places.

    `over` is nought when only the deployment's agreed days are passed; `service` is what an adjustment would adjust.
    `price` is of the whole delivery, for that is what the school would buy; empty where another price holds.
    """

    sentence: str
    left: int
    over: int
    unit: str
    service: Service
    price: str = ""
    agreed_over: int = 0


class BeyondAllowance(Refusal):
    """Nothing is booked yet: the form offers the three ways and asks again with an `Answer`."""

    def __init__(self, beyond: Beyond, sentence: str = "", *, field: str = "way") -> None:
        super().__init__(sentence or f"{beyond.sentence} Say what should happen.", field=field)
        self.beyond = beyond


def check_allowance(
    school: School,
    service: Service,
    half_days: int,
    champion_type: ChampionType | None,
    on_day: date,
    *,
    units: int = 1,
    instead_of: Delivery | None = None,
) -> Beyond | None:
    """What one more delivery on a day would take beyond the school's allowance; None when it fits.

    The ceiling is that of the delivery's own day (S10); all that is booked in its academic year counts against it.
    `instead_of` is the same delivery as it was booked in that year: what it had taken under no lower a ceiling was
    granted then, and only what goes beyond that is asked about.
    None too where nothing limits it (O4), where the offer says a price instead of an allowance (O14), and in a year
    without a published offer.
    """
    that_day = _balances(school, on_day)
    if that_day.offer is None or school.sector is None:
        return None
    extra = _tally(service, half_days, champion_type, units)
    former = _Former.of(instead_of, that_day, on_day) if instead_of else None
    category = that_day.category.name if that_day.category else None
    lines = lines_for(that_day.lines, school.sector.value, category)
    touched = [line for line in lines if draws(line, extra)]
    if not any(service.code in line.services for line in lines):
        more = (half_days, units) if former is None else (half_days - former.tally.half_days, 0)
        return _not_offered(that_day, service, *more, price_of(champion_type, half_days, on_day))
    limited = [
        (line, balance, balance.ceiling)
        for line in touched
        if (balance := that_day.balance(line.code)) and balance.ceiling is not None and not _has_a_price(line)
    ]
    if not limited:
        return None
    whole_year = _balances(school, AcademicYear.containing(on_day).last_day)
    for line, balance, ceiling in limited:
        year = whole_year.balance(line.code)
        amount, used = draws(line, extra), year.used if year else balance.used
        if former:
            amount, used = former.leaves(line, ceiling, amount, used)
        left = max(0, ceiling - used)
        if amount > left:
            price = price_of(champion_type, half_days, on_day)
            return _beyond(balance, line, service, champion_type, left, amount, price)
    return None


def check_agreed_days(deployment: Deployment, half_days: int) -> int:
    """How many of these half days go beyond what the deployment agreed; nought when they fit."""
    counting = deployment.deliveries.counting()
    used = sum(counting.values_list("half_days", flat=True))
    return min(half_days, max(0, used + half_days - deployment.half_days_agreed))


def price_of(champion_type: ChampionType | None, half_days: int, on_day: date) -> str:
    """What these half days cost at the day rate of that day, in words; empty where there is no rate."""
    if champion_type is None or not half_days:
        return ""
    rate = day_rate(champion_type, on_day)
    if rate is None:
        return ""
    total = percent_of(rate, Decimal(50) * half_days)
    return f"{pounds(total)} ({amount_text(half_days, DAYS)} at {pounds(rate)} a day)"


def price_note(
    school: School, champion_type: ChampionType | None, half_days: int, on_day: date, *, funding: str
) -> str:
    """What a school should know of the price of a champion's days before it agrees; empty where it pays nothing.

    The share that academies pay on a day is billing's: only the day rate stands here.
    """
    if school.is_academy and champion_type and half_days:
        rate = day_rate(champion_type, on_day)
        return (
            f"The day rate is {pounds(rate)}. The school pays the share of it that holds on that day." if rate else ""
        )
    price = price_of(champion_type, half_days, on_day)
    return f"The school pays {price}." if funding == Delivery.Funding.BOUGHT and price else ""


def day_rate(champion_type: ChampionType, on_day: date) -> int | None:
    """The day rate in pence that holds on a day; None before the first."""
    rates = DayRate.objects.filter(champion_type=champion_type, starts_on__lte=on_day).order_by("-starts_on")
    return rates.values_list("rate", flat=True).first()


def _balances(school: School, on: date) -> SchoolBalances:
    return balances_of(School.objects.filter(pk=school.pk), on=on)[school.pk]


def _tally(service: Service, half_days: int, champion_type: ChampionType | None, units: int) -> Tally:
    return Tally(
        service=service.code,
        half_days=half_days,
        units=units,
        is_booked=True,
        champion_service=champion_type.service.code if champion_type else None,
        is_headline_visit=service.is_visit and not service.is_for_new_heads,
        is_visit=service.is_visit,
    )


def _has_a_price(line: Line) -> bool:
    """Whether the offer gives a price instead of an allowance, as to academies (O14): then nothing is exceeded."""
    return line.basis == OfferLine.Basis.NONE and line.charge != OfferLine.Charge.FREE


@dataclass(frozen=True)
class _Former:
    """What a delivery has booked before it is changed, and the balances of the day on which it was booked."""

    tally: Tally
    balances: SchoolBalances

    @classmethod
    def of(cls, delivery: Delivery, that_day: SchoolBalances, on: date) -> _Former:
        found = that_day if delivery.happens_on == on else _balances(delivery.school, delivery.happens_on)
        return cls(_tally(delivery.service, delivery.half_days, delivery.champion_type, delivery.units), found)

    def leaves(self, line: Line, ceiling: int, amount: int, used: int) -> tuple[int, int]:
        """What is still to be asked about, and what else is used: all of it where the ceiling is lower now (S5)."""
        had, before = draws(line, self.tally), self.balances.balance(line.code)
        if before and before.ceiling is not None and before.ceiling <= ceiling:
            return amount - had, used
        return amount, used - had


def _not_offered(found: SchoolBalances, service: Service, half_days: int, units: int, price: str) -> Beyond | None:
    amount = half_days if service.unit == DAYS else units
    if amount <= 0:
        return None
    sector = "academies" if found.school.is_academy else "maintained schools"
    sentence = f"The offer of {found.offer.year if found.offer else ''} has no {service} for {sector}."
    return Beyond(sentence, 0, amount, service.unit, service, price)


def _beyond(
    balance: Balance,
    line: Line,
    service: Service,
    champion_type: ChampionType | None,
    left: int,
    amount: int,
    price: str,
) -> Beyond:
    over = amount - left
    if not balance.ceiling:
        sentence = f"{balance.name}: this school’s category gives it none."
    else:
        kept = amount_text(left, line.unit) if left else "nothing"
        sentence = f"{balance.name}: {kept} left of {amount_text(balance.ceiling, line.unit)}."
    adjusts = service if service.code in line.services else champion_type.service if champion_type else service
    return Beyond(sentence, left, over, line.unit, adjusts, price)
