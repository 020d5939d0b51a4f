"""What waits for consent in the demonstration: a new deployment for one head, other terms for another."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from agreements.actions.consenting import consent_by_link
from agreements.actions.proposing import lent_by, propose_change, propose_deployment, terms_of
from agreements.models import Party
from agreements.people import Person, head_of
from schools.models import School
from sidebyside.demo.source import DOMAIN, read, urn_of
from sidebyside.demo.world import World
from support.agreements import Intended, Terms
from support.models import Champion, Deployment


def ask_for_consent(world: World, champions: list[Champion]) -> None:
    """On the last days: one deployment waits for the head who signs in, one that runs is to get more days."""
    day = world.until - timedelta(days=2)
    ends_on = date(world.now.start + 1, 7, 19)
    if day + timedelta(days=30) < ends_on:
        _propose(world, champions, day, ends_on)
        _change(world, day)


def _propose(world: World, champions: list[Champion], day: date, ends_on: date) -> None:
    """The home school’s head has agreed already."""
    school = School.objects.get(pk=urn_of("head"))
    taken = Deployment.objects.filter(school=school).values_list("champion", flat=True)
    champion = next(each for each in champions if each.type.code == "SSPC" and each.pk not in set(taken))
    texts = read("texts")
    outcomes = tuple(Intended(text, measure) for text, measure in texts["agreed_outcomes"])
    terms = Terms(texts["focuses"][1], 6, day + timedelta(days=12), ends_on, outcomes)
    deployment = propose_deployment(
        champion, school=school, terms=terms, asked=_asked(world, school, champion, day), by=world.person("lead"),
        on=day, at=_at(day, 9),
    )  # fmt: skip
    link = deployment.agreements.get().links.get(party=Party.HOME)
    consent_by_link(link, is_yes=True, at=_at(day, 14))


def _change(world: World, day: date) -> None:
    """Two more days for the academy whose head signs in."""
    running = Deployment.objects.running_on(day).filter(school=urn_of("academy"))
    deployment = running.select_related("school", "champion__home_school").order_by("pk").first()
    if deployment is None:
        return
    now = terms_of(deployment)
    terms = Terms(now.focus, now.half_days + 4, now.starts_on, now.ends_on, now.outcomes)
    propose_change(
        deployment, terms=terms, asked=_asked(world, deployment.school, deployment.champion, day),
        why="A second class joins after half term.", by=world.person("lead"), on=day, at=_at(day, 11),
    )  # fmt: skip


def _asked(world: World, school: School, champion: Champion, day: date) -> dict[Party, Person]:
    """The heads who sign in; where nobody does, an invented one."""
    schools = {Party.SUPPORTED: school, Party.HOME: lent_by(champion, day)}
    return {party: head_of(each, day) or _invented(world, each) for party, each in schools.items()}


def _invented(world: World, school: School) -> Person:
    return Person(next(world.names), f"head{school.pk}@{DOMAIN}")


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
