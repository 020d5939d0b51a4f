"""Half days from what somebody typed (O6), and amounts of money: what is no such number is refused at once."""

from decimal import Decimal

import pytest

from sidebyside.days import half_days
from sidebyside.money import pence


@pytest.mark.parametrize(
    ("days", "found"), [("0", 0), ("0.5", 1), (" 9 ", 18), ("4.50", 9), (Decimal("1E+1"), 20), ("400", 800)]
)
def test_days_in_steps_of_half_a_day(days, found):
    assert half_days(days) == found


@pytest.mark.parametrize("days", ["1e999999999", "-1e999999999", "1e99999", "1e10", "inf", "nan", "sNaN", "x", ""])
def test_what_is_no_number_of_days_is_refused_before_anything_is_counted(days):
    with pytest.raises(ValueError, match=f"“{days}” is not a number of days"):
        half_days(days)


@pytest.mark.parametrize("days", ["0.3", "0.25", "1e-999999999", "1e-20"])
def test_other_steps_are_refused(days):
    with pytest.raises(ValueError, match="is not in steps of half a day"):
        half_days(days)


def test_days_below_nought_are_refused():
    with pytest.raises(ValueError, match="“-1” days is below nought"):
        half_days("-1")


@pytest.mark.parametrize("pounds", ["1e999999999", "1e99999", "1e13", "Infinity", "NaN", "sNaN"])
def test_what_is_no_amount_of_money_is_refused(pounds):
    with pytest.raises(ValueError, match="is not an amount of money"):
        pence(Decimal(pounds))


def test_pounds_are_whole_pence_rounded_half_up():
    """M7."""
    assert [pence(Decimal(pounds)) for pounds in ("1.005", "-1.005", "0", "999999999999.99")] == [
        101, -101, 0, 99999999999999,
    ]  # fmt: skip
