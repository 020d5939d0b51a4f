"""What champions have achieved so far, for whoever looks for the right one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from impact.models import Review
from impact.ratings import reached

Line = tuple[int, int | None, int, str | None, str | None]  # champion, area, deployment, outcome, how far


@dataclass(frozen=True)
class Impact:
    """Of closed deployments: how many, and how far their outcomes were reached, from 0 to 3; None without ratings."""

    deployments: int
    average: Decimal | None


@dataclass(frozen=True)
class PastImpact(Impact):
    """The same of one champion, and by area: the key of a `support.Skill`."""

    by_skill: Mapping[int, Impact]


def past_impact(champion_pks: Collection[int]) -> dict[int, PastImpact]:
    """What each of these champions has achieved; a deployment counts once a closing evaluation of it is in.

    One query. Every champion that is asked for is in the answer.
    """
    rows = Review.objects.closing().filter(deployment__champion__in=champion_pks).order_by()
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in rows.values_list(
        "deployment__champion", "deployment__skill", "deployment", "ratings__outcome", "ratings__how_far"
    ):
        lines[line[0]].append(line)
    return {champion: _past(lines[champion]) for champion in champion_pks}


def _past(lines: list[Line]) -> PastImpact:
    by_skill: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line[1] is not None:
            by_skill[line[1]].append(line)
    each = {skill: Impact(*_impact(some)) for skill, some in by_skill.items()}
    return PastImpact(*_impact(lines), by_skill=each)


def _impact(lines: Iterable[Line]) -> tuple[int, Decimal | None]:
    lines = list(lines)
    ratings = [((deployment, outcome), far) for _, _, deployment, outcome, far in lines if far is not None]
    return len({line[2] for line in lines}), reached(ratings).average
