"""Who came before whom, and from which day on: one school with a history (S7). Pure: imports no Django.

A link says only that there is a connection. The day comes from the schools' own dates: the old one's last day and the
new one's first. The link's own date is often another one, and so is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from schools.sectors import Sector, sector_of


@dataclass(frozen=True, slots=True)
class Record:
    """What the register says of one URN, as far as its history is concerned."""

    urn: int
    type_code: str = ""
    opened_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class LinkBetween:
    """`linked_urn` is the `kind` (predecessor or successor) of `urn`."""

    urn: int
    linked_urn: int
    kind: str


@dataclass(frozen=True, slots=True)
class Handover:
    """The school `old` is carried on by `new` from the day `on`; None when the register does not say when.

    A conversion turns a maintained school into an academy; other handovers are mergers, splits and fresh starts.
    """

    old: int
    new: int
    on: date | None
    is_conversion: bool


def handovers(links: Iterable[LinkBetween], records: Mapping[int, Record]) -> list[Handover]:
    """Each pair of old and new once, whichever side says so: links miss their mirrors. By day, unknown days first.

    When two schools each call the other their successor, the one that closed first is the old one; when the dates do
    not tell, neither is believed.
    """
    pairs = {(link.urn, link.linked_urn) if link.kind == "successor" else (link.linked_urn, link.urn) for link in links}
    found = []
    for old, new in pairs:
        older, newer = records.get(old, Record(old)), records.get(new, Record(new))
        if old == new or ((new, old) in pairs and not _ends_before(older, newer)):
            continue
        found.append(Handover(old, new, _first_day(older, newer), _is_conversion(older, newer)))
    return sorted(found, key=lambda each: (each.on or date.min, each.old, each.new))


def before(urn: int, known: Iterable[Handover]) -> list[Handover]:
    """The handovers that led to a school, the latest first, through every generation; many to one in a merger."""
    return _walk(urn, {each: (each.new, each.old) for each in known}, latest_first=True)


def after(urn: int, known: Iterable[Handover]) -> list[Handover]:
    """The handovers that lead on from a school, the earliest first, through every generation."""
    return _walk(urn, {each: (each.old, each.new) for each in known}, latest_first=False)


def _walk(urn: int, ends: Mapping[Handover, tuple[int, int]], *, latest_first: bool) -> list[Handover]:
    found: list[Handover] = []
    met, edge = {urn}, {urn}
    while edge:
        step = [each for each, (near, far) in ends.items() if near in edge and far not in met]
        found += [each for each in step if each not in found]
        edge = {ends[each][1] for each in step}
        met |= edge
    return sorted(found, key=lambda each: (each.on or date.min, each.old, each.new), reverse=latest_first)


def _first_day(old: Record, new: Record) -> date | None:
    """The new school's opening day; in a merger into one that stood already, the day after the old one's last."""
    if old.closed_on is None:
        return new.opened_on
    if new.opened_on and new.opened_on > old.closed_on:
        return new.opened_on
    return old.closed_on + timedelta(days=1)


def _ends_before(old: Record, new: Record) -> bool:
    return old.closed_on is not None and (new.closed_on is None or old.closed_on < new.closed_on)


def _is_conversion(old: Record, new: Record) -> bool:
    return sector_of(old.type_code) == Sector.MAINTAINED and sector_of(new.type_code) == Sector.ACADEMY
