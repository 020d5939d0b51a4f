"""How much of a champion is left: the days agreed with the home school, less what is used. Pure: imports no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sidebyside.days import days_text
from support.entitlements import DAYS, amount_text


@dataclass(frozen=True)
class HalfTermDays:
    """What a champion can give in one half term and what is taken of it, in half days."""

    name: str
    first_day: date
    last_day: date
    taken: int = 0
    available: int | None = None  # None where nobody has said

    @property
    def free(self) -> int | None:
        """What is left of it, never below nought; None where nobody has said how much there is."""
        return None if self.available is None else max(0, self.available - self.taken)

    @property
    def is_over(self) -> bool:
        """Whether more is taken than the champion said to have."""
        return self.available is not None and self.taken > self.available


@dataclass(frozen=True)
class Capacity:
    """A champion's half days of one academic year. All days count, also those at a Headline Visit (O7).

    `agreed` is what the home school of the day lends for the whole year, never pro rata; None where nothing is agreed.
    `committed` is what agreed and proposed deployments still promise beyond what is delivered and booked of them.
    """

    agreed: int | None = None
    delivered: int = 0
    booked: int = 0
    committed: int = 0
    home_school: str = ""  # that lends the champion on the day; empty where none does
    half_terms: tuple[HalfTermDays, ...] = ()

    @property
    def used(self) -> int:
        """Delivered, booked and committed together."""
        return self.delivered + self.booked + self.committed

    @property
    def free(self) -> int | None:
        """What could still be given, never below nought; None where nothing is agreed."""
        return None if self.agreed is None else max(0, self.agreed - self.used)

    @property
    def is_over(self) -> bool:
        """Whether the champion gives more than the home school agreed to."""
        return self.agreed is not None and self.used > self.agreed

    @property
    def over(self) -> int:
        """By how much."""
        return max(0, self.used - self.agreed) if self.agreed is not None else 0

    def beyond(self, half_days: int) -> str:
        """What so many more would take beyond what the home school agreed to, in a sentence; empty where they fit."""
        if self.agreed is None or (over := self.used + half_days - self.agreed) <= 0:
            return ""
        of, more = amount_text(self.agreed, DAYS), amount_text(over, DAYS)
        return f"{self.home_school} lends {of} in this academic year. With these days it would be {more} more."

    @property
    def reasons(self) -> list[str]:
        """Why so many are free: a sentence for each number (A2)."""
        return [
            self._agreed_words,
            f"{amount_text(self.delivered, DAYS)} delivered this academic year.",
            f"{amount_text(self.booked, DAYS)} booked.",
            f"{amount_text(self.committed, DAYS)} promised by deployments beyond what is delivered and booked.",
            self._result_words,
        ]

    @property
    def _agreed_words(self) -> str:
        if not self.home_school:
            return "No home school lends this champion on this day."
        if self.agreed is None:
            return f"Nothing is agreed with {self.home_school} about the days of a year."
        return f"{amount_text(self.agreed, DAYS)} a year agreed with {self.home_school}."

    @property
    def _result_words(self) -> str:
        if self.agreed is None:
            return "So nobody can say how many are free."
        sum_of = (
            f"{days_text(self.agreed)} − {' − '.join(map(days_text, (self.delivered, self.booked, self.committed)))}"
        )
        if self.is_over:
            return f"{sum_of}: {amount_text(self.over, DAYS)} more than agreed, so none is free."
        return f"{sum_of} = {amount_text(self.free or 0, DAYS)} free."
