"""Deployments that warn: one that is nearly used with its school's pool, one that ends soon, one that stands still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from schools.models import School
from sidebyside.demo.helping import give_day
from sidebyside.demo.source import school_days
from sidebyside.demo.world import World, is_academy, open_schools
from support.actions.deployments import make_deployment
from support.agreements import Intended
from support.models import Champion, Delivery, Deployment

EARLY = 45  # school days before which nothing can have run out
ENDS_IN = timedelta(days=16)
FOR = (
    ("Writing across the school", "Pupils in every year write at length each week, and teachers judge it alike."),
    ("Attendance", "Fewer pupils are away for more than one day in ten."),
    ("Mathematics in Year 6", "More pupils in Year 6 reach what is expected in mathematics."),
)


def run_out(world: World, champions: Sequence[Champion]) -> None:
    """Three of this year; none while the year is young."""
    days = school_days(world.now.first_day, world.until)
    if len(days) < EARLY:
        return
    last = date(world.now.start + 1, 7, 19)
    used, ending, still = zip(_schools(world), _pupil_champions(champions), FOR, strict=True)
    _deploy(world, *used, half_days=16, ends_on=last, given=[*((day, 2) for day in days[4:39:5]), (days[42], 1)])
    soon = min(world.until + ENDS_IN, world.now.last_day)
    _deploy(world, *ending, half_days=8, ends_on=soon, given=[(days[12], 2), (days[37], 2)])
    _deploy(world, *still, half_days=10, ends_on=last, given=[(days[3], 2)])


def _schools(world: World) -> list[School]:
    """The last maintained schools in Prevention that nobody supports yet this year."""
    helped = Deployment.objects.filter(starts_on__gte=world.now.first_day).values_list("school", flat=True)
    free = open_schools(world.now.first_day, world.until).exclude(pk__in=helped)
    needy = [s for s in free if not is_academy(s) and world.category(s, world.now) == "Prevention"]
    return needy[-3:]


def _pupil_champions(champions: Sequence[Champion]) -> list[Champion]:
    return [champion for champion in champions if champion.type.code == "SSPC"][-3:]


def _deploy(
    world: World,
    school: School,
    champion: Champion,
    purpose: tuple[str, str],
    *,
    half_days: int,
    ends_on: date,
    given: Sequence[tuple[date, int]],
) -> None:
    deployment = make_deployment(
        champion,
        school=school,
        focus=purpose[0],
        outcomes=[Intended(purpose[1])],
        half_days_agreed=half_days,
        starts_on=world.now.first_day,
        ends_on=ends_on,
        by=world.person("lead"),
        on=world.now.first_day,
        override="Agreed by both heads: different schools, different focus.",
    )
    taken = set(Delivery.objects.filter(champion=champion).values_list("happens_on", flat=True))
    for place, (day, length) in enumerate(given):
        free = next(other for other in school_days(day, world.until) if other not in taken)
        taken.add(free)
        give_day(world, deployment, free, length, place, waits=False)
