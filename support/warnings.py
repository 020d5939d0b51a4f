"""What runs out or stands still, before anybody misses it: a sentence with its number, and what to do. No Django.

Days are half days throughout. What to do differs by reader: the team can change an agreement, others can ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from sidebyside.days import days_text
from support.entitlements import DAYS, Balance, amount_text
from support.free_days import Capacity

_A_DAY = 2  # half days


class Kind(IntEnum):
    """What a warning is about; the most pressing first."""

    OVER = 1
    USED = 2
    ENDING = 3
    IDLE = 4


TAGS = {Kind.OVER: "More than agreed", Kind.USED: "Running out", Kind.ENDING: "Ends soon", Kind.IDLE: "Standing still"}
COLOURS = {Kind.OVER: "red", Kind.USED: "orange", Kind.ENDING: "yellow", Kind.IDLE: "grey"}


@dataclass(frozen=True)
class Limits:
    """From where on a council wants to be warned."""

    percent_used: int
    days_before_end: int
    idle_weeks: int


@dataclass(frozen=True)
class Caution:
    """One warning: what is so, what the team can do, and everybody else."""

    kind: Kind
    sentence: str
    for_team: str
    for_others: str

    @property
    def tag(self) -> str:
        """Its kind in two words."""
        return TAGS[self.kind]

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return COLOURS[self.kind]


@dataclass(frozen=True)
class Running:
    """A deployment that runs or is to begin. `last_day_of_it`: the latest delivered or booked; None before any."""

    starts_on: date
    ends_on: date
    agreed: int
    delivered: int
    booked: int
    last_day_of_it: date | None = None

    @property
    def used(self) -> int:
        """Delivered and booked together."""
        return self.delivered + self.booked

    @property
    def left(self) -> int:
        """What can still be booked."""
        return max(0, self.agreed - self.used)


def of_deployment(found: Running, limits: Limits, *, on: date) -> list[Caution]:
    """What to say of a deployment on a day, the most pressing first; nothing of one that is over."""
    if found.ends_on < on:
        return []
    warnings = (_of_days(found, limits), _of_its_end(found, limits, on), _of_silence(found, limits, on))
    return [warning for warning in warnings if warning]


def of_pool(balance: Balance, limits: Limits) -> Caution | None:
    """What to say of a school's allowance of days (O5); never of one that nothing limits, or that counts visits.

    What was delivered before a category went down stays funded (S5): only what is booked beyond can still be decided.
    """
    ceiling = balance.ceiling
    if balance.unit != DAYS or ceiling is None:
        return None
    team = "Adjust the allowance with a reason, or agree with the school that it pays for more."
    others = "Talk to your adviser before you ask for more."
    if balance.over and balance.booked:
        has = f"{days_text(balance.over)} more than the {days_text(ceiling)} that the school has" if ceiling else ""
        sentence = f"{balance.name}: {_are(balance.used)} delivered or booked, {has or 'and the school has none'}."
        return Caution(Kind.OVER, sentence, team, others)
    if not ceiling or not _is_used_up(balance.used, ceiling, limits):
        return None
    return Caution(Kind.USED, f"{balance.name}: {_share(min(balance.used, ceiling), ceiling)}", team, others)


def of_champion(capacity: Capacity) -> Caution | None:
    """What to say of a champion who gives more than the home school agreed to."""
    if not capacity.is_over or capacity.agreed is None:
        return None
    sentence = (
        f"{_days(capacity.used)} delivered, booked or promised this academic year, {days_text(capacity.over)} more "
        f"than the {days_text(capacity.agreed)} agreed with {capacity.home_school}."
    )
    team = f"Agree more days with {capacity.home_school}, or give some of them to another champion."
    return Caution(Kind.OVER, sentence, team, "Talk to the team leader before you book another day.")


def by_urgency(warnings: Iterable[Caution]) -> Sequence[Caution]:
    """The most pressing first, otherwise in their order."""
    return sorted(warnings, key=lambda warning: warning.kind)


def _of_days(found: Running, limits: Limits) -> Caution | None:
    team = "Agree more days with both heads, or plan the closing evaluation."
    others = "If more are needed, talk to the team leader now."
    if found.used > found.agreed:
        more = days_text(found.used - found.agreed)
        sentence = f"{_are(found.used)} delivered or booked, {more} more than the {days_text(found.agreed)} agreed."
        return Caution(Kind.OVER, sentence, team, others)
    if not _is_used_up(found.used, found.agreed, limits):
        return None
    return Caution(Kind.USED, _share(found.used, found.agreed), team, others)


def _of_its_end(found: Running, limits: Limits, on: date) -> Caution | None:
    away = (found.ends_on - on).days
    if not found.left or away > limits.days_before_end or found.starts_on > on:
        return None
    when = {0: "today", 1: "tomorrow"}.get(away, f"in {away} days")
    verb = "is" if found.left == _A_DAY else "are"
    return Caution(
        Kind.ENDING,
        f"It ends {when}, on {found.ends_on:%-d %B %Y}, and {_days(found.left)} {verb} neither delivered nor booked.",
        "Have them booked, or agree a later last day with both heads.",
        "Book them, or tell the team leader that more time is needed.",
    )


def _of_silence(found: Running, limits: Limits, on: date) -> Caution | None:
    since = found.last_day_of_it or found.starts_on
    if not found.left or on - since < timedelta(weeks=limits.idle_weeks):
        return None
    weeks = (on - since).days // 7
    after = "after" if found.last_day_of_it else "since it began on"
    return Caution(
        Kind.IDLE,
        f"Nothing is delivered or booked {after} {since:%-d %B %Y}, {weeks} weeks ago.",
        "Ask the champion and the school what holds it up.",
        "Book the next day, or tell the team leader what holds it up.",
    )


def _is_used_up(used: int, of: int, limits: Limits) -> bool:
    return used > 0 and used * 100 >= of * limits.percent_used


def _share(used: int, of: int) -> str:
    if used == of:
        return f"All {_days(of)} are delivered or booked." if of != _A_DAY else "The 1 day is delivered or booked."
    left = of - used
    return (
        f"{days_text(used)} of {_days(of)} are delivered or booked ({used * 100 // of} per cent): {_days(left)} left."
    )


def _days(half_days: int) -> str:
    return amount_text(half_days, DAYS)


def _are(half_days: int) -> str:
    return f"{_days(half_days)} {'is' if half_days == _A_DAY else 'are'}"
