"""What was approved is what is issued, and the dates on it are true, however late that is (M9, M11)."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from billing.actions.accounts import change_account
from billing.issuing import WORK, issue_due_items
from billing.models import Account, Invoice, RunItem, RunLine
from billing.proposing import propose
from schools.models import School
from sidebyside.attempts import MOST_LINES
from sidebyside.council.models import Council
from support.models import Delivery, Service
from tests import make
from tests.billing.cases import YEAR, approve, noon
from tests.refused import copy_of

pytestmark = pytest.mark.django_db
APPROVED = date(2023, 3, 30)


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
    make.rates()
    return make.council()


def billed(**rest) -> Account:
    academy = make.academy()
    make.delivery(academy, "SSLC")
    return make.account(academy, **rest)


def test_m11_an_account_that_is_changed_after_the_approval_changes_no_approved_invoice():
    account = billed(name="Mill Lane Academy", po_number="PO-1", terms_days=14)
    approve(on=APPROVED)
    changes = {"name": "Elsewhere", "address": "Elsewhere", "postcode": "", "po_number": "PO-2", "terms_days": 7}
    change_account(account, contacts=["new@academy.example"], by=make.user("finance"), **changes, vat_treatment="zero")
    Council.objects.update(terms_days=3)
    issue_due_items(now=noon(APPROVED))
    invoice = Invoice.objects.get()
    assert invoice.customer["name"] == "Mill Lane Academy"
    assert invoice.customer["address"] == ["Mill Lane", "Westmere", "WM2 2BB"]
    assert (invoice.po_number, invoice.terms_days, invoice.due_on) == ("PO-1", 14, APPROVED + timedelta(days=14))
    assert (invoice.net, invoice.vat) == (27500, 5500)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(invoice.document.read())).pages)
    assert ("PO-1" in text, "Mill Lane Academy" in text, "Elsewhere" in text) == (True, True, False)


@pytest.mark.parametrize(
    "change", [{"name": "Other"}, {"address": "Other"}, {"postcode": ""}, {"po_number": "7"}, {"terms_days": 7}]
)
def test_what_an_invoice_would_say_of_its_account_is_part_of_what_was_seen(change):
    billed()
    seen = propose(YEAR).digest
    assert propose(YEAR).digest == seen
    Account.objects.update(**change)
    assert propose(YEAR).digest != seen


@pytest.mark.parametrize(
    ("of", "change"),
    [
        (School, {"name": "Elsewhere Academy"}),
        (Service, {"name": "Another name"}),
        (Delivery, {"happens_on": date(2023, 1, 19)}),
        (Delivery, {"half_days": 4}),
    ],
)
def test_what_an_invoice_would_say_of_its_lines_is_part_of_what_was_seen(of, change):
    billed()
    seen = propose(YEAR).digest
    of.objects.update(**change)
    assert propose(YEAR).digest != seen


def test_whatever_is_frozen_of_a_line_is_part_of_what_was_seen():
    billed()
    (line,) = propose(YEAR).invoices[0].lines
    where = {"id", "item_id", "turn", "position", "delivery_id"}
    assert set(line.says) == {field.attname for field in RunLine._meta.concrete_fields} - where


def test_lines_are_seen_by_school_and_day_in_whatever_order_they_were_recorded():
    first, second = make.academy(name="Alder"), make.academy(name="Birch")
    make.account(first), make.account(second)
    for school, day in ((second, 18), (first, 18), (first, 17)):
        make.delivery(school, "SSLC", date(2023, 1, day))
    said = [line.says for invoice in propose(YEAR).invoices for line in invoice.lines]
    found = [(each["school_name"], each["delivered_on"].day) for each in said]
    assert found == [("Alder", 17), ("Alder", 18), ("Birch", 18)]


def test_the_councils_own_terms_are_part_of_what_was_seen():
    billed()
    seen = propose(YEAR).digest
    Council.objects.update(terms_days=30)
    assert propose(YEAR).digest != seen


def test_the_preview_shows_whom_each_invoice_is_made_out_to_and_its_terms(signed_in):
    billed(name="Mill Lane Academy", po_number="PO-1")
    shown = signed_in("finance").get("/invoices/runs/new/?first_day=2022-09-01&last_day=2023-08-31").content.decode()
    assert "Made out to Mill Lane Academy, Mill Lane, Westmere, WM2 2BB. Purchase order PO-1." in shown
    assert "To be paid within 28 days of issue." in shown


def test_m9_an_invoice_that_is_issued_late_bears_the_day_of_its_issue_and_a_number_of_that_year():
    billed()
    approve(on=APPROVED)
    late = date(2023, 4, 3)
    issue_due_items(now=noon(late))
    invoice = Invoice.objects.get()
    assert (invoice.issued_on, invoice.tax_point, invoice.due_on) == (late, late, late + timedelta(days=28))
    assert invoice.number == "SBS2324-00001"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(invoice.document.read())).pages)
    assert ("3 April 2023" in text, "30 March 2023" in text) == (True, False)


def test_m10_dates_rise_with_the_numbers_of_a_series():
    for day in (date(2023, 6, 6), date(2023, 6, 5)):  # the second process read its clock before midnight
        billed()
        approve(on=date(2023, 6, 5), key=str(day))
        issue_due_items(now=noon(day))
    found = list(Invoice.objects.order_by("sequence").values_list("sequence", "issued_on", "tax_point", "due_on"))
    due = date(2023, 6, 6) + timedelta(days=28)
    assert found == [(number, date(2023, 6, 6), date(2023, 6, 6), due) for number in (1, 2)]


def long(item: RunItem, count: int) -> None:
    """So many lines more, all of them as the first."""
    first = item.lines.get()
    RunLine.objects.bulk_create(
        RunLine(**copy_of(first, source_key=f"{item.pk}-{place}", position=place)) for place in range(2, count + 1)
    )


def test_a_sweep_takes_as_many_invoices_as_their_lines_leave_time_for():
    for _ in range(3):
        billed()
    first, second, third = items = list(approve(on=APPROVED).items.order_by("pk"))
    keys = [item.pk for item in items]
    assert WORK.how_many_fit(keys) == 3
    long(first, MOST_LINES - 1)
    assert WORK.how_many_fit(keys) == 2
    long(second, 2)
    assert [WORK.how_many_fit(keys), WORK.how_many_fit(keys[1:]), WORK.how_many_fit([third.pk])] == [1, 2, 1]
    long(third, MOST_LINES + 1)
    assert [WORK.how_many_fit(keys[2:]), WORK.how_many_fit([third.pk, second.pk])] == [1, 1]


def test_what_does_not_fit_into_a_sweep_is_issued_by_the_next():
    for _ in range(3):
        billed()
    items = approve(on=APPROVED).items.order_by("pk")
    long(items[2], MOST_LINES - 1)
    assert issue_due_items(now=noon(APPROVED)) == 2
    assert list(RunItem.objects.order_by("pk").values_list("state", "attempts")) == [("done", 1)] * 2 + [("due", 0)]


def test_an_invoice_is_dated_no_earlier_than_its_approval():
    billed()
    approve(on=APPROVED)
    issue_due_items(now=noon(APPROVED - timedelta(days=1)))
    assert Invoice.objects.get().issued_on == APPROVED
