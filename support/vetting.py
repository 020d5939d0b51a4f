"""Whether a check of a champion holds on a day, and until when a new one will. Pure: imports no Django."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=60)  # what expires within it is shown, so that somebody can see to it in time


class Standing(StrEnum):
    """How a check stands on a day."""

    IN_DATE = "In date"
    SOON = "Expires soon"
    EXPIRED = "Expired"
    MISSING = "Missing"

    @property
    def holds(self) -> bool:
        """Whether the champion may go into schools by it."""
        return self in (Standing.IN_DATE, Standing.SOON)


@dataclass(frozen=True)
class Done:
    """That a check was done, and the last day on which it holds; None where it lasts."""

    done_on: date
    expires_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it had been done by that day and holds on it still."""
        return self.done_on <= day and (self.expires_on is None or self.expires_on >= day)


def longest(done: Iterable[Done], on: date) -> Done | None:
    """Of all that was done of one kind by a day, what holds longest; None where nothing was."""
    known = [each for each in done if each.done_on <= on]
    return max(known, key=lambda each: (each.expires_on or date.max, each.done_on), default=None)


def standing_of(done: Iterable[Done], on: date) -> Standing:
    """How a check of one kind stands on a day, from all that was done of it."""
    last = longest(done, on)
    if last is None:
        return Standing.MISSING
    if not last.holds_on(on):
        return Standing.EXPIRED
    return Standing.IN_DATE if last.holds_on(on + SOON) else Standing.SOON


def expiry_of(done_on: date, good_for_months: int | None) -> date | None:
    """The last day on which a check holds that is good for so many months; None where it lasts.

    Due again on the same day of the month, or on the last one of a shorter month: it holds until the day before.
    """
    if good_for_months is None:
        return None
    months = done_on.year * 12 + done_on.month - 1 + good_for_months
    year, month = divmod(months, 12)
    day = min(done_on.day, calendar.monthrange(year, month + 1)[1])
    return max(done_on, date(year, month + 1, day) - timedelta(days=1))
