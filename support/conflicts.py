"""Why a champion should not support a school: the own school, the same trust, the same federation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schools.models import School, SchoolLink, TrustMembership
from support.models import Champion


@dataclass(frozen=True)
class Conflict:
    """One reason. `is_final` cannot be overridden."""

    sentence: str
    is_final: bool


def conflicts_of(champion: Champion, school: School, on: date) -> list[Conflict]:
    """Everything that speaks against sending a champion to a school on a day; empty when nothing does."""
    return Ties([champion.home_school_id, school.pk]).conflicts_of(champion, school, on)


class Ties:
    """What ties some schools to one another, whatever their number read in two queries."""

    def __init__(self, urns: Iterable[int]) -> None:
        known = set(urns)
        links = SchoolLink.objects.filter(urn__in=known, linked_urn__in=known).values_list("urn", "linked_urn")
        self._one = {frozenset(pair) for pair in links}
        self._held: dict[int, list[TrustMembership]] = defaultdict(list)
        for held in TrustMembership.objects.filter(school__in=known).select_related("trust").order_by("pk"):
            self._held[held.school_id].append(held)

    def conflicts_of(self, champion: Champion, school: School, on: date) -> list[Conflict]:
        """Everything that speaks against sending a champion to a school on a day; both are among the schools."""
        home = champion.home_school
        if self.is_one(home, school):
            return [Conflict(f"{school} is the home school of {champion}.", is_final=True)]
        both = [trust] if (trust := self.shared_trust(home, school, on)) else []
        if home.federation and home.federation == school.federation:
            both.append(home.federation)
        shared = f"{school} and the home school of {champion} are both in"
        return [Conflict(f"{shared} {group}.", is_final=False) for group in both]

    def is_one(self, one: School, other: School) -> bool:
        """Whether two records are one school, before and after a conversion (S7)."""
        return one.pk == other.pk or frozenset((one.pk, other.pk)) in self._one

    def shared_trust(self, one: School, other: School, on: date) -> str:
        """The trust that both belong to on a day (S8); empty when there is none."""
        ours = {held.trust_id for held in self._held[one.pk] if is_held(held, on)}
        theirs = (held for held in self._held[other.pk] if is_held(held, on))
        return next((held.trust.name for held in theirs if held.trust_id in ours), "")


def is_held(membership: TrustMembership, on: date) -> bool:
    """Whether a school is in the trust on a day, the last one included."""
    has_joined = membership.joined_on is None or membership.joined_on <= on
    return has_joined and (membership.left_on is None or membership.left_on >= on)
