"""Champions for one need: one council's records alone, the same among a nation's, and a loop of queries per champion.

Measured is what the page does before it is drawn: reading the facts of the council's own sixty champions, and ranking
them. First only that council's schools, champions and deliveries are there; then those of ninety-nine others, alike,
join them: sixty thousand deliveries a year, six thousand champions. The need, its candidates and the answer are the
same in both; the drawn page is timed, too. The naive twin runs among the nation's records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from django.core.management import call_command
from django.db import connection
from django.db.models import Model, Sum
from django.http import HttpRequest, QueryDict
from django.test.utils import CaptureQueriesContext

from benchmarks.harness import CPU, WALL, Harness, scratch_database, seconds
from brokering.candidates import matches_for, wanted_by
from brokering.matching import Candidate, Impact, Match, Objection, Weights, rank
from brokering.models import Need
from brokering.models.weights import weights_in_force
from brokering.views.matches import need_match
from impact.models import OutcomeRating, Review
from impact.ratings import MOST, RANKS
from schools.models import School, Trust, TrustMembership
from sidebyside.accounts.models import User
from sidebyside.council.models import HalfTerm
from sidebyside.years import AcademicYear
from support.conflicts import conflicts_of
from support.models import (
    Availability,
    Champion,
    ChampionType,
    Delivery,
    Deployment,
    Lending,
    Phase,
    Service,
    Skill,
)
from support.models.deliveries import DeliveryQuerySet
from support.offer_files import load_standing

NAME = "Matching"
Row = TypeVar("Row", bound=Model)
COUNCILS, SCHOOLS, CHAMPIONS, DELIVERIES = 100, 160, 60, 600  # of each council, the deliveries of each of two years
ROUNDS = 5
THIS, LAST = AcademicYear(2022), AcademicYear(2021)
ON = date(2022, 12, 1)
TERMS = (("Autumn 1", date(2022, 9, 5)), ("Autumn 2", date(2022, 10, 31)), ("Spring 1", date(2023, 1, 3)))


# --- The two sides ----------------------------------------------------------------------------------------------------
def ours(need: Need, weights: Weights) -> list[Match]:
    """What the page asks for."""
    return [found.match for found in matches_for(need, weights, on=ON)]


def naive(need: Need, weights: Weights) -> list[Match]:
    """The same, champion by champion, as one writes it first."""
    champions = Champion.objects.filter(is_active=True, home_school__authority_code=need.school.authority_code)
    return rank(wanted_by(need), [naive_candidate(champion, need) for champion in champions], weights)


def naive_candidate(champion: Champion, need: Need) -> Candidate:
    """One champion, with a query for each thing that one wants to know."""
    lending = champion.lending_on(need.starts_on)
    home = lending.school if lending else champion.home_school
    phases = {phase.name for phase in champion.phases.all()} or ({home.phase} - {""})
    return Candidate(
        code=champion.code,
        name=champion.name,
        types=frozenset({champion.type_id, *champion.other_types.values_list("pk", flat=True)}),
        skills=frozenset(champion.skills.values_list("pk", flat=True)),
        phases=frozenset(phases),
        postcode=home.postcode,
        free_this_year=naive_free_this_year(champion, lending),
        free_then=naive_free_then(champion, need),
        impact=naive_impact(champion, need),
        objections=tuple(
            Objection(f"{each.sentence} {each.detail}".strip(), each.is_final)
            for each in conflicts_of(champion, need.school, need.starts_on)
        ),
    )


def naive_free_this_year(champion: Champion, lending: Lending | None) -> int | None:
    """What the home school lends, less what is delivered, booked, and promised."""
    if lending is None or lending.half_days_a_year is None:
        return None
    used = half_days(champion.deliveries.counting().in_year(THIS))
    running = champion.deployments.filter(
        state__in=["proposed", "agreed"], starts_on__range=(THIS.first_day, THIS.last_day), ends_on__gte=ON
    )
    promised = sum(max(0, each.half_days_agreed - half_days(each.deliveries.counting())) for each in running)
    return max(0, lending.half_days_a_year - used - promised)


def naive_free_then(champion: Champion, need: Need) -> int | None:
    """What is left in each half term that the need reaches into."""
    reached = champion.availabilities.filter(
        half_term__first_day__lte=need.ends_on, half_term__last_day__gte=need.starts_on
    )
    left = []
    for said in reached:
        term = said.half_term
        taken = champion.deliveries.counting().filter(happens_on__range=(term.first_day, term.last_day))
        left.append(max(0, said.half_days - half_days(taken)))
    return sum(left) if left else None


def naive_impact(champion: Champion, need: Need) -> Impact | None:
    """The average of each outcome, then of all: in the need's area where there is one."""
    closed = champion.deployments.filter(reviews__kind="closing").distinct()
    area = closed.filter(skill=need.skill)
    some, name = (area, str(need.skill)) if area.exists() else (closed, "")
    averages = []
    for deployment in some:
        marks: dict[str, list[int]] = {}
        for rating in OutcomeRating.objects.filter(review__deployment=deployment, review__kind="closing"):
            marks.setdefault(rating.outcome, []).append(RANKS[rating.how_far])
        averages += [Decimal(sum(each)) / len(each) for each in marks.values()]
    if not averages:
        return None
    return Impact(some.count(), round(sum(averages, Decimal(0)) / len(averages), 1), best=MOST, area=name)


