"""Which champion suits a need: ranked, each with the reasons for and against, and what each reason counts. Pure.

The points are data (`Weights`); the rule is how they add up. A reason that is not known counts nothing and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sidebyside.days import days_text

OUTWARD = re.compile(r"([A-Z]{1,2})\d[A-Z\d]?")
INWARD = 3  # the last letters of a postcode, which say the street


class Kind(StrEnum):
    """What a reason is about; the weights go by it."""

    TYPE = "type"
    SKILL = "skill"
    PHASE = "phase"
    DAYS = "days"
    DISTRICT = "district"
    AREA = "area"
    IMPACT = "impact"
    CONFLICT = "conflict"

    @property
    def label(self) -> str:
        """As pages and the administration name it."""
        return LABELS[self]


LABELS = {
    Kind.TYPE: "Type of champion",
    Kind.SKILL: "Area",
    Kind.PHASE: "Phase",
    Kind.DAYS: "Days free",
    Kind.DISTRICT: "Same postcode district",
    Kind.AREA: "Same postcode area",
    Kind.IMPACT: "Past impact",
    Kind.CONFLICT: "Conflict, taken away",
}


class Side(StrEnum):
    """Which way a reason speaks."""

    FOR = "for"
    AGAINST = "against"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Weights:
    """The most points that each kind of reason counts; of a conflict, how many it takes away."""

    type: int
    skill: int
    phase: int
    days: int
    district: int
    area: int
    impact: int
    conflict: int


@dataclass(frozen=True)
class Named:
    """One of a standing list: its key, and what people call it."""

    key: int
    name: str


@dataclass(frozen=True)
class Wanted:
    """What a need asks for. `phase` and `postcode` are the school's; empty or None where nothing is asked or known."""

    half_days: int
    starts_on: date
    ends_on: date
    champion_type: Named | None = None
    skill: Named | None = None
    phase: str = ""
    postcode: str = ""


@dataclass(frozen=True)
class Objection:
    """What speaks against sending a champion to the school. `is_final` cannot be overridden."""

    sentence: str
    is_final: bool


@dataclass(frozen=True)
class Impact:
    """What past deployments brought: how many were evaluated, and their average on a scale that ends at `best`.

    `area` names the one that they were all for, empty where they were for any.
    """

    deployments: int
    average: Decimal
    best: int
    area: str = ""


@dataclass(frozen=True)
class Candidate:
    """What is known of one champion. Half days are None where nobody has said how many there are."""

    code: str
    name: str
    types: frozenset[int] = frozenset()
    skills: frozenset[int] = frozenset()
    phases: frozenset[str] = frozenset()
    postcode: str = ""
    free_this_year: int | None = None
    free_then: int | None = None  # in the half terms in which the support is wanted
    impact: Impact | None = None
    objections: tuple[Objection, ...] = ()


@dataclass(frozen=True)
class Reason:
    """A sentence for or against, what it counts, and the most that it could have counted."""

    kind: Kind
    side: Side
    sentence: str
    points: int = 0
    most: int = 0


@dataclass(frozen=True)
class Match:
    """A champion for a need: the reasons, and the fit that they add up to, of the most that anybody could reach."""

    candidate: Candidate
    reasons: tuple[Reason, ...]

    @property
    def fit(self) -> int:
        """The sum of what the reasons count; below nought where conflicts outweigh the rest."""
        return sum(reason.points for reason in self.reasons)

    @property
    def most(self) -> int:
        """What the fit would be if everything spoke for the champion."""
        return sum(reason.most for reason in self.reasons)

    @property
    def is_blocked(self) -> bool:
        """Whether something speaks against it that no reason overrides."""
        return any(objection.is_final for objection in self.candidate.objections)

    @property
    def needs_a_reason(self) -> bool:
        """Whether whoever proposes it has to say why."""
        return bool(self.candidate.objections) and not self.is_blocked

    def on_side(self, side: Side) -> list[Reason]:
        """The reasons that speak this way."""
        return [reason for reason in self.reasons if reason.side == side]


def rank(wanted: Wanted, candidates: Iterable[Candidate], weights: Weights) -> list[Match]:
    """All of them, the best fit first and those who cannot be chosen last; equals by name and code."""
    matches = [match_of(wanted, candidate, weights) for candidate in candidates]
    return sorted(matches, key=lambda m: (m.is_blocked, -m.fit, m.candidate.name.casefold(), m.candidate.code))


def match_of(wanted: Wanted, candidate: Candidate, weights: Weights) -> Match:
    """One champion, weighed."""
    reasons = [
        *_type(wanted, candidate, weights),
        *_skill(wanted, candidate, weights),
        *_phase(wanted, candidate, weights),
        _days(wanted, candidate, weights),
        _distance(wanted, candidate, weights),
        _impact(candidate, weights),
        *(Reason(Kind.CONFLICT, Side.AGAINST, each.sentence, -weights.conflict) for each in candidate.objections),
    ]
    return Match(candidate, tuple(reasons))


