"""What runs out or stands still: when it is said, with which number, and what to do. No database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.entitlements import Balance
from support.free_days import Capacity
from support.warnings import Caution, Kind, Limits, Running, by_urgency, of_champion, of_deployment, of_pool

LIMITS = Limits(percent_used=80, days_before_end=30, idle_weeks=6)
TODAY = date(2023, 1, 16)
YESTERDAY = TODAY - timedelta(days=1)
CALM = Running(date(2022, 9, 12), date(2023, 7, 19), agreed=20, delivered=6, booked=2, last_day_of_it=YESTERDAY)


def said(on: date = TODAY, **values) -> list[tuple[Kind, str]]:
    return [(found.kind, found.sentence) for found in of_deployment(replace(CALM, **values), LIMITS, on=on)]


def test_a_deployment_that_goes_its_way_warns_of_nothing():
    assert said() == []


@pytest.mark.parametrize(
    ("delivered", "booked", "sentence"),
    [
        (14, 1, None),
        (12, 4, "8 of 10 days are delivered or booked (80 per cent): 2 days left."),
        (17, 0, "8.5 of 10 days are delivered or booked (85 per cent): 1.5 days left."),
        (18, 0, "9 of 10 days are delivered or booked (90 per cent): 1 day left."),
        (20, 0, "All 10 days are delivered or booked."),
    ],
)
def test_an_agreement_warns_from_its_share_used_on(delivered, booked, sentence):
    assert said(delivered=delivered, booked=booked) == ([(Kind.USED, sentence)] if sentence else [])


def test_more_than_was_agreed_is_said_instead_of_running_out():
    assert said(delivered=20, booked=2) == [(Kind.OVER, "11 days are delivered or booked, 1 more than the 10 agreed.")]


def test_one_day_is_one_day():
    assert said(agreed=2, delivered=2, booked=0) == [(Kind.USED, "The 1 day is delivered or booked.")]
    assert said(agreed=1, delivered=2, booked=0) == [
        (Kind.OVER, "1 day is delivered or booked, 0.5 more than the 0.5 agreed.")
    ]


@pytest.mark.parametrize(
    ("ends_on", "sentence"),
    [
        (date(2023, 2, 16), None),
        (
            date(2023, 2, 15),
            "It ends in 30 days, on 15 February 2023, and 6 days are neither delivered nor booked.",
        ),
        (date(2023, 1, 17), "It ends tomorrow, on 17 January 2023, and 6 days are neither delivered nor booked."),
        (TODAY, "It ends today, on 16 January 2023, and 6 days are neither delivered nor booked."),
        (YESTERDAY, None),
    ],
)
def test_an_agreement_that_ends_soon_with_days_left_says_so_up_to_its_last_day(ends_on, sentence):
    assert said(ends_on=ends_on) == ([(Kind.ENDING, sentence)] if sentence else [])


def test_an_end_with_nothing_left_is_no_warning_and_with_one_day_speaks_of_one():
    assert said(ends_on=TODAY, delivered=20, booked=0, agreed=26) == [
        (Kind.ENDING, "It ends today, on 16 January 2023, and 3 days are neither delivered nor booked.")
    ]
    assert [kind for kind, _ in said(ends_on=TODAY, delivered=20, booked=0)] == [Kind.USED]
    assert said(ends_on=TODAY, delivered=8, booked=0, agreed=10)[-1] == (
        Kind.ENDING,
        "It ends today, on 16 January 2023, and 1 day is neither delivered nor booked.",
    )


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (TODAY - timedelta(days=41), None),
        (TODAY - timedelta(days=42), "Nothing is delivered or booked after 5 December 2022, 6 weeks ago."),
        (TODAY - timedelta(days=55), "Nothing is delivered or booked after 22 November 2022, 7 weeks ago."),
        (TODAY + timedelta(days=30), None),
        (None, "Nothing is delivered or booked since it began on 12 September 2022, 18 weeks ago."),
    ],
)
def test_a_deployment_stands_still_after_six_weeks_without_a_day(last, sentence):
    assert said(last_day_of_it=last) == ([(Kind.IDLE, sentence)] if sentence else [])


def test_a_deployment_that_has_just_begun_or_is_to_begin_does_not_stand_still():
    nothing = {"delivered": 0, "booked": 0, "last_day_of_it": None}
    assert said(starts_on=TODAY - timedelta(days=41), **nothing) == []
    assert said(starts_on=TODAY + timedelta(days=3), ends_on=TODAY + timedelta(days=20), **nothing) == []


def test_what_is_all_used_does_not_stand_still():
    assert [kind for kind, _ in said(delivered=20, booked=0, last_day_of_it=date(2022, 10, 3))] == [Kind.USED]


def test_what_is_over_warns_of_nothing():
    assert said(on=date(2023, 7, 20), delivered=22) == []


def test_the_limits_are_the_councils():
    early = Limits(percent_used=40, days_before_end=200, idle_weeks=1)
    found = of_deployment(replace(CALM, last_day_of_it=TODAY - timedelta(days=7)), early, on=TODAY)
    assert [each.kind for each in found] == [Kind.USED, Kind.ENDING, Kind.IDLE]


# --- Pools ------------------------------------------------------------------------------------------------------------
def pool(**values) -> Balance:
    found = Balance("SSPC/ABLE", "SSPC and ABLE days", "days", "up to", 18, 0, 4, 2, 12, ())
    return replace(found, **values)


def of(balance: Balance):
    found = of_pool(balance, LIMITS)
    return found and (found.kind, found.sentence)


def test_a_pool_warns_from_its_share_used_on():
    assert of(pool()) is None
    assert of(pool(delivered=12, booked=3, left=3)) == (
        Kind.USED,
        "SSPC and ABLE days: 7.5 of 9 days are delivered or booked (83 per cent): 1.5 days left.",
    )


def test_an_adjustment_counts_before_a_pool_warns():
    assert of(pool(delivered=15, booked=0, adjustment=6)) is None


def test_a_pool_that_more_was_taken_from_says_how_much_more():
    assert of(pool(delivered=20, booked=1, left=0)) == (
        Kind.OVER,
        "SSPC and ABLE days: 10.5 days are delivered or booked, 1.5 more than the 9 that the school has.",
    )


def test_what_was_delivered_before_a_category_went_down_stays_and_only_what_is_booked_beyond_it_is_said():
    assert of(pool(allowance=0, delivered=6, booked=0)) is None
    assert of(pool(allowance=0, delivered=6, booked=1)) == (
        Kind.OVER,
        "SSPC and ABLE days: 3.5 days are delivered or booked, and the school has none.",
    )
    assert of(pool(delivered=20, booked=0)) == (Kind.USED, "SSPC and ABLE days: All 9 days are delivered or booked.")


@pytest.mark.parametrize(
    "values",
    [{"allowance": None}, {"unit": "visits", "delivered": 18}, {"delivered": 0, "booked": 0, "allowance": 0}],
    ids=["not limited", "visits", "nothing used of nothing"],
)
def test_what_nothing_limits_what_counts_visits_and_what_nobody_uses_warns_of_nothing(values):
    assert of(pool(**values)) is None


# --- Champions --------------------------------------------------------------------------------------------------------
def test_a_champion_over_the_days_agreed_with_the_home_school_is_said_with_both_numbers():
    found = of_champion(Capacity(agreed=20, delivered=10, booked=4, committed=9, home_school="Hill School"))
    assert found == Caution(
        Kind.OVER,
        "11.5 days delivered, booked or promised this academic year, 1.5 more than the 10 agreed with Hill School.",
        "Agree more days with Hill School, or give some of them to another champion.",
        "Talk to the team leader before you book another day.",
    )


@pytest.mark.parametrize("agreed", [None, 20, 30])
def test_a_champion_within_the_days_agreed_or_with_none_agreed_warns_of_nothing(agreed):
    assert of_champion(Capacity(agreed=agreed, delivered=10, booked=10, home_school="Hill School")) is None


# --- Any ------------------------------------------------------------------------------------------------------------
half_days = st.integers(0, 80)


@given(agreed=st.integers(1, 80), delivered=half_days, booked=half_days, percent=st.integers(1, 100))
def test_days_are_said_exactly_when_the_share_is_reached_and_once(agreed, delivered, booked, percent):
    found = of_deployment(
        replace(CALM, agreed=agreed, delivered=delivered, booked=booked),
        replace(LIMITS, percent_used=percent),
        on=TODAY,
    )
    used = delivered + booked
    expected = Kind.OVER if used > agreed else Kind.USED if used and used >= agreed * percent / 100 else None
    assert [each.kind for each in found] == ([expected] if expected else [])


@given(
    agreed=st.integers(1, 80),
    delivered=half_days,
    booked=half_days,
    away=st.integers(-60, 300),
    ago=st.integers(-60, 200),
)
def test_whatever_is_said_says_what_to_do_to_the_team_and_to_others_and_the_most_pressing_first(
    agreed, delivered, booked, away, ago
):
    running = Running(
        date(2022, 9, 12), TODAY + timedelta(days=away), agreed, delivered, booked, TODAY - timedelta(days=ago)
    )
    found = of_deployment(running, LIMITS, on=TODAY)
    assert found == by_urgency(reversed(found))
    assert all(
        each.sentence.endswith(".") and each.for_team.endswith(".") and each.for_others.endswith(".") for each in found
    )
    assert (found == []) if away < 0 else True
    assert all(each.tag for each in found)
