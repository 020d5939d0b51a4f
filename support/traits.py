"""What champions are and are good at, types, skills and phases, in one query: for filters, forms and a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import CharField, F, QuerySet, Value

from support.models import Champion, ChampionType, Phase, Skill

TYPE, SKILL, PHASE = "type", "skill", "phase"
Traits = Mapping[str, list[tuple[int, str]]]


def all_traits() -> Traits:
    """Every type, skill and phase as (number, name), by kind, each kind in its own order."""
    return _read(ChampionType.objects.all(), Skill.objects.all(), Phase.objects.all())


def traits_of(champion: Champion) -> Traits:
    """The further types, the skills and the phases of one champion."""
    return _read(champion.other_types.all(), champion.skills.all(), champion.phases.all())


def _read(types: QuerySet, skills: QuerySet, phases: QuerySet) -> Traits:
    rows = _rows(types, TYPE, Value(0), "code")
    rows = rows.union(
        _rows(skills, SKILL, F("position"), "name"), _rows(phases, PHASE, F("position"), "name"), all=True
    )
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for kind, _, _, pk, name in sorted(rows):
        found[kind].append((pk, name))
    return found


def _rows(traits: QuerySet, kind: str, place: F | Value, order: str) -> QuerySet:
    """Kind, place, order, number and name of some traits, alike for all three so that they can be read as one."""
    said = {"place": place, "by": F(order), "number": F("pk"), "says": F("name")}
    named = traits.order_by().annotate(of_kind=Value(kind, CharField()), **said)
    return named.values_list("of_kind", "place", "by", "number", "says")
