"""Rule S7: who came before whom, and from which day on. No database is needed."""

from datetime import date

from schools.conversions import Handover, LinkBetween, Record, after, before, handovers

OLD = Record(110195, "01", None, date(2023, 1, 31))
NEW = Record(140001, "34", date(2023, 2, 1), None)
FORTH = LinkBetween(110195, 140001, "successor")
BACK = LinkBetween(140001, 110195, "predecessor")


def records(*rows):
    return {row.urn: row for row in rows}


def test_a_conversion_happens_on_the_day_on_which_the_academy_opens():
    assert handovers([FORTH, BACK], records(OLD, NEW)) == [Handover(110195, 140001, date(2023, 2, 1), True)]


def test_one_of_the_two_links_is_enough():
    known = records(OLD, NEW)
    assert handovers([FORTH], known) == handovers([BACK], known) == handovers([FORTH, BACK], known)


def test_an_academy_that_opens_days_after_the_old_school_closed_begins_on_its_opening_day():
    late = Record(140001, "34", date(2023, 2, 13))
    assert [each.on for each in handovers([FORTH], records(OLD, late))] == [date(2023, 2, 13)]


def test_a_merger_into_a_school_that_stood_there_already_begins_on_the_day_after_the_old_one_closed():
    standing = Record(140001, "34", date(2011, 9, 1))
    assert [each.on for each in handovers([FORTH], records(OLD, standing))] == [date(2023, 2, 1)]


def test_the_day_is_unknown_when_neither_school_has_a_date():
    known = records(Record(110195, "01"), Record(140001, "34"))
    assert handovers([FORTH], known) == [Handover(110195, 140001, None, True)]


def test_a_day_that_is_still_to_come_is_known_already():
    known = records(Record(110195, "01", None, date(2030, 8, 31)), Record(140001, "34", date(2030, 9, 1)))
    assert [each.on for each in handovers([FORTH], known)] == [date(2030, 9, 1)]


def test_a_school_that_is_not_here_has_a_handover_all_the_same():
    assert handovers([BACK], records(NEW)) == [Handover(110195, 140001, date(2023, 2, 1), False)]


def test_a_merger_of_maintained_schools_and_a_change_of_trust_are_no_conversions():
    merged = records(OLD, Record(140001, "02", date(2023, 2, 1)))
    moved = records(Record(110195, "28", None, date(2023, 1, 31)), NEW)
    assert [handovers([FORTH], known)[0].is_conversion for known in (merged, moved)] == [False, False]


def test_two_schools_that_call_each_other_successor_are_told_apart_by_their_dates():
    back = LinkBetween(140001, 110195, "successor")
    assert [(each.old, each.new) for each in handovers([FORTH, back], records(OLD, NEW))] == [(110195, 140001)]
    assert handovers([FORTH, back], {}) == []


def test_several_schools_may_become_one():
    infant, junior = Record(110196, "01", None, date(2010, 8, 31)), Record(110197, "01", None, date(2010, 8, 31))
    merged = Record(131000, "01", date(2010, 9, 1))
    links = [LinkBetween(131000, 110196, "predecessor"), LinkBetween(110197, 131000, "successor")]
    known = handovers(links, records(infant, junior, merged))
    assert [each.old for each in before(131000, known)] == [110197, 110196]
    assert [each.new for each in after(110196, known)] == [131000]


def test_a_chain_is_followed_to_its_ends():
    first, second = Handover(1, 2, date(2000, 9, 1), False), Handover(2, 3, date(2012, 1, 1), True)
    third = Handover(3, 4, date(2020, 9, 1), False)
    known = [first, second, third]
    assert before(4, known) == [third, second, first]
    assert after(2, known) == [second, third]


def test_a_ring_of_links_ends():
    ring = [Handover(1, 2, None, False), Handover(2, 3, None, False), Handover(3, 1, None, False)]
    assert [(each.old, each.new) for each in after(1, ring)] == [(1, 2), (2, 3)]
