"""What every open school in England is entitled to on a day (E1), against a loop of queries for each school.

Ours is what the CSV of entitlements asks for. The naive twin looks up one school after the other: its category, the
offer's lines, its deliveries of the year. It does so for a sample of schools, with time scaled up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.harness import WALL, Harness, scratch_database, seconds
from schools.models import Appointment, Category, CategoryEntry, School
from schools.models.register import SchoolQuerySet
from sidebyside.accounts.models import User
from sidebyside.years import AcademicYear
from support.actions.offers import publish_offer
from support.balances import balances_of
from support.models import Adjustment, Champion, ChampionType, Delivery, Offer, OfferLine, Service
from support.offer_files import OFFER, load_standing, make_offer, read
from support.views.entitlements import cells

NAME = "Entitlement"
SCHOOLS, DELIVERIES, SAMPLE = 25_000, 200_000, 200
ON = date(2023, 5, 15)
YEAR = AcademicYear(2022)
Amounts = tuple[int | None, int, int, int | None]  # allowance, delivered, booked, left
Answer = dict[int, dict[str, Amounts]]


# --- The two sides ----------------------------------------------------------------------------------------------------
def ours(schools: SchoolQuerySet) -> Answer:
    """Every school's balances at once."""
    return {
        urn: {each.code: (each.allowance, each.delivered, each.booked, each.left) for each in found.balances}
        for urn, found in balances_of(schools.all(), on=ON).items()  # read afresh each round
    }


def naive(schools: SchoolQuerySet) -> Answer:
    """The same, school by school, as one writes it first."""
    return {school.urn: naive_school(school) for school in schools.all()}


def naive_school(school: School) -> dict[str, Amounts]:
    """One school's: its category, each line of the offer that is for it, and the deliveries that draw on that."""
    entry = school.category_entries.filter(state="confirmed", starts_on__lte=ON).order_by("-starts_on").first()
    offer = Offer.objects.get(year_start=YEAR.start, state="published")
    found: dict[str, Amounts] = {}
    for line in offer.lines.filter(sector=school.sector.value).order_by("position", "id"):
        code = (line.pool or line.service).code
        if code not in found or (entry and line.category_id == entry.category_id):
            found[code] = naive_line(school, line, entry)
    return found


def naive_line(school: School, line: OfferLine, entry: CategoryEntry | None) -> Amounts:
    """One line: its allowance, and the sum of what was used of it."""
    is_ours = line.category_id is None or (entry is not None and line.category_id == entry.category_id)
    services = list(line.pool.services.all()) if line.pool else [line.service]
    used = {True: 0, False: 0}
    for delivery in naive_deliveries(school):
        amount = 0
        if delivery.service in services:
            amount = delivery.half_days if delivery.service.unit == "days" else delivery.units
        elif is_ours and line.hlv_use == "champion attends" and delivery.service.is_visit and delivery.champion_type:
            amount = delivery.half_days if delivery.champion_type.service in services else 0
        used[delivery.state == "planned"] += amount
    allowance: int | None = line.allowance if is_ours and line.allowance is not None else 0
    if is_ours and line.basis == "not limited":
        allowance = None
    if line.basis == "per appointment":
        allowance = naive_new_heads(school)
    left = None if allowance is None else max(0, allowance - used[True] - used[False])
    return allowance, used[False], used[True], left


def naive_deliveries(school: School) -> list[Delivery]:
    """What counts on the day."""
    counting = school.deliveries.filter(happens_on__range=(YEAR.first_day, YEAR.last_day), funding="offer")
    counting = counting.exclude(state="cancelled").filter(Q(state="planned") | Q(happens_on__lte=ON))
    return list(counting.select_related("service", "champion_type__service"))


def naive_new_heads(school: School) -> int:
    """The appointments of this year that are new."""
    new = school.appointments.filter(kind="new to post", started_on__range=(YEAR.first_day, ON))
    return new.count()


