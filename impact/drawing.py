"""Which deployments are looked at closely: a draw that anybody can make again. Pure: imports no Django.

Each deployment gets the SHA-256 of the seed, a space and its number; in the order of these, the first ones are drawn.
With a seed that nobody could foresee each is equally likely, and whoever has the seed and the population gets the
same sample.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256


def draw(population: Collection[int], *, size: int, seed: str) -> tuple[int, ...]:
    """So many of the population's numbers, in the order drawn. Raises ValueError for more than there are, or none."""
    numbers = set(population)
    if not 1 <= size <= len(numbers):
        raise ValueError(f"{size} cannot be drawn from {len(numbers)}")
    return tuple(sorted(numbers, key=lambda number: (place(number, seed), number))[:size])


def place(number: int, seed: str) -> str:
    """What decides the order, in 64 hexadecimal figures."""
    return sha256(f"{seed} {number}".encode()).hexdigest()


def fingerprint(population: Collection[int]) -> str:
    """Tells one population from another: the same for the same numbers, in whatever order."""
    return sha256(" ".join(str(number) for number in sorted(set(population))).encode()).hexdigest()