def half_days(deliveries: DeliveryQuerySet) -> int:
    """Their sum."""
    return deliveries.aggregate(total=Sum("half_days", default=0))["total"]


# --- The benchmark ----------------------------------------------------------------------------------------------------
def run(harness: Harness) -> None:
    """On the engine of DATABASE_URL."""
    clock = WALL if connection.vendor == "postgresql" else CPU
    call_command("collectstatic", interactive=False, verbosity=0)  # the page names its style sheets by their prints
    with scratch_database():
        lead = beginnings()
        council(0)
        analyse()
        need, weights = need_of(lead), weights_in_force()
        alone = [measured(clock, work) for work in works(need, weights, lead)]
        count, before = queries(need, weights), ours(need, weights)
        for number in range(1, COUNCILS):
            council(number)
        analyse()
        nation = [measured(clock, work) for work in works(need, weights, lead)]
        loop, *grown = (all_of_them / one for one, all_of_them in zip(alone, nation, strict=True))
        for place, name in enumerate(("facts and ranking", "the drawn page"), start=1):
            harness.at_most(f"{name}, growth", naive=loop, ours=grown[place - 1], limit=2, unit="times")
            one, all_of_them = seconds(alone[place]), seconds(nation[place])
            harness.note(f"{one} with one council’s records, {all_of_them} among those of {COUNCILS}")
        same = before == ours(need, weights) and count == queries(need, weights)
        harness.holds("same answer and as many queries", "the same", naive=False, ours=same)
        harness.note(f"{count} queries for {len(before)} champions")
        harness.compare(
            f"{CHAMPIONS} champions among {COUNCILS * CHAMPIONS:,}",
            lambda: naive(need, weights),
            lambda: ours(need, weights),
            goal=8,
            clock=clock,
        )


def works(need: Need, weights: Weights, lead: User) -> list[Callable[[], object]]:
    """The loop; the reads with the ranking; and the whole page."""
    request = HttpRequest()
    request.user, request.GET, request.method = lead, QueryDict(""), "GET"
    return [lambda: naive(need, weights), lambda: ours(need, weights), lambda: need_match(request, need.pk)]


def measured(clock: Callable[[], float], work: Callable[[], object]) -> float:
    """The best of some rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begun = clock()
        work()
        times.append(clock() - begun)
    return min(times)


def queries(need: Need, weights: Weights) -> int:
    """How many it takes."""
    with CaptureQueriesContext(connection) as captured:
        ours(need, weights)
    return len(captured)


# --- The world --------------------------------------------------------------------------------------------------------
def beginnings() -> User:
    """What all councils share: the standing lists, skills, half terms; and who looks."""
    lead = User.objects.create(email="lead@council.example", name="Lead", role="lead")
    load_standing(lead)
    Skill.objects.bulk_create(Skill(name=f"Area {n}") for n in range(8))
    HalfTerm.objects.bulk_create(
        HalfTerm(name=name, first_day=day, last_day=day + timedelta(days=40)) for name, day in TERMS
    )
    Trust.objects.bulk_create(Trust(uid=5000 + n, name=f"Trust {n}") for n in range(COUNCILS))
    return lead


def need_of(lead: User) -> Need:
    """A need of the first council's first school."""
    asked = Need.objects.create(
        school_id=100_000, what="Reading", why="Results fell", asked_by=lead, asked_on=ON, half_days=8,
        skill=Skill.objects.get(name="Area 1"), champion_type=ChampionType.objects.get(code="SSPC"),
        starts_on=date(2023, 1, 9), ends_on=date(2023, 2, 10),
    )  # fmt: skip
    return Need.objects.in_list(ON).get(pk=asked.pk)


