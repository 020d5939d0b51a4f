"""When reviews are due: half-way, and around the last day; numbers are the council's own."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.due import Due, Habits, Kind, asked_on, dues, may_be_written
from impact.models import Kind as Choice
from sidebyside.working_days import is_working_day

HABITS = Habits(midpoint_from_weeks=6, midpoint_days=14, closing_days_before=14, closing_days_after=28)
START, END = date(2022, 9, 12), date(2023, 7, 19)


def opens(starts_on, ends_on, habits=HABITS):
    return {due.kind: (due.opens_on, due.due_by) for due in dues(starts_on, ends_on, habits)}


def test_the_mid_point_is_half_way_and_the_closing_one_lies_around_the_last_day():
    assert opens(START, END) == {
        Kind.MIDPOINT: (date(2023, 2, 14), date(2023, 2, 28)),
        Kind.CLOSING: (date(2023, 7, 5), date(2023, 8, 16)),
    }


def test_half_way_on_a_day_off_is_the_next_working_day():
    """Half-way between 7 and 9 April 2023 less and more is Easter: nobody is asked before Tuesday 11 April."""
    easter = date(2023, 4, 9)
    assert opens(easter - timedelta(days=60), easter + timedelta(days=60))[Kind.MIDPOINT][0] == date(2023, 4, 11)


@pytest.mark.parametrize(("days", "kinds"), [(41, ["closing"]), (42, ["midpoint", "closing"])])
def test_a_deployment_under_six_weeks_has_no_mid_point(days, kinds):
    assert list(opens(START, START + timedelta(days=days - 1))) == kinds


def test_a_mid_point_without_room_before_the_closing_one_is_not_asked_for():
    habits = Habits(midpoint_from_weeks=2, midpoint_days=14, closing_days_before=14, closing_days_after=28)
    assert list(opens(START, START + timedelta(days=15), habits)) == [Kind.CLOSING]


@pytest.mark.parametrize(
    ("on", "asked"),
    [
        (date(2023, 2, 13), None),
        (date(2023, 2, 14), Kind.MIDPOINT),
        (date(2023, 7, 4), Kind.MIDPOINT),
        (date(2023, 7, 5), Kind.CLOSING),
        (date(2023, 8, 16), Kind.CLOSING),
        (date(2023, 8, 17), None),
    ],
)
def test_one_review_is_asked_for_at_a_time(on, asked):
    found = asked_on(START, END, HABITS, on=on)
    assert (found.kind if found else None) == asked


@pytest.mark.parametrize(
    ("kind", "on", "is_open"),
    [
        ("midpoint", date(2023, 2, 13), False),
        ("midpoint", date(2023, 2, 14), True),
        ("midpoint", END, True),
        ("midpoint", END + timedelta(days=1), False),
        ("closing", date(2023, 7, 4), False),
        ("closing", date(2023, 7, 5), True),
        ("closing", date(2025, 1, 1), True),
    ],
)
def test_a_late_review_is_taken_but_no_mid_point_after_the_end(kind, on, is_open):
    assert may_be_written(kind, START, END, HABITS, on=on) is is_open


def test_a_short_deployment_takes_no_mid_point():
    assert not may_be_written("midpoint", START, START + timedelta(days=20), HABITS, on=START + timedelta(days=15))


def test_each_review_says_why_it_is_due():
    assert [due.reason for due in dues(START, END, HABITS)] == [
        "Half of the time between the first and the last day is over.",
        "The last day is 14 days away, or nearer, or past.",
    ]
    at_the_end = Habits(6, 14, 0, 28)
    assert [due.reason for due in dues(START, END, at_the_end)][1] == "The last day is past."


def test_the_kinds_of_the_rule_are_those_of_the_rows():
    assert [str(kind) for kind in Kind] == Choice.values


days = st.dates(date(2015, 1, 1), date(2040, 12, 31))
numbers = st.integers(0, 90)


@given(days, st.integers(0, 400), st.builds(Habits, st.integers(1, 30), numbers, numbers, numbers))
def test_the_two_never_overlap_and_each_is_open_for_a_while(start, length, habits):
    end = start + timedelta(days=length)
    found = list(dues(start, end, habits))
    assert found[-1] == Due(
        Kind.CLOSING,
        end - timedelta(days=habits.closing_days_before),
        end + timedelta(days=habits.closing_days_after),
        found[-1].reason,
    )
    for due in found:
        assert due.opens_on <= due.due_by
    for midpoint in found[:-1]:
        assert is_working_day(midpoint.opens_on)
        assert start <= midpoint.opens_on <= midpoint.due_by < found[-1].opens_on
