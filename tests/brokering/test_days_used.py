"""Days put together by deployment, school, champion and home school. No database."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokering.days_used import By, Deployed, Used, in_order, lines_of, total_of, used_days

ONE = Deployed(
    1, "Jo Marsh", "CH01", "SSLC", "Oak School", 200001, "Hill School", 200009, date(2022, 9, 12), date(2023, 7, 19),
    True, Used(20, 2, 6, 4, 12),
)  # fmt: skip
TWO = replace(ONE, pk=2, school="Ash School", urn=200002, used=Used(10, 0, 10, 10, 0))
THREE = replace(
    ONE, pk=3, champion="Ann Bell", code="CH02", home="Vale School", home_urn=200008, used=Used(8, 1, 1, 0, 6)
)
ROWS = (ONE, TWO, THREE)


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        (By.DEPLOYMENT, [(f"{who} School", 1, agreed) for who, agreed in (
            ("Ann Bell at Oak", 8), ("Jo Marsh at Ash", 10), ("Jo Marsh at Oak", 20),
        )]),
        (By.SCHOOL, [("Ash School", 1, 10), ("Oak School", 2, 28)]),
        (By.CHAMPION, [("Ann Bell", 1, 8), ("Jo Marsh", 2, 30)]),
        (By.HOME, [("Hill School", 2, 30), ("Vale School", 1, 8)]),
    ],
)  # fmt: skip
def test_a_line_stands_for_what_it_is_put_together_by(by, lines):
    assert [(line.name, len(line.members), line.used.agreed) for line in lines_of(ROWS, by)] == lines


def test_two_schools_or_champions_of_one_name_stay_two():
    namesakes = (ONE, replace(ONE, pk=4, urn=200003, code="CH03", home_urn=200007))
    assert [len(lines_of(namesakes, by)) for by in By] == [2, 2, 2, 2]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["Ash School", "Oak School"]),
        ("-name", ["Oak School", "Ash School"]),
        ("left", ["Ash School", "Oak School"]),
        ("-left", ["Oak School", "Ash School"]),
        ("confirmed", ["Oak School", "Ash School"]),
        ("-nonsense", ["Ash School", "Oak School"]),
        ("members", ["Ash School", "Oak School"]),
    ],
)
def test_a_heading_sorts_and_nonsense_sorts_by_name(sort, names):
    assert [line.name for line in in_order(lines_of(ROWS, By.SCHOOL), sort)] == names


def test_what_has_ended_has_nothing_left_and_what_went_over_is_no_room_elsewhere():
    days = {"booked": 2, "delivered": 6, "confirmed": 4, "is_moved": False}
    assert used_days(20, is_open=True, **days) == Used(20, 2, 6, 4, 12)
    assert used_days(20, is_open=False, **days) == Used(20, 2, 6, 4, 0)
    over = used_days(5, is_open=True, **days)
    assert (over.left, (over + Used(left=3)).left) == (0, 3)


def test_days_that_moved_on_to_a_new_urn_are_agreed_once():
    old = used_days(20, booked=0, delivered=8, confirmed=8, is_open=False, is_moved=True)
    new = used_days(12, booked=0, delivered=2, confirmed=0, is_open=True, is_moved=False)
    assert old + new == Used(20, 0, 10, 8, 10)


rows = st.lists(
    st.builds(
        lambda pk, urn, code, home, used: replace(ONE, pk=pk, urn=urn, code=str(code), home_urn=home, used=Used(*used)),
        st.integers(1, 10**6), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3),
        st.tuples(*[st.integers(0, 40)] * 5),
    ),
    unique_by=lambda row: row.pk,
)  # fmt: skip


@given(rows)
def test_however_days_are_put_together_they_are_the_same_days(found):
    assert {total_of(lines_of(found, by)) for by in By} == {total_of(found)}
    assert {sum(len(line.members) for line in lines_of(found, by)) for by in By} == {len(found)}
