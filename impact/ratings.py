"""How far outcomes were reached, and the average of what several people say. Pure: imports no Django.

An outcome counts once however many rated it: the average over those who rated it, then over the outcomes. Whole
numbers and fractions throughout; only what is shown is rounded, half up, to a tenth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

RANKS: Mapping[str, int] = {"not yet": 0, "partly": 1, "mostly": 2, "fully": 3}
MOST = max(RANKS.values())
WELL = RANKS["mostly"]  # from here on an outcome counts as reached


@dataclass(frozen=True)
class Reached:
    """How far some outcomes were reached: how many were rated, their average, and how many mostly or fully."""

    rated: int
    average: Decimal | None
    well: int


def reached(ratings: Iterable[tuple[Hashable, str]]) -> Reached:
    """Of pairs (outcome, how far), one for each that a person gave. The average is None when nothing was rated."""
    by_outcome: dict[Hashable, list[int]] = defaultdict(list)
    for outcome, how_far in ratings:
        by_outcome[outcome].append(RANKS[how_far])
    averages = [Fraction(sum(ranks), len(ranks)) for ranks in by_outcome.values()]
    if not averages:
        return Reached(0, None, 0)
    average = sum(averages, Fraction()) / len(averages)
    return Reached(len(averages), in_tenths(average), sum(each >= WELL for each in averages))


def in_tenths(number: Fraction) -> Decimal:
    """A number from nought up, to a tenth, half up."""
    tenths = (20 * number.numerator + number.denominator) // (2 * number.denominator)
    return Decimal(tenths).scaleb(-1)
