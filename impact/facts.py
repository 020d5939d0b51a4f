"""The facts that the report of what worked is made of, in four queries however many deployments there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from impact.category_moves import category_move
from impact.habits import category_months
from impact.models import Finding, OutcomeRating
from impact.populations import begun_in
from impact.worked import NO_AREA, Facts
from schools.models import CategoryEntry
from schools.risk import Confirmed, Move
from sidebyside.years import AcademicYear
from support.models import Deployment
from support.models.deployments import DeploymentQuerySet


@dataclass
class Stretch:
    """A deployment with those that it carried on at an earlier URN (S7)."""

    keys: list[int]
    schools: list[int]
    starts_on: date
    ends_on: date
    half_days: int
    last: Deployment


def facts_of(years: Collection[AcademicYear], *, on: date) -> list[Facts]:
    """One for each piece of support that began in these academic years; one that was moved to a new URN counts once."""
    found = begun_in(years, on=on)
    stretches = _stretches(found)
    ratings, grades = _ratings(found), _grades(found)
    entries, months = _entries(found), category_months()
    return [
        Facts(
            area=str(stretch.last.skill) if stretch.last.skill else NO_AREA,
            champion_type=str(stretch.last.champion_type),
            half_days=stretch.half_days,
            has_ended=stretch.last.state_on(on) == Deployment.State.ENDED,
            ratings=[rating for key in stretch.keys for rating in ratings[key]],
            moved=_moved(stretch, entries, months, on),
            grades=[grade for key in stretch.keys for grade in grades[key]],
        )
        for stretch in stretches
    ]


def _stretches(deployments: DeploymentQuerySet) -> list[Stretch]:
    """Earlier ones first, so that each finds what it carries on."""
    rows = deployments.with_half_days().select_related("skill", "champion_type").order_by("starts_on", "pk")
    found: dict[int, Stretch] = {}
    carried: dict[int, Stretch] = {}
    for row in rows:
        stretch = carried.pop(row.pk, None) or Stretch([], [], row.starts_on, row.ends_on, 0, row)
        stretch.keys.append(row.pk)
        stretch.schools.append(row.school_id)
        stretch.half_days += row.half_days_delivered
        stretch.ends_on, stretch.last = row.ends_on, row
        if row.successor_id:
            carried[row.successor_id] = stretch
        found[id(stretch)] = stretch
    return list(found.values())


def _ratings(deployments: DeploymentQuerySet) -> dict[int, list[tuple[str, str]]]:
    rows = OutcomeRating.objects.filter(review__kind="closing", review__deployment__in=deployments.values("pk"))
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for key, outcome, how_far in rows.order_by("pk").values_list("review__deployment", "outcome", "how_far"):
        found[key].append((outcome, how_far))
    return found


def _grades(deployments: DeploymentQuerySet) -> dict[int, list[str]]:
    rows = Finding.objects.filter(sampled__deployment__in=deployments.values("pk")).order_by("pk")
    found: dict[int, list[str]] = defaultdict(list)
    for key, grade in rows.values_list("sampled__deployment", "grade"):
        found[key].append(grade)
    return found


def _entries(deployments: DeploymentQuerySet) -> dict[int, list[Confirmed]]:
    rows = CategoryEntry.objects.confirmed().filter(school__in=deployments.values("school")).order_by("pk")
    found: dict[int, list[Confirmed]] = defaultdict(list)
    for school, name, rank, starts_on in rows.values_list("school", "category__name", "category__rank", "starts_on"):
        found[school].append(Confirmed(name, rank, starts_on))
    return found


def _moved(stretch: Stretch, entries: dict[int, list[Confirmed]], months: int, on: date) -> Move | None:
    """How the category moved, of what has ended: while it runs there is no after."""
    if stretch.last.state_on(on) != Deployment.State.ENDED:
        return None
    known = [entry for school in stretch.schools for entry in entries[school]]
    days = {"starts_on": stretch.starts_on, "ends_on": stretch.ends_on}
    return category_move(known, **days, months=months, on=on).direction
