"""Lying bars for the report: names are too long for upright ones. Whole numbers only, for an SVG."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from impact.ratings import MOST
from impact.worked import Worked

WIDTH, STEP = 560, 56  # of the longest bar; from one bar to the next


@dataclass(frozen=True)
class Bar:
    """One line of the chart: its name, what it says, where it stands and how long it is."""

    name: str
    value: str
    top: int
    length: int

    @property
    def name_y(self) -> int:
        """Where the name stands."""
        return self.top + 22

    @property
    def bar_y(self) -> int:
        """Where the bar begins."""
        return self.top + 30

    @property
    def value_y(self) -> int:
        """Where the value stands, beside the bar."""
        return self.top + 44


def bars_of(rows: Iterable[Worked]) -> list[Bar]:
    """A bar for each line whose outcomes were rated, of enough deployments to say."""
    shown = [(row, row.average) for row in rows if row.average is not None]
    return [
        Bar(", ".join(row.labels), f"{average}", place * STEP, int(average * WIDTH / Decimal(MOST)))
        for place, (row, average) in enumerate(shown)
    ]
