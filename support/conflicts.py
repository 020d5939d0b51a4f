"""Why a champion should not support a school on a day: home school, trust, federation, an interest, a check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from django.db.models import Model

from schools.models import School, SchoolLink, TrustMembership
from support.models import Champion, ChampionCheck, CheckKind, Interest, Lending
from support.vetting import Done, Standing, longest, standing_of

Row = TypeVar("Row", bound=Model)


class Kind(StrEnum):
    """What a conflict is about."""

    LENDING = "no home school lends the champion that day"
    OWN_SCHOOL = "own school"
    TRUST = "same trust"
    FEDERATION = "same federation"
    INTEREST = "declared interest"
    CHECK = "check missing or expired"


@dataclass(frozen=True)
class Conflict:
    """One reason. One that `is_final` cannot be overridden, others with a reason; a check's only by a leader.

    `detail` holds the champion's own words about an interest: for the team and the champion, never for a school.
    """

    sentence: str
    is_final: bool
    kind: Kind
    detail: str = ""

    @property
    def is_for_leaders(self) -> bool:
        """Whether only a leader may say why it should go on all the same."""
        return self.kind == Kind.CHECK


def conflicts_of(champion: Champion, school: School, on: date) -> list[Conflict]:
    """Everything that speaks against sending a champion to a school on a day; empty when nothing does."""
    return Ties([school.pk], champions=[champion.pk]).conflicts_of(champion, school, on)


class Ties:
    """What ties some champions to some schools, whatever the number of either read in six queries.

    The home school, the trust and the checks are those of the day that is asked for (S10).
    """

    def __init__(self, urns: Iterable[int], *, champions: Iterable[int]) -> None:
        lent = list(champions)
        lendings = Lending.objects.filter(champion__in=lent).select_related("school")
        self._lendings = _by_champion(lendings)
        self._interests = _by_champion(Interest.objects.filter(champion__in=lent).select_related("school", "trust"))
        self._checks = _by_champion(ChampionCheck.objects.filter(champion__in=lent, kind__is_required=True))
        self._required = list(CheckKind.objects.filter(is_required=True)) if lent else []
        known = {*urns, *(each.school_id for each in lendings)}
        known |= {each.school_id for held in self._interests.values() for each in held if each.school_id}
        links = SchoolLink.objects.filter(urn__in=known, linked_urn__in=known).values_list("urn", "linked_urn")
        self._one = {frozenset(pair) for pair in links}
        self._held: dict[int, list[TrustMembership]] = defaultdict(list)
        for membership in TrustMembership.objects.filter(school__in=known).select_related("trust").order_by("pk"):
            self._held[membership.school_id].append(membership)

    def conflicts_of(self, champion: Champion, school: School, on: date) -> list[Conflict]:
        """Everything that speaks against sending a champion to a school on a day; both are among those named."""
        lending = self.lending_on(champion, on)
        if lending is None:
            sentence = not_lent(champion, self._lendings[champion.pk], on)
            return [Conflict(sentence, is_final=True, kind=Kind.LENDING)]
        home = lending.school
        if self.is_one(home, school):
            sentence = f"{school} is the home school of {champion}."
            return [Conflict(sentence, is_final=True, kind=Kind.OWN_SCHOOL)]
        return [
            *self._of_home(champion, home, school, on),
            *self._of_interests(champion, school, on),
            *self._of_checks(champion, on),
        ]

    def lending_on(self, champion: Champion, on: date) -> Lending | None:
        """Which agreement of a home school holds for a champion on a day; None where none does."""
        return next((each for each in self._lendings[champion.pk] if each.holds_on(on)), None)

    def is_one(self, one: School, other: School) -> bool:
        """Whether two records are one school, before and after a conversion (S7)."""
        return one.pk == other.pk or frozenset((one.pk, other.pk)) in self._one

    def shared_trust(self, one: School, other: School, on: date) -> str:
        """The trust that both belong to on a day (S8); empty when there is none."""
        ours = {held.trust_id for held in self._held[one.pk] if is_held(held, on)}
        theirs = (held for held in self._held[other.pk] if is_held(held, on))
        return next((held.trust.name for held in theirs if held.trust_id in ours), "")

    def _of_home(self, champion: Champion, home: School, school: School, on: date) -> Iterable[Conflict]:
        shared = f"{school} and the home school of {champion} are both in"
        if trust := self.shared_trust(home, school, on):
            yield Conflict(f"{shared} {trust}.", is_final=False, kind=Kind.TRUST)
        if home.federation and home.federation == school.federation:
            yield Conflict(f"{shared} {home.federation}.", is_final=False, kind=Kind.FEDERATION)

    def _of_interests(self, champion: Champion, school: School, on: date) -> Iterable[Conflict]:
        trusts = {held.trust_id for held in self._held[school.pk] if is_held(held, on)}
        for interest in self._interests[champion.pk]:
            if not interest.holds_on(on):
                continue
            if interest.trust_id in trusts or (interest.school and self.is_one(interest.school, school)):
                sentence = f"{champion} has declared an interest in {interest.trust or interest.school}."
                yield Conflict(sentence, is_final=False, kind=Kind.INTEREST, detail=interest.what)

    def _of_checks(self, champion: Champion, on: date) -> Iterable[Conflict]:
        for kind in self._required:
            done = [
                Done(each.done_on, each.expires_on) for each in self._checks[champion.pk] if each.kind_id == kind.pk
            ]
            standing, last = standing_of(done, on), longest(done, on)
            if standing == Standing.MISSING:
                sentence = f"{champion} has no “{kind}” in the register by {on:%-d %B %Y}."
            elif last and not standing.holds:
                sentence = f"“{kind}” of {champion} expired on {last.expires_on:%-d %B %Y}."
            else:
                continue
            yield Conflict(sentence, is_final=False, kind=Kind.CHECK)


def not_lent(champion: Champion, lendings: Iterable[Lending], on: date) -> str:
    """Why nobody lends a champion on a day, and what to do about it; empty where one of these agreements holds."""
    known = list(lendings)
    if any(each.holds_on(on) for each in known):
        return ""
    over = [each for each in known if each.ends_on and each.ends_on < on]
    to_come = [each for each in known if each.starts_on and each.starts_on > on]
    if over:
        last = max(over, key=lambda each: each.ends_on or date.min)
        says = f"{last.school} lent {champion} until {last.ends_on:%-d %B %Y}."
    elif to_come:
        first = min(to_come, key=lambda each: each.starts_on or date.max)
        says = f"{first.school} lends {champion} from {first.starts_on:%-d %B %Y} on."
    else:
        says = f"No school lends {champion}."
    return f"{says} Have the home school for {on:%-d %B %Y} entered in the register first."


def is_held(membership: TrustMembership, on: date) -> bool:
    """Whether a school is in the trust on a day, the last one included."""
    has_joined = membership.joined_on is None or membership.joined_on <= on
    return has_joined and (membership.left_on is None or membership.left_on >= on)


def _by_champion(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.champion_id].append(row)  # type: ignore[attr-defined]
    return found
