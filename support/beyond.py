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
class Excess:
    """By how much a delivery goes beyond what is left of one line. Amounts in the unit: half days, visits or places.

    `over` is what is to be asked about; `needs` is all that the delivery has no room for, also what was granted to it
    when it was booked. `service` is what an adjustment would adjust, `services` what share the line.
    """

    sentence: str
    left: int
    over: int
    needs: int
    unit: str
    service: Service
    services: frozenset[str]


@dataclass(frozen=True)
class Beyond:
    """What a delivery takes beyond the allowance, line by line, and beyond the deployment's agreed days.

    `price` is of the whole delivery, for that is what the school would buy; empty where another price holds.
    """

    excesses: tuple[Excess, ...] = ()
    price: str = ""
    agreed_over: int = 0
    agreed: str = ""

    @property
    def sentence(self) -> str:
        """Every line that has too little left, and the agreed days."""
        return " ".join(filter(None, [*(excess.sentence for excess in self.excesses), self.agreed]))


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
) -> tuple[Excess, ...]:
    """What one more delivery on a day would take beyond the school's allowance, line by line; empty when it fits.

    The ceiling is that of the delivery's own day (S10); all that is booked in its academic year counts against it. A
    visit with a champion draws on its own line and on the champion's pool: both are looked at (O7).
    `instead_of` is the same delivery as it was booked: what it had taken in that year under no lower a ceiling was
    granted then, and only what goes beyond that is `over`.
    Nothing where nothing limits it (O4), where the offer says a price instead of an allowance (O14), and in a year
    without a published offer.
    """
    that_day = _balances(school, on_day, without=instead_of)
    if that_day.offer is None or school.sector is None:
        return ()
    extra = tally_of(service, half_days, champion_type, units)
    former = _Former.of(instead_of, that_day, on_day) if instead_of else None
    category = that_day.category.name if that_day.category else None
    lines = lines_for(that_day.lines, school.sector.value, category)
    found = []
    if not any(service.code in line.services for line in lines):
        found.append(_not_offered(that_day, service, half_days if service.unit == DAYS else units, former))
    limited = [line for line in lines if draws(line, extra) and not has_a_price(line)]
    if limited:
        whole_year = _balances(school, AcademicYear.containing(on_day).last_day, without=instead_of)
        found += [_excess(line, that_day, whole_year, extra, former, service, champion_type) for line in limited]
    return tuple(excess for excess in found if excess)


def check_agreed_days(deployment: Deployment, half_days: int) -> int:
    """How many of these half days go beyond what the deployment agreed; nought when they fit."""
    counting = deployment.deliveries.counting()
    used = sum(counting.values_list("half_days", flat=True))
    return min(half_days, max(0, used + half_days - deployment.half_days_agreed))


def price_of(champion_type: ChampionType | None, half_days: int, on_day: date) -> str:
    """What these half days cost at the day rate of that day, in words; empty where there is no rate."""
    if champion_type is None or not half_days:
        return ""
    return _price_at(day_rate(champion_type, on_day), half_days)


def _price_at(rate: int | None, half_days: int) -> str:
    if rate is None or not half_days:
        return ""
    total = percent_of(rate, Decimal(50) * half_days)
    return f"{pounds(total)} ({amount_text(half_days, DAYS)} at {pounds(rate)} a day)"


def price_note(
    school: School, champion_type: ChampionType | None, half_days: int, on_day: date, *, funding: str
) -> str:
    """What a school should know of the price of a champion's days before it agrees; empty where it pays nothing.

    The share that academies pay on a day is billing's: only the day rate stands here.
    """
    if champion_type is None or not (school.is_academy or funding == Delivery.Funding.BOUGHT):
        return ""
    return price_note_at(day_rate(champion_type, on_day), school, half_days, funding=funding)


def price_note_at(rate: int | None, school: School, half_days: int, *, funding: str) -> str:
    """The same at a day rate that is known, in pence; empty where there is none."""
    if rate is None or not half_days:
        return ""
    if school.is_academy:
        return f"The day rate is {pounds(rate)}. The school pays the share of it that holds on that day."
    return f"The school pays {_price_at(rate, half_days)}." if funding == Delivery.Funding.BOUGHT else ""


