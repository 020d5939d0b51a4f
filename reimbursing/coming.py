"""What is coming to a home school, and what a champion's own days bring it; not what the supported school pays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from reimbursing.facts import COLUMNS, Day, Facts, with_champion
from reimbursing.owing import Given, Rates, owing, rate_on, value_of
from reimbursing.proposing import Proposal, propose
from reimbursing.rate_book import payees, reimbursement_rates
from reimbursing.words import said_to_schools
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.years import AcademicYear, Period
from support.models import Champion, Delivery, Lending

ON_STATEMENT, COMING, WAITING, PLANNED = "On a statement", "On the next statement", "Waiting", "Planned"
COLOURS = {ON_STATEMENT: "green", COMING: "blue", WAITING: "orange", PLANNED: "grey"}


def coming_to(user: User, *, on: date) -> tuple[Proposal, QuerySet[Delivery]]:
    """What is owed to the schools of a head and on no statement, and the days that their champions have booked."""
    planned = Delivery.objects.filter(
        state=Delivery.State.PLANNED, champion__in=Champion.objects.lent_by(user), happens_on__gte=on, half_days__gt=0
    )
    booked = planned.select_related("school", "champion", "champion_type").order_by("happens_on", "id")
    return propose(Period(date.min, on), home_schools=School.objects.visible_to(user)), booked


def lends_nobody(user: User) -> bool:
    """Whether no school of this person lends a champion, or ever did."""
    return not Lending.objects.filter(school__in=School.objects.visible_to(user)).exists()


@dataclass(frozen=True)
class OwnDay:
    """One day of a champion, and what the home school gets for it in pence: None where nobody can say yet."""

    day: Day
    home: School | None
    amount: int | None
    status: str
    why: str = ""

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return COLOURS[self.status]


def days_of(user: User, year: AcademicYear) -> list[OwnDay]:
    """A champion's days of an academic year, the latest first, in seven queries."""
    champions, period = Champion.objects.filter(user=user), Period(year.first_day, year.last_day)
    facts, rates, payable = Facts(period, champions), reimbursement_rates(), payees()
    planned = [(Day(*row), None) for row in _planned(user, period)]
    rows = [*facts, *planned]
    homes = School.objects.in_bulk({home for day, _ in rows if (home := facts.home(day.champion, day.happens_on))})
    found = []
    for day, given in rows:
        home = facts.home(day.champion, day.happens_on)
        status, why = _stands(given, rates, set(payable)) if given else (PLANNED, "")
        amount = _amount(day, given, home, rates)
        found.append(OwnDay(day, homes.get(home) if home else None, amount, status, why))
    return sorted(found, key=lambda own: (own.day.happens_on, own.day.pk), reverse=True)


def _planned(user: User, period: Period) -> Iterator[tuple]:
    rows = Delivery.objects.filter(
        champion__user=user,
        state=Delivery.State.PLANNED,
        half_days__gt=0,
        happens_on__range=(period.first_day, period.last_day),
    )
    return iter(with_champion(rows).values_list(*COLUMNS))


def _stands(given: Given, rates: Rates, payable: set[int]) -> tuple[str, str]:
    """How far the money of a day has come, and what it waits for."""
    answer = owing(given, rates=rates, payable=payable)
    if answer.held:
        return WAITING, said_to_schools(answer.held[0].code)
    return (COMING, "") if answer.lines else (ON_STATEMENT, "")


def _amount(day: Day, given: Given | None, home: int | None, rates: Rates) -> int | None:
    """What it comes to: as stated where it is on a statement, otherwise at the rate of its day."""
    if given and given.stated and given.half_days == sum(each.half_days for each in given.stated):
        return sum(each.amount for each in given.stated)
    if given and not (given.is_confirmed or given.is_waiting):
        return 0
    found = rate_on(rates, day.champion_type, home, day.happens_on) if home else None
    return value_of(found[1], day.half_days) if found else None
