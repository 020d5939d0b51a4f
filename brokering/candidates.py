"""What is known of the champions who could meet a need, read in the same few queries whatever their number.

They are those who can be deployed and whose home school is of the school's own authority.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from brokering.matching import Candidate, Impact, Match, Named, Objection, Wanted, Weights, match_of, rank
from brokering.models import Need
from impact.ratings import MOST
from impact.record_of import PastImpact, past_impact
from schools.models import School
from support.capacity import Capacity, capacities_of
from support.conflicts import Ties
from support.models import Champion
from support.models.champions import ChampionQuerySet


@dataclass(frozen=True)
class Found:
    """A champion, and how well the need is matched."""

    champion: Champion
    match: Match


def matches_for(need: Need, weights: Weights, *, on: date) -> list[Found]:
    """The champions for a need, ranked as they stand on a day."""
    known = facts_of(champions_for(need), need, on=on)
    people = {candidate.code: champion for champion, candidate in known}
    return [
        Found(people[match.candidate.code], match)
        for match in rank(wanted_by(need), (candidate for _, candidate in known), weights)
    ]


def match_with(need: Need, champion: Champion, weights: Weights, *, on: date) -> Match:
    """One champion for a need."""
    [(_, candidate)] = facts_of(Champion.objects.filter(pk=champion.pk), need, on=on)
    return match_of(wanted_by(need), candidate, weights)


def wanted_by(need: Need) -> Wanted:
    """What a need asks for, as the rule knows it; reads nothing where `in_list` has read the need."""
    kind, skill = need.champion_type, need.skill
    return Wanted(
        half_days=need.half_days,
        starts_on=need.starts_on,
        ends_on=need.ends_on,
        champion_type=Named(kind.pk, kind.name) if kind else None,
        skill=Named(skill.pk, skill.name) if skill else None,
        phase=need.school.phase,
        postcode=need.school.postcode,
    )


def champions_for(need: Need) -> ChampionQuerySet:
    """Those who can be deployed, lent by schools of the school's own authority."""
    return Champion.objects.active().filter(home_school__authority_code=need.school.authority_code)


def facts_of(champions: ChampionQuerySet, need: Need, *, on: date) -> list[tuple[Champion, Candidate]]:
    """These champions, each with all that the rule weighs, as it stands on a day."""
    read = champions.select_related("type", "home_school").prefetch_related("other_types", "skills", "phases")
    people = list(read.order_by("name", "code"))
    keys, year, begins = [each.pk for each in people], need.year, max(need.starts_on, on)
    known = Champion.objects.filter(pk__in=keys)  # by their keys: the same few rows, however many champions there are
    capacities = capacities_of(known, year=year, on=max(on, year.first_day))
    ties, records = Ties([need.school_id], champions=keys), past_impact(keys)
    found = []
    for each in people:
        lending = ties.lending_on(each, begins)
        home = lending.school if lending else each.home_school
        objections = objections_of(each, need, ties, begins)
        impact = impact_for(need, records[each.pk])
        found.append((each, _candidate(each, home, need, capacities[each.pk], objections, impact)))
    return found


def _candidate(
    champion: Champion,
    home: School,
    need: Need,
    capacity: Capacity,
    objections: Iterable[Objection],
    impact: Impact | None,
) -> Candidate:
    phases = {phase.name for phase in champion.phases.all()}
    return Candidate(
        code=champion.code,
        name=champion.name,
        types=frozenset({champion.type_id, *(kind.pk for kind in champion.other_types.all())}),
        skills=frozenset(skill.pk for skill in champion.skills.all()),
        phases=frozenset(phases or ({home.phase} - {""})),
        postcode=home.postcode,
        free_this_year=capacity.free,
        free_then=free_within(capacity, need.starts_on, need.ends_on),
        impact=impact,
        objections=tuple(objections),
    )


def impact_for(need: Need, record: PastImpact) -> Impact | None:
    """What a champion achieved in the area of a need, otherwise in all; None where nothing was rated."""
    there = record.by_skill.get(need.skill_id) if need.skill_id else None
    if there and there.average is not None:
        return Impact(there.deployments, there.average, best=MOST, area=str(need.skill))
    return Impact(record.deployments, record.average, best=MOST) if record.average is not None else None


def free_within(capacity: Capacity, first: date, last: date) -> int | None:
    """The half days left in the half terms that these days reach into; None where nobody has said."""
    reached = [term for term in capacity.half_terms if term.first_day <= last and term.last_day >= first]
    said = [term.free for term in reached if term.free is not None]
    return sum(said) if said else None


def objections_of(champion: Champion, need: Need, ties: Ties, begins: date) -> list[Objection]:
    """What speaks against sending a champion on a day, with the champion's own words about an interest."""
    return [
        Objection(f"{each.sentence} {each.detail}".strip(), each.is_final)
        for each in ties.conflicts_of(champion, need.school, begins)
    ]
