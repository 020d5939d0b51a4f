"""A calendar as other programs read it (RFC 5545), right through both changes of London's clock. Pure: no Django.

The library escapes, folds and ends the lines. Two things are said here instead of by it: the time zone's rules, since
those that it makes out of a zone change an hour late; and a timed entry's length rather than its end, since the hour
that comes twice in October has no name of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

LONDON = ZoneInfo("Europe/London")
AN_HOUR = timedelta(hours=1)
ASK_AGAIN = timedelta(hours=3)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """One entry. Without `starts_at` it is of the whole day; `minutes` are real ones, whatever the clock does.

    `version` rises with each change that matters to a calendar, and `changed_at` is the moment of the last one.
    """

    uid: str
    version: int
    changed_at: datetime
    title: str
    day: date
    url: str
    starts_at: time | None = None
    minutes: int = 60
    place: str = ""
    text: str = ""
    is_cancelled: bool = False
    is_free: bool = False  # does not fill the day that it stands on


def fingerprint_of(name: str, entries: Sequence[Entry]) -> str:
    """What names this calendar as it stands: it differs as soon as anything in it does."""
    return hashlib.sha256(repr((name, entries)).encode()).hexdigest()


def calendar_of(name: str, entries: Sequence[Entry]) -> bytes:
    """The calendar as a file; the same entries give the same bytes."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Side by Side//Calendar//EN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", LONDON.key)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT3H")
    calendar.add_component(london())
    for entry in entries:
        calendar.add_component(_event(entry))
    file: bytes = calendar.to_ical()
    return file


def london() -> Timezone:
    """The clock of London since 1996: an hour forward on the last Sunday of March, back on that of October."""
    zone = Timezone()
    zone.add("tzid", LONDON.key)
    summer, winter = TimezoneDaylight(), TimezoneStandard()
    for part, name, first, month, before, after in (
        (summer, "BST", datetime(1996, 3, 31, 1), 3, timedelta(0), AN_HOUR),  # noqa: DTZ001 - by the clock before it
        (winter, "GMT", datetime(1996, 10, 27, 2), 10, AN_HOUR, timedelta(0)),  # noqa: DTZ001 - by the clock before it
    ):
        part.add("tzname", name)
        part.add("dtstart", first)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.version)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("summary", f"Cancelled: {entry.title}" if entry.is_cancelled else entry.title)
    if entry.starts_at is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + A_DAY)  # the day after the last one
    else:
        event.add("dtstart", datetime.combine(entry.day, entry.starts_at, LONDON))
        event.add("duration", timedelta(minutes=entry.minutes))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled or entry.is_free else "OPAQUE")
    if entry.place:
        event.add("location", entry.place)
    event.add("description", f"{entry.text}\n{entry.url}".strip())
    event.add("url", entry.url)
    return event