def day_rate(champion_type: ChampionType, on_day: date) -> int | None:
    """The day rate in pence that holds on a day; None before the first."""
    rates = DayRate.objects.filter(champion_type=champion_type, starts_on__lte=on_day).order_by("-starts_on")
    return rates.values_list("rate", flat=True).first()


def _balances(school: School, on: date, without: Delivery | None) -> SchoolBalances:
    return balances_of(School.objects.filter(pk=school.pk), on=on, without=without)[school.pk]


def tally_of(service: Service, half_days: int, champion_type: ChampionType | None, units: int) -> Tally:
    """What one delivery that is booked draws on."""
    return Tally(
        service=service.code,
        half_days=half_days,
        units=units,
        is_booked=True,
        champion_service=champion_type.service.code if champion_type else None,
        is_headline_visit=service.is_visit and not service.is_for_new_heads,
        is_visit=service.is_visit,
    )


def has_a_price(line: Line) -> bool:
    """Whether the offer gives a price instead of an allowance, as to academies (O14): then nothing is exceeded."""
    return line.basis == OfferLine.Basis.NONE and line.charge != OfferLine.Charge.FREE


@dataclass(frozen=True)
class _Former:
    """What a delivery had booked in the same year before it is changed, and what else stood on its day then."""

    tally: Tally
    balances: SchoolBalances

    @classmethod
    def of(cls, delivery: Delivery, that_day: SchoolBalances, on: date) -> _Former | None:
        day = delivery.happens_on
        if day not in AcademicYear.containing(on):
            return None
        found = that_day if day == on else _balances(delivery.school, day, without=delivery)
        return cls(tally_of(delivery.service, delivery.half_days, delivery.champion_type, delivery.units), found)

    def had(self, line: Line, ceiling: int) -> int:
        """What was granted to it: all that it had; nothing where the ceiling is lower on the new day (S5)."""
        before = self.balances.balance(line.code)
        if before and before.ceiling is not None and before.ceiling <= ceiling:
            return draws(line, self.tally)
        return 0


def _not_offered(found: SchoolBalances, service: Service, amount: int, former: _Former | None) -> Excess | None:
    had = 0
    if former:
        had = former.tally.half_days if service.unit == DAYS else former.tally.units
    if amount <= 0:
        return None
    sector = "academies" if found.school.is_academy else "maintained schools"
    sentence = f"The offer of {found.offer.year if found.offer else ''} has no {service} for {sector}."
    over = max(0, amount - had)
    return Excess(sentence, 0, over, amount, service.unit, service, frozenset({service.code}))


def _excess(
    line: Line, that_day: SchoolBalances, whole_year: SchoolBalances, extra: Tally, former: _Former | None,
    service: Service, champion_type: ChampionType | None,
) -> Excess | None:  # fmt: skip
    """By how much it goes beyond one line; None where it fits, and where nothing limits it."""
    balance = that_day.balance(line.code)
    if balance is None or balance.ceiling is None:
        return None
    year, amount = whole_year.balance(line.code), draws(line, extra)
    free = balance.ceiling - (year.used if year else balance.used)
    needs = amount - max(0, free)
    if needs <= 0:
        return None
    had = former.had(line, balance.ceiling) if former else 0
    granted = min(had, max(0, had - free))
    adjusts = service if service.code in line.services or not champion_type else champion_type.service
    left, over = max(0, free - had), max(0, needs - granted)
    return Excess(_words(balance, line, left), left, over, needs, line.unit, adjusts, line.services)


def _words(balance: Balance, line: Line, left: int) -> str:
    if not balance.ceiling:
        return f"{balance.name}: this school’s category gives it none."
    kept = amount_text(left, line.unit) if left else "nothing"
    return f"{balance.name}: {kept} left of {amount_text(balance.ceiling, line.unit)}."
