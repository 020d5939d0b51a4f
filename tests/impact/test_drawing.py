"""The draw of quality assurance: by chance, and yet anybody can make it again."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.drawing import draw, fingerprint

populations = st.lists(st.integers(1, 10**6), min_size=1, max_size=60, unique=True)
seeds = st.text(min_size=1)


@given(st.data(), populations, seeds)
def test_a_sample_has_its_size_no_repeats_and_nobody_from_elsewhere(data, population, seed):
    size = data.draw(st.integers(1, len(population)))
    drawn = draw(population, size=size, seed=seed)
    assert len(drawn) == len(set(drawn)) == size
    assert set(drawn) <= set(population)


@given(st.data(), populations, seeds)
def test_the_order_of_the_population_and_repeats_in_it_change_nothing(data, population, seed):
    size = data.draw(st.integers(1, len(population)))
    shuffled = data.draw(st.permutations(population))
    assert draw(population, size=size, seed=seed) == draw([*shuffled, *population[:3]], size=size, seed=seed)
    assert fingerprint(population) == fingerprint(shuffled)


@given(populations, seeds)
def test_a_larger_sample_begins_with_the_smaller_one(population, seed):
    assert draw(population, size=len(population), seed=seed)[:1] == draw(population, size=1, seed=seed)


def test_with_many_seeds_each_is_drawn_about_as_often_as_the_others():
    drawn = Counter(number for seed in range(2000) for number in draw(range(10), size=3, seed=str(seed)))
    assert len(drawn) == 10
    assert all(500 < times < 700 for times in drawn.values()), drawn  # 600 each; 4 standard deviations are 82


def test_a_draw_of_long_ago_can_be_made_again():
    """Written out, so that no change of the code may change what was drawn: the order is that of SHA-256."""
    assert draw([11, 12, 13, 14, 15], size=3, seed="side by side") == WRITTEN_OUT


WRITTEN_OUT = (15, 14, 11)


@pytest.mark.parametrize("size", [0, -1, 4])
def test_more_than_there_are_or_none_is_refused(size):
    with pytest.raises(ValueError, match=f"{size} cannot be drawn from 3"):
        draw([1, 2, 3], size=size, seed="x")


def test_another_population_has_another_fingerprint():
    assert fingerprint([1, 23]) != fingerprint([12, 3])
