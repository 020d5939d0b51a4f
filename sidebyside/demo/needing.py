"""What schools ask for this year: two needs that wait for a champion, and one for which somebody is proposed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from agreements.models import Party
from agreements.people import Person
from brokering.actions.needs import ask_for_support
from brokering.actions.proposing import propose_for_need
from brokering.candidates import matches_for
from brokering.models import Need
from brokering.models.weights import weights_in_force
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.demo.source import DOMAIN, read, urn_of
from sidebyside.demo.world import World, is_academy, open_schools
from support.agreements import Intended, Terms, working_half_days
from support.models import ChampionType, Skill

ASKED_BEFORE = timedelta(days=9)


def ask_for_help(world: World) -> list[Need]:
    """The two schools whose heads sign in ask, and an adviser for another one; unless the year is all but over."""
    head, academy = (School.objects.get(pk=urn_of(key)) for key in ("head", "academy"))
    elsewhere = next(
        school
        for school in open_schools(world.until, world.now.last_day)
        if school != head and not is_academy(school) and world.category(school, world.now) == "Prevention"
    )
    asking = [
        (head, world.heads[head.pk]),
        (elsewhere, world.adviser_of(elsewhere)),
        (academy, world.heads[academy.pk]),
    ]
    rows = zip(asking, read("texts")["needs"], strict=True)
    needs = [need for (school, by), row in rows if (need := _ask(world, school, by, row))]
    if needs:
        _propose(world, needs[-1])
    return needs


def _propose(world: World, need: Need) -> None:
    """The best match that no conflict speaks against; the heads of both schools have not answered yet."""
    on, broker = world.until, world.person("lead")
    found = (each for each in matches_for(need, weights_in_force(), on=on) if not each.match.candidate.objections)
    champion = next(found).champion
    outcome = Intended("Both lead their departments’ meetings and check what was agreed.", "Their plans in July")
    home = Person("Headteacher", f"head.{champion.home_school_id}@{DOMAIN}")
    propose_for_need(
        need,
        champion,
        terms=Terms(need.what, need.half_days, need.starts_on, need.ends_on, (outcome,)),
        asked={Party.SUPPORTED: Person(need.asked_by.name, need.asked_by.email), Party.HOME: home},
        champion_type=need.champion_type,
        skill=need.skill,
        by=broker,
        on=on,
        at=timezone.make_aware(datetime.combine(on, time(9))),
    )


def _ask(world: World, school: School, by: User, row: dict[str, Any]) -> Need | None:
    """From the demonstration's day to the end of the academic year, with days that fit; None where none does."""
    left = working_half_days(world.until, world.now.last_day)
    if not left:
        return None
    return ask_for_support(
        school,
        what=row["what"],
        why=row["why"],
        skill=Skill.objects.filter(name=row["skill"]).first(),
        champion_type=ChampionType.objects.filter(code=row["type"]).first(),
        starts_on=world.until,
        ends_on=world.now.last_day,
        half_days=min(row["half_days"], left),
        by=by,
        on=world.until - ASKED_BEFORE,
    )
