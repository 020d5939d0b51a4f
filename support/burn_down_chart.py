"""The days of a deployment against time, as points of a picture. Pure: no Django.

Coordinates are whole units of the picture, from its upper left corner: what is drawn is never a sum (O6). Days are half
days. The line falls with each day delivered; ahead of today it goes on with the days that are booked; beside it lies
the even pace from all the days agreed to none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from sidebyside.days import days_text

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 50, 15, 35, 40  # of the picture around the box that the lines stay in
MOST_STEPS = 6  # on the scale of days
STEPS = (2, 4, 10, 20, 40, 100, 200)  # of the scale, in half days
MOST_MONTHS = 8  # that fit below it by name
NARROW = 45  # how near the edge a word is pushed back into the picture


@dataclass(frozen=True)
class Point:
    """A place in the picture."""

    x: int
    y: int


@dataclass(frozen=True)
class Mark:
    """A word on a scale: where it stands and what it says."""

    at: int
    text: str


@dataclass(frozen=True)
class Moment:
    """A row of the chart's table: what was so on a day, and how many half days were left."""

    day: date
    what: str
    left: int


@dataclass(frozen=True)
class Dated:
    """Half days on one day."""

    day: date
    half_days: int


@dataclass(frozen=True)
class Chart:
    """The lines, the scales, and the table that says the same in words."""

    even_pace: tuple[Point, ...]
    actual: tuple[Point, ...]
    booked: tuple[Point, ...]
    today: int | None
    days: tuple[Mark, ...]
    months: tuple[Mark, ...]
    table: tuple[Moment, ...]

    @property
    def today_anchor(self) -> str:
        """How the word beside today's line keeps within the picture."""
        x = self.today or 0
        return "start" if x < LEFT + NARROW else "end" if x > WIDTH - RIGHT - NARROW else "middle"


def points_text(points: Iterable[Point]) -> str:
    """Points as a line of a picture names them: `50,35 120,35`."""
    return " ".join(f"{point.x},{point.y}" for point in points)


def chart_of(
    agreed: int,
    starts_on: date,
    ends_on: date,
    *,
    delivered: Sequence[Dated],
    booked: Sequence[Dated],
    on: date,
    changes: Sequence[Dated] = (),
) -> Chart:
    """The chart of a deployment on a day. Days outside its dates are drawn at their edge; below nought is nought.

    `agreed` is what was agreed first; each of `changes` is what is agreed from its day on instead.
    """
    box = _Box(max([agreed, *(change.half_days for change in changes)]), starts_on, ends_on)
    now = min(max(on, starts_on), ends_on)
    so_far = _running(agreed, _in_order([*_changed(agreed, changes), *_taken(delivered, "delivered")]))
    left = so_far[-1].left if so_far else agreed
    ahead = _running(left, _in_order(_taken(booked, "booked")))
    pace = changes[-1].half_days if changes else agreed
    return Chart(
        even_pace=(box.point(starts_on, pace), box.point(ends_on, 0)),
        actual=box.steps(agreed, [(each.day, each.left) for each in so_far], starts_on, now),
        booked=box.steps(left, [(max(each.day, now), each.left) for each in ahead], now, ends_on) if ahead else (),
        today=box.x(on) if starts_on <= on <= ends_on else None,
        days=box.scale(),
        months=box.months(),
        table=(Moment(starts_on, f"{_days(agreed)} agreed", agreed), *so_far, *ahead),
    )


@dataclass(frozen=True)
class _Change:
    """By how much a day changes what is left, and why."""

    day: date
    amount: int
    what: str


def _taken(days: Sequence[Dated], how: str) -> list[_Change]:
    """What deliveries take, those of one date together."""
    found: dict[date, int] = {}
    for each in days:
        found[each.day] = found.get(each.day, 0) + each.half_days
    return [_Change(day, -half_days, f"{_days(half_days)} {how}") for day, half_days in found.items()]


def _changed(agreed: int, changes: Sequence[Dated]) -> list[_Change]:
    """What other numbers of days add or take."""
    before = [agreed, *(change.half_days for change in changes)]
    return [
        _Change(
            change.day, change.half_days - former, f"{_days(change.half_days)} agreed instead of {days_text(former)}"
        )
        for former, change in zip(before, changes, strict=False)
        if change.half_days != former
    ]


def _in_order(changes: Iterable[_Change]) -> list[_Change]:
    return sorted(changes, key=lambda change: change.day)


def _running(first: int, changes: Sequence[_Change]) -> list[Moment]:
    """What is left after each of these changes."""
    left = accumulate((change.amount for change in changes), initial=first)
    next(left)
    return [Moment(change.day, change.what, number) for change, number in zip(changes, left, strict=True)]


def _days(half_days: int) -> str:
    text = days_text(half_days)
    return f"{text} {'day' if text == '1' else 'days'}"


@dataclass(frozen=True)
class _Box:
    """Where dates and half days stand in the picture."""

    agreed: int
    starts_on: date
    ends_on: date

    def x(self, day: date) -> int:
        away = min(max((day - self.starts_on).days, 0), self._length)
        return LEFT + round((WIDTH - LEFT - RIGHT) * away / self._length)

    def y(self, half_days: int) -> int:
        share = min(max(half_days, 0), self.top) / self.top
        return HEIGHT - BOTTOM - round((HEIGHT - TOP - BOTTOM) * share)

    def point(self, day: date, half_days: int) -> Point:
        return Point(self.x(day), self.y(half_days))

    def steps(
        self, first: int, changes: Sequence[tuple[date, int]], begins_on: date, ends_on: date
    ) -> tuple[Point, ...]:
        """A line that stays level between changes, from a day to a day."""
        points, level = [self.point(begins_on, first)], first
        for day, left in changes:
            points += [self.point(day, level), self.point(day, left)]
            level = left
        end = self.point(ends_on, level)
        points.append(Point(max(end.x, points[-1].x), end.y))
        return tuple(points)

    def scale(self) -> tuple[Mark, ...]:
        """The numbers of days at its left side, from nought."""
        return tuple(Mark(self.y(number), days_text(number)) for number in range(0, self.top + 1, self._step))

    def months(self) -> tuple[Mark, ...]:
        """The first day of each month below it, so many that their names fit."""
        firsts = [day for day in self._all_days() if day.day == 1]
        every = -(-len(firsts) // MOST_MONTHS) or 1
        return tuple(Mark(self.x(day), f"{day:%b}") for day in firsts[::every])

    @property
    def top(self) -> int:
        """The highest number on the scale: a whole step that holds all that was agreed."""
        return -(-max(self.agreed, 1) // self._step) * self._step

    @property
    def _step(self) -> int:
        return next((step for step in STEPS if self.agreed <= step * MOST_STEPS), -(-self.agreed // MOST_STEPS))

    @property
    def _length(self) -> int:
        return max((self.ends_on - self.starts_on).days, 1)

    def _all_days(self) -> Iterable[date]:
        return (self.starts_on + timedelta(days=away) for away in range(self._length + 1))
