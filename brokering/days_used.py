"""Days agreed and used, of one deployment and of many together. Pure: imports no Django. All are half days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SORTS = ("name", "agreed", "booked", "delivered", "confirmed", "left")


class By(StrEnum):
    """What the days are put together by."""

    DEPLOYMENT = "deployment"
    SCHOOL = "school"
    CHAMPION = "champion"
    HOME = "home"


@dataclass(frozen=True)
class Used:
    """`delivered` counts the confirmed ones too; `left` is what can still be booked, so nothing of what has ended."""

    agreed: int = 0
    booked: int = 0
    delivered: int = 0
    confirmed: int = 0
    left: int = 0

    def __add__(self, other: Used) -> Used:
        return Used(
            self.agreed + other.agreed,
            self.booked + other.booked,
            self.delivered + other.delivered,
            self.confirmed + other.confirmed,
            self.left + other.left,
        )


@dataclass(frozen=True)
class Deployed:
    """One deployment with its days. `home` is the school that lent the champion when it began."""

    pk: int
    champion: str
    code: str
    kind: str
    school: str
    urn: int
    home: str
    home_urn: int
    starts_on: date
    ends_on: date
    is_open: bool
    used: Used
    last_day_of_it: date | None = None

    @property
    def name(self) -> str:
        """Who is where."""
        return f"{self.champion} at {self.school}"


@dataclass(frozen=True)
class Line:
    """The deployments that are put together, with the sum of their days."""

    name: str
    members: tuple[Deployed, ...]
    used: Used

    @property
    def first(self) -> Deployed:
        """One of them, which knows what all have in common."""
        return self.members[0]


def used_days(agreed: int, *, booked: int, delivered: int, confirmed: int, is_open: bool, is_moved: bool) -> Used:
    """The days of one deployment. What was moved on to a new URN is agreed there, and here only what was used (S7)."""
    left = max(0, agreed - booked - delivered) if is_open else 0
    return Used(delivered if is_moved else agreed, booked, delivered, confirmed, left)


def lines_of(rows: Iterable[Deployed], by: By) -> list[Line]:
    """A line for each deployment, school, champion or home school, by name."""
    groups: dict[int | str, list[Deployed]] = {}
    for row in rows:
        groups.setdefault(_key(row, by), []).append(row)
    lines = [Line(_name(members[0], by), tuple(members), total_of(members)) for members in groups.values()]
    return sorted(lines, key=_by_name)


def in_order(lines: Sequence[Line], sort: str) -> list[Line]:
    """The lines as a heading asks (`left`, `-left`); those with the same number by name. By name for anything else."""
    column = sort.removeprefix("-")
    if column not in SORTS or column == "name":
        return sorted(lines, key=_by_name, reverse=sort == "-name")
    return sorted(sorted(lines, key=_by_name), key=lambda line: getattr(line.used, column), reverse=sort[0] == "-")


def total_of(rows: Iterable[Deployed | Line]) -> Used:
    """All days together."""
    return sum((row.used for row in rows), start=Used())


def _by_name(line: Line) -> tuple[str, date, int]:
    return line.name.casefold(), line.first.starts_on, line.first.pk


def _key(row: Deployed, by: By) -> int | str:
    keys: dict[By, int | str] = {By.DEPLOYMENT: row.pk, By.SCHOOL: row.urn, By.CHAMPION: row.code}
    return keys.get(by, row.home_urn)


def _name(row: Deployed, by: By) -> str:
    return {By.DEPLOYMENT: row.name, By.SCHOOL: row.school, By.CHAMPION: row.champion, By.HOME: row.home}[by]
