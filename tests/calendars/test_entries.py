"""A calendar as other programs read it: parsed back, right through both changes of the clock. No database."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from sidebyside.calendars.entries import Entry, calendar_of, fingerprint_of, london

LONDON = ZoneInfo("Europe/London")
SUNDAY = 6
CHANGED = datetime(2023, 1, 2, 12, 30, 15, tzinfo=UTC)


def entry(**rest) -> Entry:
    values = {"uid": "delivery-1@council.example", "version": 1, "changed_at": CHANGED, "title": "Headline Visit"}
    return Entry(**values | {"day": date(2023, 1, 18), "url": "https://council.example/visits/1/"} | rest)


def read(*entries: Entry) -> Calendar:
    return Calendar.from_ical(calendar_of("Side by Side", entries))


def only(one: Entry):
    (event,) = read(one).events
    return event


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


# (day, clock, the same moment on the clock that never changes); 1:30am on the last Sunday of March does not exist and
# is read as before the change, and in October it comes twice and is the first (RFC 5545, 3.3.5).
CLOCK = [
    (date(2022, 3, 27), time(0, 30), utc(2022, 3, 27, 0, 30)),
    (date(2022, 3, 27), time(1, 30), utc(2022, 3, 27, 1, 30)),
    (date(2022, 3, 27), time(9), utc(2022, 3, 27, 8)),
    (date(2022, 10, 30), time(0, 30), utc(2022, 10, 29, 23, 30)),
    (date(2022, 10, 30), time(1, 30), utc(2022, 10, 30, 0, 30)),
    (date(2022, 10, 30), time(9), utc(2022, 10, 30, 9)),
    (date(2023, 3, 26), time(0, 30), utc(2023, 3, 26, 0, 30)),
    (date(2023, 3, 26), time(1, 30), utc(2023, 3, 26, 1, 30)),
    (date(2023, 3, 26), time(9), utc(2023, 3, 26, 8)),
    (date(2023, 10, 29), time(0, 30), utc(2023, 10, 28, 23, 30)),
    (date(2023, 10, 29), time(1, 30), utc(2023, 10, 29, 0, 30)),
    (date(2023, 10, 29), time(9), utc(2023, 10, 29, 9)),
]


@pytest.mark.parametrize(("day", "at", "moment"), CLOCK, ids=[f"{day} {at:%H:%M}" for day, at, _ in CLOCK])
def test_a_time_is_londons_on_the_days_on_which_the_clock_changes(day, at, moment):
    event = only(entry(day=day, starts_at=at))
    assert event.start.astimezone(UTC) == moment
    assert event["DTSTART"].to_ical().decode() == f"{day:%Y%m%d}T{at:%H%M%S}"
    assert event["DTSTART"].params["TZID"] == "Europe/London"


@pytest.mark.parametrize(("day", "at", "moment"), CLOCK, ids=[f"{day} {at:%H:%M}" for day, at, _ in CLOCK])
def test_ninety_minutes_stay_ninety_minutes_whatever_the_clock_does(day, at, moment):
    event = only(entry(day=day, starts_at=at, minutes=90))
    assert ("DTEND" in event, event["DURATION"].dt) == (False, timedelta(minutes=90))


@given(st.dates(date(1996, 4, 1), date(2037, 12, 31)), st.integers(0, 23))
def test_the_rules_of_the_zone_that_the_file_brings_are_those_of_london(day, hour):
    """Whoever knows no Europe/London reads the rules themselves: their offset in the middle of each hour."""
    moment = datetime.combine(day, time(hour, 30), UTC)
    assert offset_by_the_rules(moment) == moment.astimezone(LONDON).utcoffset()


def offset_by_the_rules(moment: datetime) -> timedelta:
    """The offset that RFC 5545, 3.6.5 gives: of the last change that has begun, each told by the clock before it."""
    changes = []
    for part in london().subcomponents:
        before, first, rule = part["TZOFFSETFROM"].td, part["DTSTART"].dt, part["RRULE"]
        for year in range(first.year, moment.year + 1):
            days = (date(year, rule["BYMONTH"], number) for number in range(1, 32))
            last = max(day for day in days if day.weekday() == SUNDAY)
            begins = datetime.combine(last, first.time(), UTC) - before
            changes.append((begins, part["TZOFFSETTO"].td))
    return max(change for change in changes if change[0] <= moment)[1]


def test_the_zone_is_told_by_rules_for_the_last_sundays_of_march_and_october():
    summer, winter = (part.to_ical().decode().split("\r\n") for part in london().subcomponents)
    assert ("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in summer, "DTSTART:19960331T010000" in summer) == (True, True)
    assert ("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in winter, "DTSTART:19961027T020000" in winter) == (True, True)


@pytest.mark.parametrize("day", [date(2022, 3, 27), date(2022, 10, 30), date(2023, 2, 28), date(2024, 2, 29)])
def test_an_entry_of_the_whole_day_ends_before_the_next_one_begins(day):
    event = only(entry(day=day))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (day, day + timedelta(days=1))
    assert (event["DTSTART"].params["VALUE"], event["DTEND"].params["VALUE"]) == ("DATE", "DATE")


NAMES = ["St John, St Mary; and All Saints", "Hill\nBEGIN:VEVENT", "Back\\slash, n", "Ysgol y Garth – “Cymraeg”", ""]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read_back_as_it_was_and_begins_nothing_of_its_own(name):
    event = only(entry(title=name, place=name or "x", text=name))
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (name, name or "x")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200))
def test_any_words_are_read_back_as_they_were(words):
    event = only(entry(title=f"a{words}a", place=f"a{words}a"))
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (f"a{words}a", f"a{words}a")


def test_lines_end_and_fold_as_the_format_asks():
    file = calendar_of("Side by Side", [entry(title="Ä long name of a school, " * 20)])
    lines = file.split(b"\r\n")
    assert (lines[0], lines[-2:], b"\n" in file.replace(b"\r\n", b"")) == (
        b"BEGIN:VCALENDAR",
        [b"END:VCALENDAR", b""],
        False,
    )
    assert max(len(line) for line in lines) <= 75


def test_what_is_cancelled_says_so_in_its_title_too_and_fills_no_time():
    event = only(entry(is_cancelled=True))
    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert str(event["SUMMARY"]) == "Cancelled: Headline Visit"


def test_what_stands_fills_its_time_unless_it_is_part_of_a_day():
    assert [(only(entry(is_free=free))["STATUS"], only(entry(is_free=free))["TRANSP"]) for free in (False, True)] == [
        ("CONFIRMED", "OPAQUE"),
        ("CONFIRMED", "TRANSPARENT"),
    ]


def test_an_entry_says_its_name_its_version_and_when_it_changed():
    event = only(entry(version=4))
    assert (event["UID"], event["SEQUENCE"]) == ("delivery-1@council.example", 4)
    assert (event["LAST-MODIFIED"].dt, event["DTSTAMP"].dt) == (CHANGED, CHANGED)


def test_the_same_entries_give_the_same_bytes_and_any_other_another_fingerprint():
    one, other = [entry()], [entry(version=2)]
    assert calendar_of("A", one) == calendar_of("A", [entry()])
    assert len({fingerprint_of("A", one), fingerprint_of("A", other), fingerprint_of("B", one)}) == 3
    assert fingerprint_of("A", one) == fingerprint_of("A", [entry()])


def test_a_calendar_without_an_entry_is_one_too():
    assert (read().events, str(read()["NAME"]), read()["REFRESH-INTERVAL"].dt) == (
        [],
        "Side by Side",
        timedelta(hours=3),
    )
