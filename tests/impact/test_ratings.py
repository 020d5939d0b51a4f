"""How far outcomes were reached: an outcome counts once, whoever rated it, and nothing is a float."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.models import OutcomeRating
from impact.ratings import MOST, RANKS, Reached, in_tenths, reached


def test_nothing_rated_has_no_average():
    assert reached([]) == Reached(0, None, 0)


def test_an_outcome_counts_once_however_many_rated_it():
    """Three say that reading was fully reached, one that writing was not: the average lies in the middle."""
    ratings = [("reading", "fully")] * 3 + [("writing", "not yet")]
    assert reached(ratings) == Reached(2, Decimal("1.5"), 1)


def test_an_outcome_is_reached_when_those_who_rated_it_say_mostly_on_average():
    assert reached([("reading", "fully"), ("reading", "partly")]).well == 1
    assert reached([("reading", "mostly"), ("reading", "partly")]).well == 0


@pytest.mark.parametrize(
    ("number", "shown"),
    [(Fraction(0), "0.0"), (Fraction(3), "3.0"), (Fraction(1, 20), "0.1"), (Fraction(49, 1000), "0.0"),
     (Fraction(5, 3), "1.7"), (Fraction(9, 4), "2.3"), (Fraction(29, 20), "1.5")],
)  # fmt: skip
def test_an_average_is_rounded_half_up_to_a_tenth(number, shown):
    assert str(in_tenths(number)) == shown


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(sorted(RANKS))), min_size=1))
def test_an_average_is_exact_to_a_tenth_within_bounds_and_whatever_the_order(ratings):
    found = reached(ratings)
    assert found == reached(sorted(ratings, reverse=True))
    assert type(found.average) is Decimal
    assert 0 <= found.average <= MOST
    assert 0 <= found.well <= found.rated == len({outcome for outcome, _ in ratings})


def test_every_choice_has_its_rank_in_order():
    assert [choice.rank for choice in OutcomeRating.HowFar] == [0, 1, 2, 3] == list(RANKS.values())
