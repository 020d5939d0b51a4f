"""Measures ours against a naive twin in the same run, compares their answers, and says whether the goal is met.

Machines differ and so does their load: only ratios are asserted, the two sides take turns, and each side counts with
its best round.
"""

from __future__ import annotations

import gc
import operator
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TextIO

CPU = time.process_time  # one process's own work
WALL = time.perf_counter  # where a database or other processes work, too


@dataclass(frozen=True)
class Result:
    """One row of the table; `naive` and `ours` are written as people read them."""

    name: str
    naive: str
    ours: str
    ratio: str
    goal: str
    passed: bool

    def __str__(self) -> str:
        verdict = "PASS" if self.passed else "FAIL"
        return f"{self.name:<44} {self.naive:>12} {self.ours:>12} {self.ratio:>9} {self.goal:>14}  {verdict}"


@dataclass
class Harness:
    """Collects the rows of a run. Every benchmark's `run(harness)` gets the same one."""

    out: TextIO
    results: list[Result] = field(default_factory=list)

    def title(self, name: str) -> None:
        """Begin a benchmark's part of the table."""
        self._print(f"\n{name}")
        self._print(f"{'':<44} {'naive':>12} {'ours':>12} {'ratio':>9} {'goal':>14}")

    def compare(
        self,
        name: str,
        naive: Callable[[], Any],
        ours: Callable[[], Any],
        *,
        goal: float,
        rounds: int = 3,
        clock: Callable[[], float] = CPU,
        naive_share: float = 1.0,
        same: Callable[[Any, Any], bool] | None = operator.eq,
    ) -> tuple[float, float]:
        """Ours is at least `goal` times as fast as naive; returns the seconds of both.

        Give `naive_share` below 1 where the naive side does only that share of the work: its time is scaled up, and the
        row says so. `same` tells whether the two answers agree; None where a sample cannot have the same answer.
        """
        times: list[tuple[float, float]] = []
        for _ in range(rounds):
            naive_time, naive_answer = _timed(naive, clock)
            ours_time, our_answer = _timed(ours, clock)
            assert same is None or same(naive_answer, our_answer), f"{name}: the two sides give different answers"
            times.append((naive_time / naive_share, ours_time))
        slow, fast = min(pair[0] for pair in times), min(pair[1] for pair in times)
        ratio = slow / fast
        self._add(name, seconds(slow), seconds(fast), f"{ratio:.1f}x", f">= {goal:g}x", ratio >= goal)
        if naive_share != 1:
            self.note(f"sampled: the naive side did {naive_share:.1%} of the work, and its time is scaled up")
        return slow, fast

    def at_most(self, name: str, *, naive: float, ours: float, limit: float, unit: str) -> None:
        """Ours stays at or below `limit`; naive is printed beside it and asserts nothing."""
        ratio = f"{naive / ours:.1f}x" if ours > 0 else "–"
        self._add(name, f"{naive:.1f} {unit}", f"{ours:.1f} {unit}", ratio, f"<= {limit:g} {unit}", ours <= limit)

    def holds(self, name: str, goal: str, *, naive: bool, ours: bool) -> None:
        """Something is true of ours; whether it is of naive is printed beside it."""
        self._add(name, "yes" if naive else "no", "yes" if ours else "no", "–", goal, ours)

    def note(self, text: str) -> None:
        """A line of explanation below a row: how it grows, what was sampled."""
        self._print(f"    {text}")

    @property
    def missed(self) -> list[Result]:
        """The rows whose goal was missed."""
        return [result for result in self.results if not result.passed]

    def _add(self, *row: Any) -> None:
        self.results.append(Result(*row))
        self._print(str(self.results[-1]))

    def _print(self, text: str) -> None:
        print(text, file=self.out, flush=True)


def _timed(work: Callable[[], Any], clock: Callable[[], float]) -> tuple[float, Any]:
    gc.collect()
    begun = clock()
    answer = work()
    return clock() - begun, answer


def seconds(value: float) -> str:
    """Seconds as people read them: `8.3 ms`, `1.25 s`, `14.2 min`."""
    if value < 1:
        return f"{value * 1000:.3g} ms"
    return f"{value:.2f} s" if value < 120 else f"{value / 60:.1f} min"


@contextmanager
def scratch_database() -> Iterator[None]:
    """A migrated, empty database of its own for a benchmark, on the engine of DATABASE_URL; dropped afterwards."""
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)
