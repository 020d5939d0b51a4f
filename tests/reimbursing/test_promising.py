"""What a home school reads before it agrees: what a day gets it, on each side of a new rate (M16)."""

from datetime import date

from reimbursing.owing import EVERY_SCHOOL
from reimbursing.promising import promised

RATES = {
    ("SSLC", EVERY_SCHOOL): [(date(2020, 9, 1), 30000), (date(2023, 4, 1), 32000)],
    ("SSLC", 200001): [(date(2023, 6, 1), 35000)],
}


def said(half_days=8, first=date(2023, 1, 9), last=date(2023, 3, 31), home=200002, kind="SSLC"):
    return promised(RATES, champion_type=kind, home=home, half_days=half_days, first=first, last=last)


def test_m16_one_rate_is_one_sentence():
    assert said() == ["£300.00 a day, £1,200.00 for 4 days."]
    assert said(half_days=1) == ["£300.00 a day, £150.00 for 0.5 days."]


def test_m16_a_new_rate_is_another_stretch():
    assert said(last=date(2023, 7, 21)) == [
        "Up to 31 March 2023: £300.00 a day, £1,200.00 if all of 4 days fall then.",
        "From 1 April 2023: £320.00 a day, £1,280.00 if all of 4 days fall then.",
    ]


def test_m16_a_schools_own_rate_goes_before_the_general_one():
    assert said(home=200001, first=date(2023, 5, 1), last=date(2023, 7, 21)) == [
        "Up to 31 May 2023: £320.00 a day, £1,280.00 if all of 4 days fall then.",
        "From 1 June 2023: £350.00 a day, £1,400.00 if all of 4 days fall then.",
    ]


def test_without_a_rate_it_says_so():
    assert said(kind="ABLE") == ["No rate has been set yet."]
    assert said(first=date(2020, 6, 1), last=date(2020, 9, 30))[0] == "Up to 31 August 2020: no rate has been set yet."
