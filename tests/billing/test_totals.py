"""What charged lines come to (M7), without a database."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.totals import VatTotal, totals


def test_m7_vat_is_taken_once_for_each_rate_on_its_net():
    found = totals([(3, Decimal(20)), (4, Decimal(20)), (100, Decimal(0))])
    assert found.by_rate == (VatTotal(Decimal(0), 100, 0), VatTotal(Decimal(20), 7, 1))
    assert (found.net, found.vat, found.gross) == (107, 1, 108)


@given(st.lists(st.tuples(st.integers(1, 10**7), st.sampled_from([Decimal(0), Decimal("17.5"), Decimal(20)]))))
def test_m7_totals_do_not_depend_on_the_order_of_lines(lines):
    assert totals(lines) == totals(lines[::-1])
    assert totals(lines).net == sum(line[0] for line in lines)