def council(number: int) -> None:
    """One council: its schools, champions, and two years of deployments, deliveries and reviews."""
    schools = [school(number, n) for n in range(SCHOOLS)]
    written(School, schools)
    trust = 5000 + number
    written(TrustMembership, (TrustMembership(school=each, trust_id=trust) for each in schools[:20]))
    types = list(ChampionType.objects.select_related("service").order_by("pk"))
    champions = written(Champion, (champion(number, n, schools[n], types[n % 3]) for n in range(CHAMPIONS)))
    written(Lending, (Lending(champion=c, school_id=c.home_school_id, half_days_a_year=20) for c in champions))
    skills, phases = list(Skill.objects.all()), list(Phase.objects.filter(name__in=["Primary", "Secondary"]))
    links = Champion.skills.through, Champion.phases.through
    written(links[0], (links[0](champion=c, skill=skills[n % 8]) for n, c in enumerate(champions)))
    written(links[1], (links[1](champion=c, phase=phases[n % 2]) for n, c in enumerate(champions) if n % 3))
    terms = list(HalfTerm.objects.all())
    written(Availability, (Availability(champion=c, half_term=t, half_days=6) for c in champions for t in terms))
    for year in (LAST, THIS):
        support(year, champions, schools, skills)


def school(number: int, n: int) -> School:
    """The n-th school of a council."""
    return School(
        urn=100_000 + number * SCHOOLS + n, name=f"School {number}-{n}", authority_code=f"{100 + number}",
        status="open", phase="Secondary" if n % 4 == 0 else "Primary", type_code="34" if n % 2 else "01",
        postcode=f"HP{1 + n % 20} 1AA",
    )  # fmt: skip


def champion(number: int, n: int, home: School, kind: ChampionType) -> Champion:
    """The n-th champion of a council."""
    return Champion(code=f"C{number}-{n}", name=f"Champion {n * 7 % CHAMPIONS}-{number}", type=kind, home_school=home)


def support(year: AcademicYear, champions: list[Champion], schools: list[School], skills: list[Skill]) -> None:
    """A deployment for each champion, ten deliveries in each, and a closing evaluation of those of last year."""
    lead, services = User.objects.get(role="lead"), {kind.pk: kind.service for kind in types_with_services()}
    deployments = written(
        Deployment,
        (
            Deployment(
                champion=c, champion_type_id=c.type_id, school=schools[60 + n], skill=skills[n % 8], focus="Reading",
                half_days_agreed=14, starts_on=year.first_day, ends_on=year.last_day, made_by=lead, state="agreed",
            )
            for n, c in enumerate(champions)
        ),
    )  # fmt: skip
    written(
        Delivery,
        (
            delivery(deployments[n % CHAMPIONS], services, year.first_day + timedelta(days=9 + n // CHAMPIONS * 14))
            for n in range(DELIVERIES)
        ),
    )
    if year == LAST:
        reviews = written(Review, (review(each, lead) for each in deployments))
        far = list(RANKS)
        written(
            OutcomeRating,
            (
                OutcomeRating(review=each, outcome=f"Outcome {m}", how_far=far[(n + m) % 4], position=m)
                for n, each in enumerate(reviews)
                for m in range(2)
            ),
        )


def delivery(deployment: Deployment, services: dict[int, Service], day: date) -> Delivery:
    """A day of a deployment."""
    return Delivery(
        school_id=deployment.school_id, service=services[deployment.champion_type_id], happens_on=day, half_days=1,
        champion_id=deployment.champion_id, champion_type_id=deployment.champion_type_id, deployment=deployment,
        state="planned" if day > ON else "delivered", funding="offer",
    )  # fmt: skip


def review(deployment: Deployment, lead: User) -> Review:
    """The school's closing evaluation."""
    return Review(
        deployment=deployment, kind="closing", party="supported", went_well="All", to_change="Nothing",
        recommended="yes", written_by=lead, written_on=LAST.last_day,
    )  # fmt: skip


def types_with_services() -> Iterable[ChampionType]:
    """The types of champion."""
    return ChampionType.objects.select_related("service")


def written(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    """The rows, once they are in the database."""
    return list(model._base_manager.bulk_create(rows, batch_size=2000))


def analyse() -> None:
    """As a database does by itself in the night."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
