"""A month as a value and as a grid of weeks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidebyside.months import Mark, Month, MonthDay, month_grid

NOVEMBER = Month(2026, 11)
MONTHS = st.builds(Month, st.integers(min_value=2000, max_value=2099), st.integers(min_value=1, max_value=12))


def test_a_month_is_read_as_it_stands_in_an_address_and_said_in_words():
    assert (Month.parse("2026-11"), NOVEMBER.slug, str(NOVEMBER)) == (NOVEMBER, "2026-11", "November 2026")


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-1", "2026-13", "2026-00", "26-11", "2026-11-01", "1999-12", "2100-01", "²026-11", "x-y"]
)
def test_what_is_no_month_is_refused_and_an_address_with_it_shows_the_present_one(text):
    with pytest.raises(ValueError):
        Month.parse(text)
    assert Month.asked_for(text, on=date(2026, 11, 29)) == NOVEMBER


def test_an_address_shows_the_month_that_it_asks_for():
    assert Month.asked_for("2023-01", on=date(2026, 11, 29)) == Month(2023, 1)


def test_a_year_turns_and_the_calendar_ends():
    assert (Month(2026, 1).previous, Month(2026, 12).next) == (Month(2025, 12), Month(2027, 1))
    assert (Month(2000, 1).previous, Month(2099, 12).next) == (None, None)


def test_november_2026_begins_on_a_sunday():
    weeks = NOVEMBER.weeks
    assert (weeks[0], weeks[-1][0], weeks[-1][1:], len(weeks)) == (
        [None] * 6 + [date(2026, 11, 1)], date(2026, 11, 30), [None] * 6, 6
    )  # fmt: skip


@given(MONTHS)
def test_a_grid_has_each_day_once_in_order_each_below_its_weekday(month):
    weeks = month.weeks
    days = [day for week in weeks for day in week if day]
    assert days == [month.first_day + timedelta(days=away) for away in range(len(days))]
    assert (days[-1], {len(week) for week in weeks}) == (month.last_day, {7})
    assert all(day in month and day.weekday() == place for week in weeks for place, day in enumerate(week) if day)


@given(MONTHS)
def test_before_and_after_are_each_others_opposite(month):
    if month.next:
        assert (month.next.previous, month.next.first_day) == (month, month.last_day + timedelta(days=1))


def test_each_day_carries_what_stands_on_it():
    day, mark = date(2026, 11, 2), Mark("Mill Lane", "/deliveries/1/", "Booked")
    grid = month_grid(NOVEMBER, {day: [mark]}, on=date(2026, 11, 3), url_of=lambda day: f"/{day.day}/")
    assert grid[1][:3] == [
        MonthDay(day, (mark,), url="/2/"),
        MonthDay(date(2026, 11, 3), is_today=True, url="/3/"),
        MonthDay(date(2026, 11, 4), url="/4/"),
    ]
    assert grid[0][:2] == [None, None]
