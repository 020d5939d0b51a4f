"""How much a credit note takes back: in any parts, never more than the invoice, to the penny (M7, M12)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.credits import Billed, Left, Part, credit, left_of, totals_of
from billing.totals import VatTotal, totals

TWENTY, FIVE = Decimal(20), Decimal(5)
DAY = Billed(1, 2, 27500, TWENTY)


def test_e14_half_a_day_is_half_the_net_and_its_vat():
    note = credit([DAY], [], {1: 1})
    assert note == (Part(1, 1, 13750, is_rest=False),)
    assert totals_of([DAY], [note]).by_rate == (VatTotal(TWENTY, 13750, 2750),)


def test_m12_a_part_is_rounded_half_up_and_the_last_one_takes_what_is_left():
    line = Billed(1, 3, 100, TWENTY)
    first = credit([line], [], {1: 1})
    second = credit([line], [first], {1: 1})
    third = credit([line], [first, second], {1: 1})
    assert [note[0].net for note in (first, second, third)] == [33, 33, 34]
    odd = Billed(1, 2, 25, TWENTY)
    halves = [credit([odd], [], {1: 1})]
    halves.append(credit([odd], halves, {1: 1}))
    assert [note[0].net for note in halves] == [13, 12]


def test_m12_none_is_all_that_is_left():
    note = credit([DAY], [credit([DAY], [], {1: 1})], {1: None})
    assert note == (Part(1, 1, 13750, is_rest=True),)


def test_m12_a_line_without_days_is_credited_whole():
    visit = Billed(7, 0, 45000, TWENTY)
    assert credit([visit], [], {7: None}) == (Part(7, 0, 45000, is_rest=True),)
    with pytest.raises(ValueError, match="counts no days"):
        credit([visit], [], {7: 1})


def test_m5_brokerage_follows_the_days_that_it_is_for():
    lines = [DAY, Billed(2, 0, 2751, TWENTY, follows=1)]
    first = credit(lines, [], {1: 1})
    second = credit(lines, [first], {1: 1, 2: None})
    assert first == (Part(1, 1, 13750, is_rest=False), Part(2, 0, 1376, is_rest=False))
    assert second == (Part(1, 1, 13750, is_rest=True), Part(2, 0, 1375, is_rest=True))


@pytest.mark.parametrize("wanted", [{}, {1: 0}, {9: 1}, {2: None}])
def test_m12_nothing_and_what_is_not_on_the_invoice_is_refused(wanted):
    with pytest.raises(ValueError, match="Say how much of which line"):
        credit([DAY, Billed(2, 0, 2750, TWENTY, follows=1)], [], wanted)


@pytest.mark.parametrize("half_days", [-1, 2, 3])
def test_m12_more_than_is_left_is_refused(half_days):
    before = credit([DAY], [], {1: 1})
    with pytest.raises(ValueError, match=r"0\.5 of the days of this line are left"):
        credit([DAY], [before], {1: half_days})


def test_m12_what_is_credited_to_the_end_is_credited_no_more():
    with pytest.raises(ValueError, match="Nothing of this line is left"):
        credit([DAY], [credit([DAY], [], {1: 2})], {1: None})


def test_m7_vat_stands_once_for_each_rate():
    lines = [Billed(1, 2, 101, TWENTY), Billed(2, 2, 102, TWENTY), Billed(3, 2, 103, FIVE)]
    note = credit(lines, [], {1: None, 2: None, 3: 1})
    assert totals_of(lines, [note]).by_rate == (VatTotal(FIVE, 52, 3), VatTotal(TWENTY, 203, 41))


def test_m7_vat_that_rounds_up_in_parts_is_never_more_than_the_invoices():
    line = Billed(
        1, 4, 12, TWENTY
    )  # 2.4 pence of VAT, which stand as 2; a quarter of it as 0.6, which would stand as 1
    notes = []
    for _ in range(4):
        notes.append(credit([line], notes, {1: 1}))
    assert [totals_of([line], notes[: number + 1]).vat for number in range(4)] == [1, 1, 0, 0]


NETS = st.integers(1, 200_000)
RATES = st.sampled_from([TWENTY, FIVE, Decimal(0), Decimal("17.5")])


@st.composite
def invoices(draw) -> list[Billed]:
    """Lines of days, of sums, and brokerage of some of them."""
    found = []
    for key in range(1, draw(st.integers(1, 5)) + 1):
        half_days = draw(st.integers(0, 8))
        found.append(Billed(key, half_days, draw(NETS), draw(RATES)))
        if half_days and draw(st.booleans()):
            found.append(Billed(key + 100, 0, draw(NETS), found[-1].vat_percent, follows=key))
    return found


@given(invoices(), st.data())
def test_m12_no_credits_ever_come_to_more_than_the_invoice(lines, data):
    notes, given_back = [], []
    while chosen := [line for line in lines if line.follows is None and left_of(line, notes).is_open]:
        some = data.draw(st.lists(st.sampled_from(chosen), min_size=1, unique=True))
        wanted = {line.key: data.draw(st.integers(1, left_of(line, notes).half_days)) if line.half_days else None
                  for line in some}  # fmt: skip
        notes.append(credit(lines, notes, wanted))
        given_back.append(totals_of(lines, notes))
        assert all(left_of(line, notes).net >= 0 for line in lines)
        billed = {rate.percent: rate for rate in totals((line.net, line.vat_percent) for line in lines).by_rate}
        for percent, rate in billed.items():
            parts = [each for note in given_back for each in note.by_rate if each.percent == percent]
            assert sum(each.net for each in parts) <= rate.net
            assert sum(each.vat for each in parts) <= rate.vat
            assert all(each.net >= 0 and each.vat >= 0 for each in parts)
    everything = totals((line.net, line.vat_percent) for line in lines)
    assert sum(note.net for note in given_back) == everything.net
    assert sum(note.vat for note in given_back) == everything.vat
    assert [left_of(line, notes) for line in lines] == [Left(0, 0, is_open=False)] * len(lines)
