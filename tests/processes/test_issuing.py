"""M10, M11: any number of processes issue one run, and each invoice stands once, without a gap, with its PDF."""

from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from billing.issuing import issue_due_items
from billing.models import Invoice, RunItem, Series
from billing.proposing import propose
from sidebyside.mail.models import Dispatch
from tests import make
from tests.processes.acts import LEDGER
from tests.processes.conftest import support, year
from tests.processes.crowd import crowd

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
INVOICES = 10


def each_stands_once(pairs: list[tuple[int, int]], items: list[int]) -> bool:
    """Whether each item has one number, and the numbers are 1, 2, 3 …"""
    issued, numbers = [item for item, _ in pairs], sorted(number for _, number in pairs)
    return sorted(issued) == sorted(items) and numbers == list(range(1, len(items) + 1))


def check_every_invoice(items: list[int]) -> None:
    """Each item is one invoice with its number, its lines, its PDF and one mail."""
    invoices = list(Invoice.objects.select_related("document").prefetch_related("lines"))
    assert each_stands_once([(invoice.run_item_id, invoice.sequence) for invoice in invoices], items)
    assert Series.objects.get().last == len(items)
    assert Counter(RunItem.objects.values_list("state", flat=True)) == {"done": len(items)}
    for invoice in invoices:
        assert invoice.document.read().startswith(b"%PDF-")
        assert invoice.document.name == f"{invoice.number}.pdf"
        assert len(invoice.lines.all()) == 1
    mails = Dispatch.objects.filter(key__startswith="invoice-")
    assert sorted(mails.values_list("attachment", flat=True)) == sorted(invoice.document_id for invoice in invoices)


def test_many_processes_at_once_issue_each_invoice_once_without_a_gap(items, size):
    waiting = items(INVOICES)
    said = crowd(size, "issue")
    assert {answer for answer in said if not answer.isdecimal()} <= allowed()
    issue_due_items(now=timezone.now())  # the next minute's sweep, for whoever waited too long
    check_every_invoice(waiting)


def allowed() -> set[str]:
    """SQLite lets one write at a time, and says so to those who have waited for twenty seconds."""
    return {"OperationalError: database is locked"} if connection.vendor == "sqlite" else set()


def test_without_the_guard_the_same_crowd_writes_numbers_twice(items, size):
    waiting = items(INVOICES)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {LEDGER} (item integer, number integer)")
    try:
        assert set(crowd(size, "issue_without_a_guard")) == {"written"}
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT item, number FROM {LEDGER}")
            pairs = cursor.fetchall()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {LEDGER}")
    assert len(pairs) == size * INVOICES
    assert not each_stands_once(pairs, waiting)


@pytest.fixture
def parked(items) -> dict[str, int]:
    """An invoice that could not be issued, and somebody of finance who decides about it."""
    [item] = items(1)
    RunItem.objects.update(state="parked", attempts=5, problem="No space left")
    return {"item": item, "by": make.user("finance").pk}


@pytest.mark.parametrize("_", range(3))
def test_an_invoice_is_given_up_or_issued_never_both(parked, _):
    said = crowd(6, "settle", **parked)
    assert len([sentence for sentence in said if sentence in {"given up", "tried again"}]) == 1, said
    is_given_up = "given up" in said
    assert RunItem.objects.get().state == ("given up" if is_given_up else "done")
    assert (Invoice.objects.count(), len(propose(year()).invoices)) == ((0, 1) if is_given_up else (1, 0))


def test_without_the_guard_it_is_given_up_and_tried_again_at_once(parked):
    assert set(crowd(6, "settle_without_a_guard", **parked)) == {"given up", "tried again"}


def test_two_people_who_approve_the_same_preview_make_one_run():
    deliveries = support(3)
    people = [make.user("finance").pk for _ in range(2)]
    days = [day.isoformat() for day in (year().first_day, year().last_day)]
    said = sorted(crowd(2, "approve", people=people, digest=propose(year()).digest, days=days), reverse=True)
    assert said.count("approved") == 1
    [refused] = [sentence for sentence in said if sentence != "approved"]
    assert refused.startswith(("Somebody else has just approved", "Something changed since"))
    assert RunItem.objects.count() == len(deliveries)
