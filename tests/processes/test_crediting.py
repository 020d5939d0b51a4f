"""M12: two people credit one invoice in full at the same moment: one does, the other is told; never more than it is."""

import pytest
from django.db import connection
from django.db.models import Sum

from billing.models import Invoice, InvoiceLine, Series
from billing.proposing import propose
from tests import make
from tests.billing import cases
from tests.processes.acts import CREDITS
from tests.processes.conftest import support
from tests.processes.crowd import crowd

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
PEOPLE = 4


@pytest.fixture
def given() -> dict[str, object]:
    """An issued invoice of one day, and people of finance who have all read it."""
    support(1)
    [invoice] = cases.issue()
    return {"invoice": invoice.pk, "people": [make.user("finance").pk for _ in range(PEOPLE)]}


@pytest.mark.parametrize("_", range(3))
def test_of_many_full_credits_at_once_one_is_issued_and_the_others_are_told(given, _):
    said = crowd(PEOPLE, "credit", **given)
    assert sorted(said) == ["Nothing of this line is left to be credited."] * (PEOPLE - 1) + ["credited"]
    invoice = Invoice.objects.with_balance().get(kind="invoice")
    note = Invoice.objects.get(kind="credit note")
    assert (note.gross, invoice.credited, invoice.balance) == (invoice.gross, invoice.gross, 0)
    assert (Series.objects.get(kind="credit note").last, note.sequence) == (1, 1)
    assert InvoiceLine.objects.filter(refers_to__isnull=False).aggregate(net=Sum("net"))["net"] == invoice.net
    assert [each.totals.gross for each in propose(cases.YEAR).invoices] == [invoice.gross]


def test_without_the_guard_the_same_crowd_credits_more_than_the_invoice(given):
    net = Invoice.objects.get(pk=given["invoice"]).net
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {CREDITS} (line integer, amount integer)")
    try:
        assert crowd(PEOPLE, "credit_without_a_guard", **given) == ["credited"] * PEOPLE
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT sum(amount) FROM {CREDITS}")
            [credited] = cursor.fetchone()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {CREDITS}")
    assert credited == PEOPLE * net
