"""A year's statements to home schools and its subsidy: one council, then all of England (60,000 deliveries a year).

Ours is what the preview and the page of the subsidy compute. The naive twin takes one delivery after the other and asks
for its home school of the day, its rate and what is stated already. Per home school, England may take at most twice as
long as one council.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from django.db import connection
from django.db.models import Sum

from benchmarks.harness import CPU, WALL, Harness, scratch_database, seconds
from billing.models import ChargeBand
from reimbursing.models import Payee, ReimbursementRate, StatementLine
from reimbursing.owing import value_of
from reimbursing.proposing import propose
from reimbursing.subsidy import subsidy
from reimbursing.subsidy_sums import By
from schools.models import School
from sidebyside.years import FinancialYear, Period
from support.models import Champion, ChampionType, DayRate, Delivery, Lending, Service

NAME = "Statements"
COUNCIL, ENGLAND = 60, 1_500  # champions, each with a home school of its own
A_YEAR, SAMPLE, ROUNDS = 40, 5, 3  # deliveries of a champion; home schools of the naive sample
YEAR = FinancialYear(2022)
PERIOD = Period(YEAR.first_day, YEAR.last_day)
Owed = dict[int, tuple[int, int]]  # by home school: half days, pence


# --- The two sides ----------------------------------------------------------------------------------------------------
def ours() -> Owed:
    """What the preview computes."""
    return {each.school.pk: (each.half_days, each.total) for each in propose(PERIOD).statements}


def naive(homes: list[int]) -> Owed:
    """The same for some home schools, delivery by delivery, as one writes it first."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for champion in Champion.objects.filter(home_school__in=homes):
        given = Delivery.objects.filter(champion=champion, state="confirmed", happens_on__range=(
            PERIOD.first_day, PERIOD.last_day
        ))  # fmt: skip
        for delivery in given:
            lending = Lending.objects.on(delivery.happens_on).filter(champion=champion).first()
            stated = StatementLine.objects.filter(delivery=delivery).aggregate(x=Sum("half_days", default=0))["x"]
            rates = ReimbursementRate.objects.filter(
                champion_type=delivery.champion_type, starts_on__lte=delivery.happens_on
            )
            rate = rates.order_by("-starts_on").first()
            if lending and rate and Payee.objects.filter(school=lending.school).exists():
                half_days = delivery.half_days - stated
                found[lending.school_id][0] += half_days
                found[lending.school_id][1] += value_of(rate.rate, half_days)
    return {home: (half_days, pence) for home, (half_days, pence) in found.items()}


# --- The benchmark ----------------------------------------------------------------------------------------------------
def run(harness: Harness) -> None:
    """One council's year, then England's, on the engine of DATABASE_URL."""
    clock = WALL if connection.vendor == "postgresql" else CPU
    with scratch_database():
        types = standing()
        fill(types, 0, COUNCIL)
        council = [best(work, clock) for work in WORKS.values()]
        before = [queries(work) for work in WORKS.values()]
        fill(types, COUNCIL, ENGLAND)
        homes = sorted(Champion.objects.values_list("home_school", flat=True))[:SAMPLE]
        harness.compare(
            f"S1 what is owed for {ENGLAND * A_YEAR:,} deliveries",
            partial(naive, homes),
            ours,
            goal=20,
            clock=clock,
            rounds=ROUNDS,
            naive_share=SAMPLE / ENGLAND,
            same=lambda some, everything: some == {home: everything[home] for home in some},
        )
        england = [best(work, clock) for work in WORKS.values()]
        for (name, work), one, all_, asked in zip(WORKS.items(), council, england, before, strict=True):
            ratio = (all_ / ENGLAND) / (one / COUNCIL)
            harness.at_most(
                f"S2 {name}: per home school, to one council’s", naive=ENGLAND / COUNCIL, ours=ratio, limit=2, unit="x"
            )
            harness.note(f"one council {seconds(one)}, England {seconds(all_)}")
            now = queries(work)
            harness.holds(f"S3 {name}: as many queries for England", "the same", naive=False, ours=now == asked)
            harness.note(f"{now} queries")


def totals(by: By) -> int:
    """The subsidy, grouped."""
    return subsidy(by, PERIOD).total.subsidy


WORKS: dict[str, Callable[[], object]] = {
    "statements": ours,
    "subsidy by type": partial(totals, By.TYPE),
    "subsidy by trust": partial(totals, By.TRUST),
}


def best(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """The best of some rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        begun = clock()
        work()
        times.append(clock() - begun)
    return min(times)


def queries(work: Callable[[], object]) -> int:
    """How many queries it makes."""
    asked = []
    with connection.execute_wrapper(lambda execute, *query: asked.append(1) or execute(*query)):
        work()
    return len(asked)


# --- The world --------------------------------------------------------------------------------------------------------
def standing() -> list[ChampionType]:
    """Three types of champion, with their rates on both sides."""
    types = []
    for code, rate in (("SSLC", 55000), ("SSPC", 40000), ("ABLE", 35000)):
        service = Service.objects.create(code=code, name=code, unit="days")
        types.append(ChampionType.objects.create(code=code, name=code, service=service))
        for model in (DayRate, ReimbursementRate):
            model.objects.create(champion_type=types[-1], starts_on=date(2019, 9, 1), rate=rate)
    ChargeBand.objects.create(starts_on=date(2022, 4, 1), percent=50)
    return types


def fill(types: list[ChampionType], first: int, last: int) -> None:
    """Champions with a home school and a supported one each, and a year's deliveries of theirs."""
    numbers = range(first, last)
    School.objects.bulk_create(school(urn + n, n) for n in numbers for urn in (200_000, 300_000))
    Payee.objects.bulk_create(
        Payee(school_id=200_000 + n, method="journal", cost_centre=f"S{n}") for n in numbers if not n % 2
    )
    Payee.objects.bulk_create(by_bank(200_000 + n) for n in numbers if n % 2)
    champions = Champion.objects.bulk_create(
        Champion(code=f"CH{n}", name=f"Champion {n}", type=types[n % 3], home_school_id=200_000 + n) for n in numbers
    )
    Lending.objects.bulk_create(Lending(champion=each, school_id=each.home_school_id) for each in champions)
    deliveries = (day(each, n, place) for each, n in zip(champions, numbers, strict=True) for place in range(A_YEAR))
    Delivery.objects.bulk_create(deliveries, batch_size=2000)
    with connection.cursor() as cursor:
        for model in (School, Delivery, Lending, Payee):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def school(urn: int, n: int) -> School:
    """Every second one an academy."""
    return School(urn=urn, name=f"School {urn}", authority_code="100", type_code="34" if n % 2 else "01", status="open")


def by_bank(urn: int) -> Payee:
    """An academy's account."""
    return Payee(school_id=urn, method="bank", payee_name="A", sort_code="20-00-00", account_number="12345678")


def day(champion: Champion, n: int, place: int) -> Delivery:
    """One day or half a day, spread over the year."""
    on = PERIOD.first_day + timedelta(days=(place * 9 + n) % 365)
    return Delivery(
        school_id=300_000 + (n * 7 + place) % (n + 1), service_id=champion.type.service_id, happens_on=on,
        half_days=1 + place % 2, state="confirmed", confirmed_on=on, champion=champion, champion_type=champion.type,
    )  # fmt: skip
