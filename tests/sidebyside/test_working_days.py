"""Days on which people work in England."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidebyside.working_days import (
    bank_holiday,
    is_working_day,
    next_working_day,
    working_days_after,
    working_days_before,
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2023, 4, 6), True),
        (date(2023, 4, 7), False),  # Good Friday
        (date(2023, 4, 8), False),  # a Saturday
        (date(2023, 4, 10), False),  # Easter Monday
        (date(2023, 5, 8), False),  # the coronation
    ],
)
def test_weekends_and_bank_holidays_are_no_working_days(day, works):
    assert is_working_day(day) is works


def test_the_next_working_day_is_the_day_itself_or_the_first_after_a_holiday():
    assert next_working_day(date(2023, 4, 6)) == date(2023, 4, 6)
    assert next_working_day(date(2023, 4, 7)) == date(2023, 4, 11)


@pytest.mark.parametrize(
    ("day", "count", "since"),
    [
        (date(2023, 3, 20), 10, date(2023, 3, 6)),
        (date(2023, 4, 12), 2, date(2023, 4, 6)),  # over Easter
        (date(2023, 3, 20), 0, date(2023, 3, 20)),
    ],
)
def test_working_days_are_counted_back_over_weekends_and_holidays(day, count, since):
    assert working_days_before(day, count) == since


def test_a_bank_holiday_has_a_name_and_another_day_has_none():
    assert [bank_holiday(date(2022, 12, day)) for day in (25, 28)] == ["Christmas Day", ""]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(1, 30))
def test_counted_forward_is_the_first_working_day_that_counting_back_has_let_pass(day, count):
    due = working_days_after(day, count)
    assert working_days_before(due, count) >= day
    assert is_working_day(due)
    assert working_days_before(working_days_before(due, 1), count) < day
