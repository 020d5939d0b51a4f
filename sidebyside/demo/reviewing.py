"""What everybody says of the first year's deployments, a mid-point review that is due, and quality assurance."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from impact.actions.reviews import Rated, outcomes_of, write_review
from impact.actions.sampling import draw_sample, record_finding
from impact.due import dues
from impact.habits import review_habits
from impact.inviting import invite_reviews
from impact.models import Kind, Party, Review
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.demo.helping import area_of
from sidebyside.demo.source import chance, read, urn_of
from sidebyside.demo.world import PAST, World
from support.actions.deployments import make_deployment
from support.agreements import Intended
from support.models import Champion, Deployment

DRAWN, FOUND = 4, 3
LEVELS = ("mostly", "fully", "partly", "mostly", "fully", "mostly", "not yet")
VISITED, FOUND_ON = date(2023, 6, 14), date(2023, 7, 20)


def review_deployments(world: World, champions: list[Champion]) -> None:
    """The first year's closing evaluations by all three, its sample, and what is due now."""
    past = Deployment.objects.filter(starts_on__range=(PAST.first_day, PAST.last_day), successor__isnull=True)
    rows = past.select_related("champion__user", "school").prefetch_related("intended").order_by("pk")
    for place, deployment in enumerate(rows):
        for party in Party:
            _review(world, deployment, party, place)
    _assure_quality(world)
    if half_way := _begin_a_short_one(world, champions[0]):
        invite_reviews(now=timezone.make_aware(datetime.combine(half_way, time(6))))


def _review(world: World, deployment: Deployment, party: Party, place: int) -> None:
    """As the party wrote it, or as the team heard it from one who does not sign in."""
    luck, texts = chance(f"review {place} {party}"), read("texts")["reviews"]
    words = dict(texts[(place + list(Party).index(party)) % len(texts)])
    evidence = words.pop("evidence")
    level = LEVELS[(place + luck.choice((0, 0, 1))) % len(LEVELS)]
    writer = _writer(world, deployment, party)
    write_review(
        deployment,
        kind=Kind.CLOSING,
        party=party,
        ratings=[Rated(outcome, measure, level, evidence) for outcome, measure in outcomes_of(deployment)],
        recommended=luck.choice([Review.Advice.YES, Review.Advice.YES, Review.Advice.CHANGED]),
        heard_how="" if writer else "by telephone",
        by=writer or world.person("lead"),
        on=deployment.ends_on,
        **words,
    )


def _writer(world: World, deployment: Deployment, party: Party) -> User | None:
    if party == Party.ADVISER:
        return world.adviser_of(deployment.school)
    return deployment.champion.user if party == Party.CHAMPION else world.heads.get(deployment.school_id)


def _assure_quality(world: World) -> None:
    """A sample of the first year, of which all but one have been looked at."""
    lead, texts = world.person("lead"), read("texts")["findings"]
    sample = draw_sample(
        PAST,
        size=DRAWN,
        reason="The summer term’s checks",
        seed=f"{chance('sample').getrandbits(128):032x}",
        by=lead,
        on=date(2023, 6, 5),
    )
    for words, sampled in zip(texts[:FOUND], sample.deployments.select_related("deployment"), strict=False):
        record_finding(sampled, **words, visited_on=VISITED, by=lead, on=FOUND_ON)


def _begin_a_short_one(world: World, champion: Champion) -> date | None:
    """A deployment of eight weeks of which half is over, and that day; None where the academic year has no room."""
    year, texts = world.now, read("texts")
    starts_on = max(year.first_day, world.until - timedelta(days=30))
    ends_on = min(year.last_day, starts_on + timedelta(days=56))
    half_way = next(dues(starts_on, ends_on, review_habits()))
    if half_way.kind != "midpoint" or half_way.opens_on > world.until:
        return None
    make_deployment(
        champion,
        school=School.objects.get(pk=urn_of("academy")),
        focus=texts["focuses"][1],
        skill=area_of(texts["focuses"][1]),
        outcomes=[Intended(texts["outcomes"][1], texts["measures"][1])],
        half_days_agreed=6,
        starts_on=starts_on,
        ends_on=ends_on,
        by=world.person("lead"),
        on=starts_on,
        override="Agreed by both heads: a short piece of work.",
    )
    return half_way.opens_on
