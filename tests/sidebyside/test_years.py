"""Years, periods, money and half days: the values that everything else is computed with."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidebyside.days import days_cell, days_text, half_days
from sidebyside.money import decimal_pounds, pence, percent_of, percent_text, pounds
from sidebyside.years import AcademicYear, FinancialYear, Period


def test_an_academic_year_turns_on_1_september():
    assert str(AcademicYear.containing(date(2023, 8, 31))) == "2022/23"
    assert str(AcademicYear.containing(date(2023, 9, 1))) == "2023/24"


def test_a_financial_year_turns_on_1_april():
    assert str(FinancialYear.containing(date(2023, 3, 31))) == "2022/23"
    assert FinancialYear.containing(date(2023, 4, 1)).code == "2324"


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_a_day_lies_in_the_year_that_contains_it_and_in_no_other(day):
    year = AcademicYear.containing(day)
    assert (day in year, day in year.next, day in year.previous) == (True, False, False)


@pytest.mark.parametrize("text", ["2022/23", "2022-23", "2022"])
def test_a_year_is_read_back(text):
    assert AcademicYear.parse(text) == AcademicYear(2022)


@pytest.mark.parametrize("text", ["2022/24", "22/23", "", "２０２２", "next"])
def test_what_is_no_year_is_refused(text):
    with pytest.raises(ValueError):
        AcademicYear.parse(text)


def test_a_century_turns():
    assert str(AcademicYear(2099)) == "2099/00"


def test_m13_a_period_is_cut_at_each_31_march():
    cut = list(Period(date(2023, 3, 1), date(2024, 4, 2)).by_financial_year())
    assert cut == [
        Period(date(2023, 3, 1), date(2023, 3, 31)),
        Period(date(2023, 4, 1), date(2024, 3, 31)),
        Period(date(2024, 4, 1), date(2024, 4, 2)),
    ]


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError):
        Period(date(2023, 3, 2), date(2023, 3, 1))


def test_m7_half_a_penny_goes_up():
    assert pence(Decimal("0.005")) == 1
    assert percent_of(1, Decimal(50)) == 1
    assert percent_of(27505, Decimal("17.5")) == 4813


def test_amounts_read_as_people_write_them():
    assert (pounds(123450), pounds(-5), pounds(0)) == ("£1,234.50", "−£0.05", "£0.00")
    assert (decimal_pounds(123450), percent_text(Decimal("17.50")), percent_text(Decimal("20.00"))) == (
        Decimal("1234.50"),
        "17.5%",
        "20%",
    )


def test_o6_days_are_whole_half_days():
    assert [half_days(text) for text in ("0.5", "1", "1.5", " 2.0 ")] == [1, 2, 3, 4]
    assert [days_text(n) for n in (0, 1, 2, 18)] == ["0", "0.5", "1", "9"]
    assert [days_cell(n) for n in (0, 1, 18)] == ["0.0", "0.5", "9.0"]


@pytest.mark.parametrize("text", ["0.25", "-1", "one", "NaN", "Infinity", ""])
def test_o6_what_is_no_half_day_is_refused(text):
    with pytest.raises(ValueError):
        half_days(text)