# --- The benchmark ----------------------------------------------------------------------------------------------------
def run(harness: Harness) -> None:
    """E1, on the engine of DATABASE_URL."""
    goal = 100 if connection.vendor == "postgresql" else 60
    with scratch_database():
        make_offer_of_the_year()
        make_schools()
        make_deliveries()
        everybody = School.objects.order_by("urn")
        sample = everybody.filter(urn__in=[100_000 + n * (SCHOOLS // SAMPLE) for n in range(SAMPLE)])
        _, fast = harness.compare(
            f"E1 entitlement of {SCHOOLS:,} schools",
            partial(naive, sample),
            partial(ours, everybody),
            goal=goal,
            clock=WALL,
            naive_share=SAMPLE / SCHOOLS,
            same=lambda some, everything: all(everything[urn] == answer for urn, answer in some.items()),
        )
        harness.note(f"{fast / SCHOOLS * 1e6:.0f} microseconds a school; all of England in {seconds(fast)}")
        counted(harness, everybody)


def counted(harness: Harness, everybody: SchoolQuerySet) -> None:
    """The CSV of entitlements asks as often for one school as for all, and hands on its rows as they come."""
    counts = [queries(schools) for schools in (everybody.filter(urn=100_000), everybody)]
    [one, all_of_them] = counts
    harness.holds("E1 queries of the CSV, 1 and all", "the same", naive=False, ours=one == all_of_them)
    harness.note(f"{all_of_them} queries for {SCHOOLS:,} schools")


def queries(schools: SchoolQuerySet) -> int:
    """How many queries all rows of the CSV take."""
    with CaptureQueriesContext(connection) as captured:
        rows = cells(schools.all(), ON)
        assert isinstance(rows, Iterator)
        assert sum(1 for _ in rows) > 0
    return len(captured)


# --- The world --------------------------------------------------------------------------------------------------------
def make_offer_of_the_year() -> None:
    """The offer of 2022/23, published."""
    by = User.objects.create(email="lead@council.example", name="Lead", role="lead")
    load_standing(by)
    publish_offer(make_offer(YEAR, read(OFFER), by=by, on=YEAR.first_day), by=by, on=YEAR.first_day)


def make_schools() -> None:
    """Open schools of both sectors; two categories each in the year, and every twelfth has a new head."""
    made = School.objects.bulk_create(
        (
            School(
                urn=100_000 + n,
                name=f"School {n}",
                authority_code=f"{100 + n % 153}",
                status="open",
                phase="Primary",
                type_code="34" if n % 2 else "01",
            )
            for n in range(SCHOOLS)
        ),
        batch_size=2000,
    )
    categories, now = list(Category.objects.order_by("rank")), timezone.now()
    CategoryEntry.objects.bulk_create(
        (
            CategoryEntry(
                school=school,
                category=categories[(n + turn) % 3],
                starts_on=day,
                state="confirmed",
                reason="Agreed",
                confirmed_at=now,
            )
            for n, school in enumerate(made)
            for turn, day in enumerate((date(2022, 9, 1), date(2023, 1, 9)))
        ),
        batch_size=2000,
    )
    new = (school for n, school in enumerate(made) if n % 12 == 0)
    appointments = (
        Appointment(school=school, head_name="A head", started_on=date(2023, 1, 1), kind="new to post")
        for school in new
    )  # fmt: skip
    Appointment.objects.bulk_create(appointments, batch_size=2000)


def make_deliveries() -> None:
    """Eight for each school: visits, some of them with a champion, and champions' days; some are still booked."""
    services = {service.code: service for service in Service.objects.all()}
    types = {kind.code: kind for kind in ChampionType.objects.all()}
    home = School.objects.order_by("urn").first()
    champions = {
        code: Champion.objects.create(code=code, name=code, type=kind, home_school=home) for code, kind in types.items()
    }
    codes = ("HLV", "SSPC", "ABLE", "SSLC", "HLV", "SSPC", "SSLC", "HLV")
    Delivery.objects.bulk_create(
        (delivery(n, codes[n % 8], services, champions) for n in range(DELIVERIES)), batch_size=5000
    )
    assert not Adjustment.objects.exists()
    with connection.cursor() as cursor:
        for table in (School, Delivery, CategoryEntry, Appointment):
            cursor.execute(f"ANALYZE {table._meta.db_table}")


def delivery(n: int, code: str, services: dict[str, Service], champions: dict[str, Champion]) -> Delivery:
    """The n-th delivery."""
    day = YEAR.first_day + timedelta(days=10 + n % 300)
    attends = champions["SSLC"] if code == "HLV" and n % 5 == 0 else champions.get(code)
    return Delivery(
        school_id=100_000 + n // 8 % SCHOOLS, service=services[code], happens_on=day,
        half_days=1 + n % 2 if attends else 0, champion=attends, champion_type=attends.type if attends else None,
        state="planned" if day > ON else "delivered", funding="offer",
    )  # fmt: skip
