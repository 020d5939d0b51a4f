"""What schools ask for this year: needs that wait for a champion."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from brokering.actions.needs import ask_for_support
from brokering.models import Need
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.demo.source import read, urn_of
from sidebyside.demo.world import World, is_academy, open_schools
from support.agreements import working_half_days
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
    return [need for (school, by), row in rows if (need := _ask(world, school, by, row))]


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
