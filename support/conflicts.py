"""Why a champion should not support a school: the own school, the same trust, the same federation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from schools.models import School, SchoolLink, TrustMembership
from support.models import Champion


@dataclass(frozen=True)
class Conflict:
    """One reason. `is_final` cannot be overridden."""

    sentence: str
    is_final: bool


def conflicts_of(champion: Champion, school: School, on: date) -> list[Conflict]:
    """Everything that speaks against sending a champion to a school on a day; empty when nothing does."""
    home = champion.home_school
    if is_same_school(home, school):
        return [Conflict(f"{school} is the home school of {champion}.", is_final=True)]
    found = []
    if trust := shared_trust(home, school, on):
        found.append(Conflict(f"{school} and the home school of {champion} are both in {trust}.", is_final=False))
    if home.federation and home.federation == school.federation:
        text = f"{school} and the home school of {champion} are both in {home.federation}."
        found.append(Conflict(text, is_final=False))
    return found


def is_same_school(one: School, other: School) -> bool:
    """Whether two records are one school, before and after a conversion (S7)."""
    if one.pk == other.pk:
        return True
    pairs = Q(urn=one.pk, linked_urn=other.pk) | Q(urn=other.pk, linked_urn=one.pk)
    return SchoolLink.objects.filter(pairs).exists()


def shared_trust(one: School, other: School, on: date) -> str:
    """The trust that both belong to on a day (S8); empty when there is none."""
    held = TrustMembership.objects.filter(
        Q(joined_on__isnull=True) | Q(joined_on__lte=on), Q(left_on__isnull=True) | Q(left_on__gte=on)
    )
    ours = held.filter(school=one).values("trust")
    return held.filter(school=other, trust__in=ours).values_list("trust__name", flat=True).first() or ""
