"""Which days of a month can be booked, and why the others cannot."""

from datetime import date

from sidebyside.months import Mark, Month
from support.booking_days import Bounds, Taken, booking_days

APRIL = Month(2023, 4)  # Good Friday on the 7th, Easter Monday on the 10th
TERM = (date(2023, 4, 17), date(2023, 5, 26))


def free_days(bounds: Bounds, **taken: tuple[int, ...]) -> list[int]:
    there = {date(2023, 4, int(day[1:])): [Taken(each, "") for each in days] for day, days in taken.items()}
    return [day.day for day, found in booking_days(APRIL, bounds, there).items() if found.is_free]


def test_working_days_within_the_agreement_are_free_and_no_weekend_or_bank_holiday():
    assert free_days(Bounds(date(2023, 4, 5), date(2023, 4, 13))) == [5, 6, 11, 12, 13]


def test_where_terms_are_known_only_school_days_are_free():
    assert free_days(Bounds(date(2023, 4, 12), date(2023, 4, 19), [TERM])) == [17, 18, 19]


def test_a_day_with_half_of_it_taken_is_free_and_a_whole_one_is_not():
    bounds = Bounds(date(2023, 4, 17), date(2023, 4, 20))
    assert free_days(bounds, d17=(1,), d18=(2,), d19=(1, 1)) == [17, 20]


def test_nothing_is_free_in_an_agreement_that_is_over():
    assert free_days(Bounds(date(2023, 4, 20), date(2023, 4, 19))) == []


def test_each_day_says_what_stands_on_it():
    taken = {date(2023, 4, 17): [Taken(2, "1 day at Vale School, booked", "/deliveries/1/")]}
    days = booking_days(APRIL, Bounds(date(2023, 4, 3), date(2023, 4, 30), [TERM]), taken)
    marks = {day.day: found.marks for day, found in days.items() if found.marks}
    assert marks[7] == (Mark("Bank holiday: Good Friday", is_quiet=True),)
    assert marks[12] == (Mark("Outside term", is_quiet=True),)
    assert marks[17] == (Mark("1 day at Vale School, booked", "/deliveries/1/"),)
    assert sorted(marks) == [3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 17]
