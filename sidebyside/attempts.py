"""Rows that wait to be typeset: attempts are counted before they are made, and what fails five times is parked.

`docs/decisions/attempts-and-parking.md` says why. A row has `state` (due, parked …), `attempts`, `attempted_at` and
`problem`, and lines of its own, which `lines` counts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db.models import Count, Model, Q
from django.utils.timezone import localdate

from sidebyside.poke import poke

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 5
BATCH = 50
MOST_LINES = 1000  # of a sweep: they are typeset in some seconds, and Celery ends a sweep that takes half a minute
ABANDONED_AFTER = timedelta(minutes=2)
DUE, PARKED = "due", "parked"


@dataclass(frozen=True)
class Work:
    """One kind of them: its rows, their lines, how one is done, and how that is said: `issue this invoice`."""

    rows: type[Model]
    lines: type[Model]
    do: Callable[..., object | None]
    said: str

    def do_due(self, *, now: datetime) -> int:
        """Do those that wait, a batch a sweep; returns how many. Any number of processes may do it at once."""
        self._park_what_kills(now)
        fresh = self._due(attempts__lt=MAX_ATTEMPTS).order_by("attempts", "id")
        waiting = list(fresh.values_list("pk", "attempts")[:BATCH])
        due = waiting[: self.how_many_fit([pk for pk, _ in waiting])]
        done = sum(self._attempt(pk, attempts, now) for pk, attempts in due)
        if len(waiting) == BATCH or len(due) < len(waiting):
            poke()
        return done

    def how_many_fit(self, items: Sequence[int]) -> int:
        """How many of these, from the first on, one sweep has the time for: at least one, however long it is."""
        lines = self.lines._base_manager.filter(item__in=items).order_by().values_list("item")
        sizes = dict(lines.annotate(Count("pk")))
        reached = list(accumulate(sizes.get(item, 0) for item in items))
        return max(1, sum(size <= MOST_LINES for size in reached))

    def _due(self, **narrowed: Any) -> Any:
        return self.rows._base_manager.filter(state=DUE, **narrowed)

    def _park_what_kills(self, now: datetime) -> None:
        """A row whose attempts ended with the process, five times, waits for a person."""
        spent = self._due(attempts__gte=MAX_ATTEMPTS)
        abandoned = spent.filter(Q(attempted_at__lt=now - ABANDONED_AFTER) | Q(attempted_at__isnull=True))
        abandoned.update(state=PARKED, problem=f"The portal stopped each time it tried to {self.said}.")

    def _attempt(self, pk: int, attempts: int, now: datetime) -> int:
        """Count the attempt first, by compare-and-set: of several processes one goes on, a crash is remembered."""
        if not self._due(pk=pk, attempts=attempts).update(attempts=attempts + 1, attempted_at=now):
            return 0
        on: date = localdate(now)
        try:
            return int(self.do(pk, on=on) is not None)
        except Exception as problem:
            log.exception("could not %s", self.said, extra={"row": f"{self.rows._meta.label_lower}:{pk}"})
            state = PARKED if attempts + 1 >= MAX_ATTEMPTS else DUE
            self._due(pk=pk).update(state=state, problem=f"{type(problem).__name__}: {problem}")
            return 0
