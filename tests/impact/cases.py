"""One deployment with its three parties, and what a form of a review sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from schools.models import School
from sidebyside.accounts.models import User
from support.models import Deployment
from tests import make

STARTS, ENDS = date(2022, 9, 12), date(2023, 7, 19)
HALF_WAY, LAST_WEEK = date(2023, 2, 14), date(2023, 7, 12)
OUTCOME, MEASURE = "More children read well", "The phonics check in June"


@dataclass
class Cast:
    """A deployment, and who speaks of it."""

    deployment: Deployment
    school: School
    champion: User
    head: User
    adviser: User
    home_head: User


def cast(*, starts_on: date = STARTS, ends_on: date = ENDS, **rest: Any) -> Cast:
    """A deployment with one outcome, whose three parties and home school sign in."""
    school, home = make.school(name="Mill Lane Primary School"), make.school(name="Hill School")
    champion = make.champion("SSPC", home, name="Jo Marsh", user=make.user("champion", name="Jo Marsh"))
    deployment = make.deployment(school, champion, starts_on=starts_on, ends_on=ends_on, **rest)
    deployment.intended.create(text=OUTCOME, measure=MEASURE)
    return Cast(
        deployment, school, champion.user, make.head(school, name="Ann Reed"), make.adviser_of(school), make.head(home)
    )


def half_over(today: date, **rest: Any) -> Cast:
    """The same, with its mid-point behind it and its end well ahead."""
    return cast(starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=40), **rest)


def just_over(today: date, **rest: Any) -> Cast:
    """The same, which ended yesterday."""
    return cast(starts_on=today - timedelta(days=100), ends_on=today - timedelta(days=1), **rest)


def sent(**rest: str) -> dict[str, str]:
    """What the form of a closing evaluation of one outcome sends."""
    values = {"how_far_0": "mostly", "evidence_0": "41 of 50", "went_well": "Coaching", "to_change": "Begin earlier"}
    return values | {"recommended": "yes", "next_step": ""} | rest
