"""A school's category before a deployment and after it."""

from datetime import date

import pytest

from impact.category_moves import category_move, months_after
from schools.risk import Confirmed, Move

START, END = date(2022, 9, 12), date(2023, 7, 19)
PREVENTION = Confirmed("Prevention", 2, date(2022, 9, 1))


def moved(*entries, on=date(2024, 6, 1), months=6):
    found = category_move(entries, starts_on=START, ends_on=END, months=months, on=on)
    names = tuple(each.category if each else None for each in (found.before, found.after))
    return (*names, found.direction, found.seen_on)


def test_a_lower_category_afterwards_is_a_lowering():
    after = Confirmed("Enhancement", 1, date(2023, 9, 1))
    assert moved(PREVENTION, after) == ("Prevention", "Enhancement", Move.LOWERED, date(2024, 1, 19))


def test_a_higher_one_is_a_raise_and_the_same_is_kept():
    raised, again = Confirmed("Intervention", 3, date(2023, 9, 1)), Confirmed("Prevention", 2, date(2023, 9, 1))
    assert moved(PREVENTION, raised)[2] == Move.RAISED
    assert moved(PREVENTION, again)[2] == Move.KEPT


def test_what_comes_long_after_the_end_has_other_causes():
    late = Confirmed("Enhancement", 1, date(2024, 1, 20))
    assert moved(PREVENTION, late)[:3] == ("Prevention", "Prevention", Move.KEPT)
    assert moved(PREVENTION, late, months=12)[:3] == ("Prevention", "Enhancement", Move.LOWERED)


def test_while_it_runs_the_category_of_today_is_seen():
    after = Confirmed("Enhancement", 1, date(2023, 1, 9))
    assert moved(PREVENTION, after, on=date(2023, 1, 8))[1:] == ("Prevention", Move.KEPT, date(2023, 1, 8))
    assert moved(PREVENTION, after, on=date(2023, 1, 9))[1:] == ("Enhancement", Move.LOWERED, date(2023, 1, 9))


def test_without_a_category_on_the_first_day_nothing_moved():
    assert moved(Confirmed("Prevention", 2, date(2022, 10, 1)))[:3] == (None, "Prevention", None)
    assert moved()[:3] == (None, None, None)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2023, 7, 19), 6, date(2024, 1, 19)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2022, 12, 31), 0, date(2022, 12, 31)),
        (date(2022, 12, 31), 24, date(2024, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months, later):
    assert months_after(day, months) == later
