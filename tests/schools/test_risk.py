"""Which category stands on a day, and how one follows another (S1 to S5)."""

from datetime import date

from schools.risk import Confirmed, Move, Standing, move, standing

PREVENTION = Confirmed("Prevention", 2, date(2022, 9, 1))
INTERVENTION = Confirmed("Intervention", 3, date(2023, 1, 9))


def test_no_category_stands_before_the_first_begins():
    assert standing([PREVENTION], on=date(2022, 8, 31)) is None


def test_a_category_stands_from_its_first_day_on():
    assert standing([PREVENTION], on=date(2022, 9, 1)) == Standing("Prevention", 2, date(2022, 9, 1), False)


def test_s1_the_latest_that_has_begun_stands_whatever_the_order_of_the_entries():
    entries = [INTERVENTION, PREVENTION]
    assert standing(entries, on=date(2023, 1, 8)) == Standing("Prevention", 2, date(2022, 9, 1), False)
    assert standing(entries, on=date(2023, 1, 9)) == Standing("Intervention", 3, date(2023, 1, 9), False)


def test_s2_last_years_category_stands_as_provisional_from_1_september_on():
    assert standing([PREVENTION], on=date(2023, 8, 31)) == Standing("Prevention", 2, date(2022, 9, 1), False)
    assert standing([PREVENTION], on=date(2023, 9, 1)) == Standing("Prevention", 2, date(2022, 9, 1), True)


def test_s2_confirming_this_years_category_ends_the_provisional_one():
    this_year = Confirmed("Prevention", 2, date(2023, 10, 2))
    assert standing([PREVENTION, this_year], on=date(2023, 10, 2)) == Standing(
        "Prevention", 2, date(2023, 10, 2), False
    )


def test_a_move_is_named_for_what_it_does_to_the_category():
    assert [move(None, 2), move(2, 3), move(3, 2), move(2, 2)] == [Move.FIRST, Move.RAISED, Move.LOWERED, Move.KEPT]
