"""Whether a champion's check holds on a day, and until when a new one will."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.vetting import Done, Standing, expiry_of, longest, standing_of

DAY = date(2023, 1, 18)
LAST_YEAR = date(2022, 1, 10)


@pytest.mark.parametrize(
    ("expires_on", "standing"),
    [
        (None, Standing.IN_DATE),
        (DAY + timedelta(days=60), Standing.IN_DATE),
        (DAY + timedelta(days=59), Standing.SOON),
        (DAY, Standing.SOON),
        (DAY - timedelta(days=1), Standing.EXPIRED),
    ],
)
def test_a_check_holds_until_its_last_day_and_says_sixty_days_before_that_it_ends(expires_on, standing):
    assert standing_of([Done(LAST_YEAR, expires_on)], DAY) == standing


@pytest.mark.parametrize(
    ("done_on", "standing"), [(DAY, Standing.IN_DATE), (DAY + timedelta(days=1), Standing.MISSING)]
)
def test_what_is_done_later_does_not_hold_yet(done_on, standing):
    assert standing_of([Done(done_on)], DAY) == standing


def test_of_several_the_one_that_holds_longest_counts():
    renewed = Done(date(2022, 12, 1), date(2023, 11, 30))
    assert longest([Done(LAST_YEAR, date(2023, 1, 9)), renewed], DAY) == renewed
    assert longest([Done(LAST_YEAR), renewed], DAY) == Done(LAST_YEAR)
    assert longest([], DAY) is None


def test_only_what_holds_lets_somebody_go_into_schools():
    assert {each.value: each.holds for each in Standing} == {
        "In date": True, "Expires soon": True, "Expired": False, "Missing": False
    }  # fmt: skip


@pytest.mark.parametrize(
    ("done_on", "months", "expires_on"),
    [
        (DAY, 12, date(2024, 1, 17)),
        (DAY, None, None),
        (date(2023, 8, 31), 6, date(2024, 2, 28)),  # due again on 29 February, for there is no 31st
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2022, 12, 1), 1, date(2022, 12, 31)),
        (DAY, 0, DAY),
    ],
)
def test_a_check_is_due_again_after_its_months(done_on, months, expires_on):
    assert expiry_of(done_on, months) == expires_on


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(min_value=1, max_value=60))
def test_what_is_just_done_holds_today_and_not_once_its_months_are_over(done_on, months):
    last = expiry_of(done_on, months)
    assert Done(done_on, last).holds_on(done_on)
    assert 28 * months - 1 <= (last - done_on).days <= 31 * months
