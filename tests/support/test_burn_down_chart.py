"""The picture of a deployment's days: where its points are, and that its words say the numbers. No database."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from support.burn_down_chart import (
    BOTTOM,
    HEIGHT,
    LEFT,
    MOST_MONTHS,
    RIGHT,
    TOP,
    WIDTH,
    Chart,
    Dated,
    Moment,
    Point,
    chart_of,
    points_text,
)

FIRST, LAST = date(2022, 9, 12), date(2023, 7, 19)
TODAY = date(2023, 1, 16)
FLOOR, CEILING = HEIGHT - BOTTOM, TOP


def drawn(agreed: int = 20, delivered=(), booked=(), on: date = TODAY, **rest) -> Chart:
    values = {"starts_on": FIRST, "ends_on": LAST} | rest
    return chart_of(
        agreed, delivered=[Dated(*day) for day in delivered], booked=[Dated(*day) for day in booked], on=on, **values
    )


def test_the_even_pace_goes_from_all_the_days_on_the_first_day_to_none_on_the_last():
    assert drawn().even_pace == (Point(LEFT, CEILING), Point(WIDTH - RIGHT, FLOOR))


def test_the_line_falls_with_each_delivered_day_and_ends_today():
    chart = drawn(delivered=[(date(2022, 12, 7), 2), (date(2022, 11, 9), 1)])
    corners = [(point.x, point.y) for point in chart.actual]
    first, second = 50 + round(575 * 58 / 310), 50 + round(575 * 86 / 310)
    assert corners == [(50, 35), (first, 35), (first, 46), (second, 46), (second, 69), (chart.today, 69)]


def test_booked_days_go_on_from_today_to_the_last_day():
    chart = drawn(delivered=[(date(2022, 11, 9), 10)], booked=[(date(2023, 3, 1), 10)])
    assert (chart.booked[0], chart.booked[-1]) == (chart.actual[-1], Point(WIDTH - RIGHT, FLOOR))


def test_without_a_booked_day_there_is_no_second_line():
    assert drawn().booked == ()


def test_a_day_that_was_booked_and_has_not_been_logged_falls_today():
    chart = drawn(booked=[(date(2022, 12, 7), 2)])
    assert {point.x for point in chart.booked} == {chart.today, WIDTH - RIGHT}


def test_today_is_marked_between_the_first_and_the_last_day_only():
    marked = [drawn(on=day).today for day in (FIRST - timedelta(days=1), FIRST, LAST, LAST + timedelta(days=1))]
    assert marked == [None, LEFT, WIDTH - RIGHT, None]
    assert [drawn(on=day).today_anchor for day in (FIRST, TODAY, LAST)] == ["start", "middle", "end"]


def test_after_the_last_day_the_line_reaches_to_it():
    assert drawn(on=date(2024, 1, 1)).actual[-1] == Point(WIDTH - RIGHT, CEILING)


def test_another_number_agreed_moves_the_line_and_stands_in_the_table():
    chart = drawn(16, delivered=[(date(2022, 11, 9), 4)], changes=[Dated(date(2022, 12, 1), 20)])
    assert [moment.what for moment in chart.table] == [
        "8 days agreed",
        "2 days delivered",
        "10 days agreed instead of 8",
    ]
    assert [moment.left for moment in chart.table] == [16, 12, 16]
    assert chart.even_pace[0] == Point(LEFT, CEILING)


def test_the_table_says_each_day_with_what_was_left():
    chart = drawn(4, delivered=[(date(2022, 11, 9), 2), (date(2022, 11, 9), 1)], booked=[(date(2023, 3, 1), 2)])
    assert chart.table == (
        Moment(FIRST, "2 days agreed", 4),
        Moment(date(2022, 11, 9), "1.5 days delivered", 1),
        Moment(date(2023, 3, 1), "1 day booked", -1),
    )


def test_the_scales_name_days_and_months():
    chart = drawn(20)
    assert [mark.text for mark in chart.days] == ["0", "2", "4", "6", "8", "10"]
    assert [mark.text for mark in chart.months] == ["Oct", "Dec", "Feb", "Apr", "Jun"]
    assert [mark.text for mark in drawn(3).days] == ["0", "1", "2"]
    assert (chart.days[0].at, chart.days[-1].at) == (FLOOR, CEILING)


def test_points_stand_in_the_picture_as_numbers():
    assert points_text(drawn().even_pace) == "50,35 625,260"


def test_a_deployment_of_one_day_is_drawn():
    chart = drawn(2, delivered=[(FIRST, 2)], on=FIRST, starts_on=FIRST, ends_on=FIRST)
    assert (chart.actual[-1], len(chart.table)) == (Point(LEFT, FLOOR), 2)


days = st.lists(st.tuples(st.dates(date(2022, 8, 1), date(2023, 9, 30)), st.integers(1, 2)), max_size=30)
dates = st.dates(date(2022, 8, 1), date(2023, 9, 30))


@given(agreed=st.integers(1, 400), delivered=days, booked=days, on=dates, starts_on=dates, length=st.integers(0, 364))
def test_every_point_is_inside_the_box_and_no_line_goes_back_or_up(agreed, delivered, booked, on, starts_on, length):
    ends_on = starts_on + timedelta(days=length)
    chart = drawn(agreed, delivered, booked, on, starts_on=starts_on, ends_on=ends_on)
    for line in (chart.even_pace, chart.actual, chart.booked):
        assert all(LEFT <= point.x <= WIDTH - RIGHT and TOP <= point.y <= FLOOR for point in line)
        assert [point.x for point in line] == sorted(point.x for point in line)
        assert [point.y for point in line] == sorted(point.y for point in line)
    assert all(LEFT <= mark.at <= WIDTH - RIGHT for mark in chart.months)
    assert len(chart.months) <= MOST_MONTHS
    assert 2 <= len(chart.days) <= 8


@given(agreed=st.integers(1, 400), delivered=days, booked=days)
def test_the_last_row_of_the_table_is_what_is_left_when_all_is_delivered(agreed, delivered, booked):
    chart = drawn(agreed, delivered, booked)
    assert chart.table[-1].left == agreed - sum(half_days for _, half_days in (*delivered, *booked))