def _type(wanted: Wanted, candidate: Candidate, weights: Weights) -> list[Reason]:
    kind = wanted.champion_type
    if kind is None:
        return []
    if kind.key in candidate.types:
        return [Reason(Kind.TYPE, Side.FOR, f"Is of the type asked for: {kind.name}.", weights.type, weights.type)]
    return [Reason(Kind.TYPE, Side.AGAINST, f"Is not of the type asked for: {kind.name}.", 0, weights.type)]


def _skill(wanted: Wanted, candidate: Candidate, weights: Weights) -> list[Reason]:
    skill, most = wanted.skill, weights.skill
    if skill is None:
        return []
    if skill.key in candidate.skills:
        return [Reason(Kind.SKILL, Side.FOR, f"{skill.name} is among the skills on the register.", most, most)]
    if candidate.skills:
        return [Reason(Kind.SKILL, Side.AGAINST, f"{skill.name} is not among the skills on the register.", 0, most)]
    return [Reason(Kind.SKILL, Side.UNKNOWN, "The register names no skill.", 0, most)]


def _phase(wanted: Wanted, candidate: Candidate, weights: Weights) -> list[Reason]:
    phase, most = wanted.phase, weights.phase
    if not phase:
        return []
    if phase in candidate.phases:
        return [Reason(Kind.PHASE, Side.FOR, f"Works in the phase of the school: {phase}.", most, most)]
    if candidate.phases:
        others = ", ".join(sorted(candidate.phases))
        return [Reason(Kind.PHASE, Side.AGAINST, f"Works in another phase: {others}, not {phase}.", 0, most)]
    return [Reason(Kind.PHASE, Side.UNKNOWN, "The register names no phase.", 0, most)]


def _days(wanted: Wanted, candidate: Candidate, weights: Weights) -> Reason:
    """All points where enough half days are free, fewer in proportion, rounded down, where they are not."""
    said = [free for free in (candidate.free_then, candidate.free_this_year) if free is not None]
    most = weights.days
    if not said:
        return Reason(Kind.DAYS, Side.UNKNOWN, "Nobody has said how many days are free.", 0, most)
    free = max(0, min(said))
    those = ((candidate.free_then, "in those half terms"), (candidate.free_this_year, "in the academic year"))
    where = ", ".join(f"{days_text(max(0, count))} {when}" for count, when in those if count is not None)
    words = f"days are free for the {days_text(wanted.half_days)} asked for: {where}."
    if free >= wanted.half_days:
        return Reason(Kind.DAYS, Side.FOR, f"Enough {words}", most, most)
    return Reason(Kind.DAYS, Side.AGAINST, f"Too few {words}", most * free // wanted.half_days, most)


def _distance(wanted: Wanted, candidate: Candidate, weights: Weights) -> Reason:
    there, home = district_of(wanted.postcode), district_of(candidate.postcode)
    most = max(weights.district, weights.area)
    if not (there and home):
        return Reason(Kind.DISTRICT, Side.UNKNOWN, "How far it is, the postcodes on the register do not say.", 0, most)
    if there == home:
        words = f"The home school is in the same postcode district, {home}."
        return Reason(Kind.DISTRICT, Side.FOR, words, weights.district, most)
    if area_of(there) == area_of(home):
        words = f"The home school is in the same postcode area, {area_of(home)}, in {home} and not {there}."
        return Reason(Kind.AREA, Side.FOR, words, weights.area, most)
    words = f"The home school is in another postcode area, in {home} and not {there}."
    return Reason(Kind.DISTRICT, Side.AGAINST, words, 0, most)


def _impact(candidate: Candidate, weights: Weights) -> Reason:
    """In proportion to the average, rounded down."""
    impact, most = candidate.impact, weights.impact
    if impact is None:
        return Reason(Kind.IMPACT, Side.UNKNOWN, "No deployment has been evaluated yet.", 0, most)
    count = f"{impact.deployments} deployment{'' if impact.deployments == 1 else 's'}"
    points = int(most * impact.average / impact.best)
    side = Side.FOR if 2 * impact.average >= impact.best else Side.AGAINST
    area = f" in {impact.area}" if impact.area else ""
    words = f"Past impact{area}, from {count}: {impact.average.normalize():f} of {impact.best} on average."
    return Reason(Kind.IMPACT, side, words, points, most)


def district_of(postcode: str) -> str:
    """The first half of a postcode: `HP11` of `HP11 2TZ`; empty for what is none."""
    text = postcode.upper().strip()
    outward = text.split()[0] if " " in text else text[:-INWARD]
    return outward if OUTWARD.fullmatch(outward) else ""


def area_of(district: str) -> str:
    """The letters with which a district begins: `HP` of `HP11`."""
    found = OUTWARD.match(district)
    return found[1] if found else ""
