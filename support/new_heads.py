"""The New to Headship visit: one for each appointment that is new (O8). Pure: imports no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sidebyside.years import AcademicYear

NEW = frozenset({"new to post", "new to the authority"})


@dataclass(frozen=True)
class LateUse:
    """An academic year's rule for late starts: after this day, the visit may be used until that one."""

    starts_after: date
    until: date


@dataclass(frozen=True)
class Appointed:
    """A headteacher's appointment as the register of appointments has it."""

    head: str
    started_on: date
    kind: str


@dataclass(frozen=True)
class NewHead:
    """An appointment that earns a visit, and the days in which it may take place."""

    head: str
    started_on: date
    usable_until: date


@dataclass(frozen=True, order=True)
class Use:
    """A New to Headship visit, delivered or booked, on its day."""

    happens_on: date
    is_booked: bool = False


@dataclass(frozen=True)
class NewHeadVisits:
    """How many visits a school has in a year, each explained."""

    allowance: int
    reasons: tuple[str, ...]


def new_heads(appointments: Sequence[Appointed], late_use: Mapping[AcademicYear, LateUse | None]) -> list[NewHead]:
    """The appointments of one school that earn a visit (O8).

    New to post and new to the authority do; a permanent one does when the same head was interim there before.
    An interim by itself does not. `late_use` gives each academic year's rule, None where its offer has none.
    """
    found, interims = [], set()
    for each in sorted(appointments, key=lambda appointed: appointed.started_on):
        name = " ".join(each.head.casefold().split())
        if each.kind == "interim":
            interims.add(name)
        elif each.kind in NEW or name in interims:
            found.append(NewHead(each.head, each.started_on, _usable_until(each.started_on, late_use)))
            interims.discard(name)
    return found


def new_head_visits(heads: Sequence[NewHead], uses: Sequence[Use], *, on: date) -> NewHeadVisits:
    """The visits of the academic year of `on`: appointments that have begun and whose visit was not used before it."""
    year = AcademicYear.containing(on)
    used_on = _match(heads, uses)
    allowance, reasons = 0, []
    for head in heads:
        day = used_on.get(head)
        if head.started_on > on or head.usable_until < year.first_day or (day and day < year.first_day):
            continue
        if day is None and head.usable_until < on:
            reasons.append(f"{head.head}, from {head.started_on:%-d %B %Y}: not used by {head.usable_until:%-d %B %Y}.")
            continue
        allowance += 1
        reasons.append(
            f"{head.head}, new from {head.started_on:%-d %B %Y}: one visit, until {head.usable_until:%-d %B %Y}."
        )
    return NewHeadVisits(allowance, tuple(reasons))


def _usable_until(started_on: date, late_use: Mapping[AcademicYear, LateUse | None]) -> date:
    year = AcademicYear.containing(started_on)
    rule = late_use.get(year)
    return rule.until if rule and started_on > rule.starts_after else year.last_day


def _match(heads: Sequence[NewHead], uses: Sequence[Use]) -> dict[NewHead, date]:
    """Each visit goes to the open appointment that runs out first: never two for one appointment (O8)."""
    taken: dict[NewHead, date] = {}
    for use in sorted(uses):
        open_heads = [
            head for head in heads if head not in taken and head.started_on <= use.happens_on <= head.usable_until
        ]
        if open_heads:
            taken[min(open_heads, key=lambda head: (head.usable_until, head.started_on))] = use.happens_on
    return taken
