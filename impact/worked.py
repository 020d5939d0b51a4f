"""What worked, by area and by type of champion: sums over deployments. Pure: imports no Django.

Whole numbers, fractions and Decimals only. Of fewer deployments than `FEWEST` nothing is said about their effect: it
would tell of single schools and people, and prove nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from impact.ratings import Reached, reached
from schools.risk import Move

FEWEST = 3
GRADES = ("strong", "secure", "needs work")
NO_AREA = "No area given"


@dataclass(frozen=True)
class Facts:
    """What is known of one deployment. `ratings` are (outcome, how far), one for each that somebody gave at the end."""

    area: str
    champion_type: str
    half_days: int
    has_ended: bool
    ratings: Sequence[tuple[str, str]] = ()
    moved: Move | None = None
    grades: Sequence[str] = ()


@dataclass(frozen=True)
class Worked:
    """One line of the report. `half_days` were delivered; `evaluated` are those of which somebody rated an outcome.

    Category moves count deployments, grades count findings.
    """

    labels: tuple[str, ...]
    deployments: int
    ended: int
    half_days: int
    evaluated: int
    outcomes: Reached
    lowered: int
    kept: int
    raised: int
    grades: dict[str, int] = field(default_factory=dict)

    @property
    def is_too_few(self) -> bool:
        """Whether there are too few deployments to say what they changed."""
        return self.deployments < FEWEST

    @property
    def running(self) -> int:
        """Those whose last day is still to come."""
        return self.deployments - self.ended

    @property
    def found(self) -> list[tuple[str, int]]:
        """The grades that quality assurance gave, with how often."""
        return [(grade, count) for grade, count in self.grades.items() if count]

    @property
    def says_outcomes(self) -> bool:
        """Whether enough deployments were evaluated to say how far outcomes were reached."""
        return self.evaluated >= FEWEST

    @property
    def says_category(self) -> bool:
        """Whether of enough deployments it is known how the school's category moved."""
        return self.lowered + self.kept + self.raised >= FEWEST

    @property
    def average(self) -> Decimal | None:
        """How far outcomes were reached, from 0 to 3; None where too few were evaluated to say."""
        return self.outcomes.average if self.says_outcomes else None


Key = Callable[[Facts], tuple[str, ...]]
BY: dict[str, Key] = {
    "area": lambda facts: (facts.area,),
    "type": lambda facts: (facts.champion_type,),
    "both": lambda facts: (facts.area, facts.champion_type),
}


def what_worked(deployments: Iterable[Facts], *, by: str) -> list[Worked]:
    """One line for each area, type of champion, or pair of them (`by` is a key of BY), in alphabetical order."""
    groups: dict[tuple[str, ...], list[Facts]] = defaultdict(list)
    for facts in deployments:
        groups[BY[by](facts)].append(facts)
    return [summed(groups[labels], labels) for labels in sorted(groups)]


def summed(deployments: Iterable[Facts], labels: tuple[str, ...]) -> Worked:
    """One line over these deployments. An outcome is rated once, however many people rated it."""
    found = list(deployments)
    moves = [facts.moved for facts in found]
    grades = [grade for facts in found for grade in facts.grades]
    ratings = [((place, outcome), how_far) for place, facts in enumerate(found) for outcome, how_far in facts.ratings]
    return Worked(
        labels=labels,
        deployments=len(found),
        ended=sum(facts.has_ended for facts in found),
        half_days=sum(facts.half_days for facts in found),
        evaluated=sum(bool(facts.ratings) for facts in found),
        outcomes=reached(ratings),
        lowered=moves.count(Move.LOWERED),
        kept=moves.count(Move.KEPT),
        raised=moves.count(Move.RAISED),
        grades={grade: grades.count(grade) for grade in GRADES},
    )
