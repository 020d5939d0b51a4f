"""Times of day as pages write them."""

from datetime import UTC, datetime, time

import pytest

from sidebyside.clock import clock_text
from sidebyside.govuk.templatetags.look import clock, moment


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (time(9, 30), "9:30am"),
        (time(14), "2pm"),
        (time(0, 5), "12:05am"),
        (time(12), "12pm"),
        (time(23, 59), "11:59pm"),
    ],
)
def test_a_time_of_day_is_on_the_twelve_hour_clock(at, said):
    assert clock_text(at) == said


def test_a_moment_is_londons():
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert (clock(summer), moment(summer), moment(None)) == ("12:30am", "2 July 2026, 12:30am", "")
