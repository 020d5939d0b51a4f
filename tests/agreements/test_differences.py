"""What is different between terms, side by side."""

from datetime import date

from agreements.differences import differences_of
from support.agreements import Intended, Terms

OLD = Terms("Reading", 8, date(2023, 1, 9), date(2023, 7, 21), (Intended("More read", "A check"),))


def test_each_term_stands_beside_the_new_one():
    new = Terms("Reading", 13, date(2023, 1, 9), date(2023, 8, 31), (Intended("More read"), Intended("Fewer late")))
    found = [(each.name, each.now, each.proposed) for each in differences_of(OLD, new) if each.is_new]
    assert found == [
        ("Days", ("4",), ("6.5",)),
        ("Last day", ("21 July 2023",), ("31 August 2023",)),
        ("Outcomes", ("More read (A check)",), ("More read", "Fewer late")),
    ]


def test_terms_that_are_the_same_differ_in_nothing():
    assert [each.is_new for each in differences_of(OLD, OLD)] == [False] * 5
