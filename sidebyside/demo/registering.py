"""The register of champions: term dates, what champions can do and when, their checks, who lends them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from schools.models import School
from sidebyside.council.models import HalfTerm
from sidebyside.demo.source import chance, read
from sidebyside.demo.world import PAST, World
from sidebyside.working_days import is_working_day, next_working_day
from sidebyside.years import AcademicYear
from support.actions.availability import set_availability
from support.actions.lending import agree_days, change_home_school
from support.actions.vetting import declare_interest, record_check
from support.models import Champion, CheckKind, Delivery

SAYING, MOVED, EXPIRED, EXPIRING, TIED = 12, 9, 17, 13, 5  # how many say when they can; who of them is special
A_YEAR, NEARLY = timedelta(days=400), timedelta(days=330)


def enter_term_dates(world: World) -> None:
    """The half terms of both years, invented: between the holidays that the demonstration keeps."""
    for year in (PAST, world.now):
        for row in read("council")["half_terms"]:
            first, last = (date.fromisoformat(f"{_year(year, row[end])}-{row[end]}") for end in ("first", "last"))
            while not is_working_day(last):
                last -= timedelta(days=1)
            HalfTerm.objects.create(name=row["name"], first_day=next_working_day(first), last_day=last)


def _year(year: AcademicYear, day: str) -> int:
    return year.start + (int(day[:2]) < year.first_day.month)


def complete_register(world: World, champions: Sequence[Champion], homes: Sequence[School]) -> None:
    """Checks of everybody, what some say about when they can, a declared interest, another home school."""
    for number, champion in enumerate(champions):
        _check(world, champion, number)
    for champion in champions[:SAYING]:
        _say_when(world, champion)
    lead = world.person("lead")
    declare_interest(
        champions[TIED], school=homes[-1], what="A brother teaches there", declared_on=date(2022, 9, 5), by=lead,
        on=world.until,
    )  # fmt: skip
    change_home_school(
        champions[MOVED], school=homes[-2], starts_on=world.now.first_day, half_days_a_year=24, by=lead, on=world.until
    )


def _check(world: World, champion: Champion, number: int) -> None:
    """An induction, and training each year; that of one has expired, and of one it soon will."""
    kinds = {kind.name: kind for kind in CheckKind.objects.all()}
    last = {EXPIRED: world.until - A_YEAR, EXPIRING: world.until - NEARLY}.get(number, world.now.first_day)
    done = [
        ("Induction", date(2021, 9, 6)),
        ("Safeguarding training", date(2022, 9, 1)),
        ("Safeguarding training", last),
    ]
    for name, day in done:
        record_check(champion, kind=kinds[name], done_on=day, by=world.person("lead"), on=world.until)


def _say_when(world: World, champion: Champion) -> None:
    luck = chance(f"availability {champion.code}")
    terms = [*HalfTerm.objects.in_year(PAST), *HalfTerm.objects.in_year(world.now)]
    set_availability(champion, {term: luck.choice((6, 8, 10, 12)) for term in terms}, by=world.person("lead"))


def agree_too_few_days(world: World, champions: Sequence[Champion]) -> None:
    """The champion who has given most this year has given more than the home school agreed to."""
    given = Delivery.objects.in_year(world.now).delivered()
    busiest = max(champions, key=lambda each: (given.filter(champion=each).count(), each.code))
    most = sum(given.filter(champion=busiest).values_list("half_days", flat=True))
    agree_days(busiest, half_days_a_year=max(0, most - 2), by=world.person("lead"), on=world.until)
