"""What a deployment may agree: whole half days that fit between its dates, in one academic year."""

from datetime import date

import pytest

from support.agreements import faults_of, working_half_days

MONDAY = date(2023, 1, 16)


@pytest.mark.parametrize(
    ("first", "last", "half_days"),
    [
        (MONDAY, MONDAY, 2),
        (MONDAY, date(2023, 1, 20), 10),
        (MONDAY, date(2023, 1, 23), 12),
        (date(2023, 1, 14), date(2023, 1, 15), 0),
        (date(2023, 1, 13), MONDAY, 4),
        (MONDAY, date(2023, 1, 15), 0),
        (date(2022, 9, 1), date(2023, 8, 31), 522),
    ],
)
def test_mondays_to_fridays_have_two_half_days_each(first, last, half_days):
    assert working_half_days(first, last) == half_days


def faults(half_days=10, starts_on=MONDAY, ends_on=date(2023, 1, 20)):
    return faults_of(half_days=half_days, starts_on=starts_on, ends_on=ends_on)


def test_days_that_fill_the_dates_are_agreed_and_half_a_day_more_is_not():
    assert faults(10) == {}
    sentence = "There are only 5 working days between these dates. Agree fewer, or choose other dates."
    assert faults(11) == {"half_days_agreed": sentence}


def test_it_stays_within_the_academic_year_in_which_it_starts():
    assert faults(ends_on=date(2023, 8, 31)) == {}
    assert faults(ends_on=date(2023, 9, 1)) == {
        "ends_on": "A deployment stays within one academic year, for each has its own offer. End it by 31 August 2023, "
        "and agree another for the year after."
    }


def test_all_that_is_wrong_is_said_at_once():
    assert faults(0, ends_on=date(2023, 1, 15)) == {
        "half_days_agreed": "Agree at least half a day.",
        "ends_on": "The deployment ends before it starts.",
    }


def test_what_is_not_known_yet_is_not_looked_at():
    assert (faults(None), faults(ends_on=None), faults(starts_on=None)) == ({}, {}, {})
