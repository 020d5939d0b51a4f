"""M16: what a home school is owed for a day of its champion, and why. No database."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from reimbursing.owing import Given, Held, OwedLine, Owing, Stated, owing, rate_on, signed_days, value_of

HOME, OTHER = 110001, 110002
DAY = date(2023, 3, 8)
BEGUN = date(2019, 9, 1)
RATES = {("SSLC", None): [(BEGUN, 55000)], ("SSPC", None): [(BEGUN, 40000)]}
GIVEN = Given(DAY, 2, True, False, False, "SSLC", HOME)
WHY = "£550.00 a day: SSLC reimbursement rate from 1 September 2019"


def owed(given=GIVEN, rates=RATES, payable=frozenset({HOME, OTHER})) -> Owing:
    return owing(given, rates=rates, payable=payable)


def stated(half_days=2, amount=55000, home=HOME, rate=55000) -> Stated:
    return Stated(home, rate, half_days, amount)


def test_m16_a_day_is_owed_at_the_rate_of_its_type_and_half_a_day_at_half():
    assert owed() == Owing((OwedLine(HOME, 2, 55000, 55000, WHY),))
    assert owed(replace(GIVEN, half_days=1)).lines[0].amount == 27500


def test_m16_the_rate_is_that_of_the_deliverys_own_date():
    rates = {("SSLC", None): [(BEGUN, 55000), (date(2023, 4, 1), 60000)]}
    days = (date(2023, 3, 31), date(2023, 4, 1))
    assert [owed(replace(GIVEN, happens_on=day), rates).lines[0].amount for day in days] == [55000, 60000]


def test_m16_the_schools_own_rate_goes_before_that_of_every_school_and_says_so():
    rates = RATES | {("SSLC", HOME): [(date(2023, 1, 1), 50000)]}
    assert owed(GIVEN, rates).lines[0].reason == "£500.00 a day: SSLC rate of this school from 1 January 2023"
    assert rate_on(rates, "SSLC", HOME, date(2022, 12, 31)) == (BEGUN, 55000, False)
    assert rate_on(rates, "SSLC", OTHER, DAY) == (BEGUN, 55000, False)


def test_m7_half_a_day_at_an_odd_rate_is_rounded_half_up_once():
    assert [value_of(33333, half_days) for half_days in (0, 1, 2, 3)] == [0, 16667, 33333, 50000]


def test_m16_nothing_is_owed_for_what_is_on_a_statement():
    assert owed(replace(GIVEN, stated=(stated(),))) == Owing()


@pytest.mark.parametrize(
    ("given", "held"),
    [
        (
            replace(GIVEN, is_confirmed=False, is_waiting=True),
            Held("unconfirmed", "The school has not confirmed it yet."),
        ),
        (
            replace(GIVEN, is_confirmed=False, is_waiting=True, is_disputed=True),
            Held("disputed", "The school says that it was not so. The broker decides."),
        ),
        (replace(GIVEN, home=None), Held("lending", "No school lent the champion on 8 March 2023.")),
        (replace(GIVEN, champion_type="ABLE"), Held("rate", "No reimbursement rate for ABLE on 8 March 2023.")),
        (
            replace(GIVEN, happens_on=date(2019, 8, 31)),
            Held("rate", "No reimbursement rate for SSLC on 31 August 2019."),
        ),
    ],
)
def test_m16_what_cannot_be_reimbursed_is_held_back_with_its_reason(given, held):
    assert owed(given) == Owing(held=(held,))


def test_m16_a_school_of_which_it_is_not_known_how_it_is_paid_is_held_back():
    assert owed(payable={OTHER}) == Owing(held=(Held("payee", "It is not known yet how the home school is paid."),))


def test_m16_what_was_denied_and_is_on_no_statement_is_nothing():
    assert owed(replace(GIVEN, is_confirmed=False)) == Owing()


# --- Corrections, as opposite lines -----------------------------------------------------------------------------------
def test_m16_e14_a_day_that_turns_out_to_have_been_a_half_takes_half_back():
    correction = owed(replace(GIVEN, half_days=1, stated=(stated(),)))
    why = "Correction: 1 day had been reimbursed, and 0.5 days took place"
    assert correction == Owing((OwedLine(HOME, -1, 55000, -27500, why, True),))


def test_m16_what_is_withdrawn_is_taken_back_whole_at_the_rate_at_which_it_was_stated():
    gone = replace(GIVEN, is_confirmed=False, stated=(stated(2, 50000, rate=50000),))
    why = "Correction: 1 day had been reimbursed, and it does not count any more"
    assert owed(gone) == Owing((OwedLine(HOME, -2, 50000, -50000, why, True),))


def test_m16_what_was_lent_by_another_school_is_taken_from_one_and_owed_to_the_other():
    moved = replace(GIVEN, home=OTHER, stated=(stated(),))
    back, due = owed(moved).lines
    assert (back.home, back.half_days, back.amount) == (HOME, -2, -55000)
    assert back.reason == "Correction: another school lent the champion on that day"
    assert (due.home, due.half_days, due.amount) == (OTHER, 2, 55000)


def test_m16_more_than_was_stated_is_owed_for_the_difference():
    more = owed(replace(GIVEN, stated=(stated(1, 27500),)))
    assert more.lines == (OwedLine(HOME, 1, 55000, 27500, f"Correction: it counts with 1 day now. {WHY}", True),)


def test_m7_corrections_leave_what_the_half_days_that_remain_would_have_come_to():
    rates = {("SSLC", None): [(BEGUN, 33333)]}
    whole = replace(GIVEN, half_days=1, stated=(stated(2, 33333, rate=33333),))
    assert owed(whole, rates).lines[0].amount == 16667 - 33333
    assert owed(replace(GIVEN, stated=(stated(1, 16667, rate=33333),)), rates).lines[0].amount == 33333 - 16667


def test_m16_a_dispute_moves_nothing_until_it_is_resolved():
    assert owed(replace(GIVEN, is_disputed=True, stated=(stated(),))).lines == ()


def test_a_correction_of_a_school_that_cannot_be_paid_waits():
    held = Held("payee", "It is not known yet how the home school is paid.")
    assert owed(replace(GIVEN, half_days=1, stated=(stated(),)), payable=set()) == Owing(held=(held,))


def test_days_below_nought_have_a_real_minus_sign():
    assert [signed_days(half_days) for half_days in (-1, -2, 0, 3)] == ["−0.5", "−1", "0", "1.5"]


# --- Whatever happens -------------------------------------------------------------------------------------------------
STEPS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from([HOME, OTHER]), st.sampled_from([33333, 40000, 55001])), max_size=8
)


@examples(STEPS)
def test_m16_for_any_history_each_half_day_is_reimbursed_once_and_to_the_penny(steps):
    """After each change a statement is approved: its lines come to what is true now, and there is nothing left."""
    buckets: dict[tuple[int, int], list[int]] = {}
    for half_days, home, rate in steps:
        now = replace(
            GIVEN,
            half_days=half_days,
            is_confirmed=half_days > 0,
            home=home,
            stated=tuple(Stated(h, r, days, pence) for (h, r), (days, pence) in buckets.items() if days),
        )
        rates = {("SSLC", None): [(BEGUN, rate)]}
        for line in owed(now, rates).lines:
            held = buckets.setdefault((line.home, line.rate), [0, 0])
            held[0] += line.half_days
            held[1] += line.amount
        assert sum(days for days, _ in buckets.values()) == half_days
        assert sum(days for (school, _), (days, _) in buckets.items() if school == home) == half_days
        assert all(pence == value_of(rate, days) for (_, rate), (days, pence) in buckets.items())
