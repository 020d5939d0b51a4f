"""What is left of a champion: the days agreed with the home school, less delivered, booked and promised ones."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from support.free_days import Capacity, HalfTermDays

COUNT = st.integers(min_value=0, max_value=400)
TERM = HalfTermDays("Autumn 1", date(2022, 9, 5), date(2022, 10, 21))


def capacity(agreed=20, delivered=3, booked=2, committed=5):
    return Capacity(agreed, delivered, booked, committed, home_school="Mill Lane Primary School")


def test_what_is_delivered_booked_and_promised_is_not_free():
    assert (capacity().used, capacity().free, capacity().over, capacity().is_over) == (10, 10, 0, False)


def test_what_goes_beyond_the_days_that_are_lent_is_said_with_the_numbers():
    assert (capacity().beyond(10), replace(capacity(), agreed=None).beyond(400)) == ("", "")
    said = "Mill Lane Primary School lends 10 days in this academic year. With these days it would be 1.5 days more."
    assert capacity().beyond(13) == said


def test_where_nothing_is_agreed_nobody_knows_what_is_free_and_nobody_is_over_used():
    unknown = replace(capacity(), agreed=None)
    assert (unknown.free, unknown.over, unknown.is_over) == (None, 0, False)


def test_who_gives_more_than_agreed_is_over_used_and_not_free_below_nought():
    over = capacity(delivered=18)
    assert (over.free, over.over, over.is_over) == (0, 5, True)


def test_the_last_agreed_half_day_is_not_over_used():
    last = capacity(delivered=13)
    assert (last.free, last.is_over) == (0, False)


@given(agreed=st.none() | COUNT, delivered=COUNT, booked=COUNT, committed=COUNT)
def test_free_and_over_are_two_sides_of_one_sum(agreed, delivered, booked, committed):
    found = Capacity(agreed, delivered, booked, committed)
    if agreed is None:
        assert (found.free, found.over) == (None, 0)
    else:
        assert found.free - found.over == agreed - delivered - booked - committed
        assert min(found.free, found.over) == 0
    assert found.is_over is (found.over > 0)


@given(before=COUNT, more=COUNT)
def test_a_day_that_was_promised_is_as_free_booked_and_delivered_as_it_was_promised(before, more):
    promised = Capacity(400, committed=before + more)
    assert Capacity(400, booked=before, committed=more).free == promised.free
    assert Capacity(400, delivered=before, booked=more).free == promised.free


def test_a2_each_number_has_its_sentence():
    assert capacity(booked=1).reasons == [
        "10 days a year agreed with Mill Lane Primary School.",
        "1.5 days delivered this academic year.",
        "0.5 days booked.",
        "2.5 days promised by deployments beyond what is delivered and booked.",
        "10 − 1.5 − 0.5 − 2.5 = 5.5 days free.",
    ]


def test_a2_over_use_and_what_is_not_agreed_are_said():
    assert capacity(delivered=18).reasons[-1] == "10 − 9 − 1 − 2.5: 2.5 days more than agreed, so none is free."
    assert [replace(capacity(), agreed=None).reasons[place] for place in (0, -1)] == [
        "Nothing is agreed with Mill Lane Primary School about the days of a year.",
        "So nobody can say how many are free.",
    ]
    assert Capacity().reasons[0] == "No home school lends this champion on this day."


def test_a_half_term_has_what_the_champion_said_less_what_is_taken():
    assert (TERM.free, TERM.is_over) == (None, False)
    assert [
        (found.free, found.is_over) for found in (replace(TERM, available=4, taken=taken) for taken in (1, 4, 5))
    ] == [(3, False), (0, False), (0, True)]
