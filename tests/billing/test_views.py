"""The pages of billing: what they show, whom they open to, and how little they ask the database."""

import csv
import io
import re
import zipfile
from datetime import date

import pytest
from django.urls import reverse

from billing.models import Account, Invoice, InvoiceRun, Payment
from billing.proposing import propose
from sidebyside.govuk.dates import posted
from tests import make
from tests.billing.cases import YEAR, issue, noon

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
    make.rates()
    make.reminder_stages()
    return make.council()


def billed(*days: date, **school) -> Account:
    academy = make.academy(**school)
    champion = make.champion("SSLC")
    for day in days or (date(2023, 1, 18),):
        make.delivery(academy, "SSLC", day, champion=champion)
    return make.account(academy)


PERIOD = posted("first_day", YEAR.first_day) | posted("last_day", YEAR.last_day)


def test_m13_the_preview_shows_each_line_and_each_held_back_delivery_with_its_reason(signed_in):
    billed(name="Mill Lane Academy")
    make.delivery(make.academy(name="Vale Academy"), "SSLC", state="delivered")
    page = signed_in("finance").get(reverse("run_new"), PERIOD).content.decode()
    for words in ("50% of £550.00 a day", "£330.00", "The school has not confirmed it yet.", "Vale Academy"):
        assert words in page


def approve(client) -> InvoiceRun:
    digest = propose(YEAR).digest
    answer = client.post(reverse("run_new"), PERIOD | {"digest": digest, "request_key": "k1"})
    run = InvoiceRun.objects.get()
    assert answer.url == run.get_absolute_url()
    return run


def test_a_run_is_approved_and_shown_until_it_is_issued(signed_in):
    from billing.issuing import issue_due_items

    billed()
    client = signed_in("finance")
    run = approve(client)
    assert "0 of 1 invoice issued" in client.get(run.get_absolute_url()).content.decode()
    issue_due_items(now=noon(date(2023, 9, 4)))
    page = client.get(run.get_absolute_url()).content.decode()
    assert ("1 of 1 invoice issued" in page, "data-running" in page) == (True, False)


def test_a_stale_preview_is_not_approved(signed_in):
    billed()
    client = signed_in("finance")
    digest = propose(YEAR).digest
    billed()
    answer = client.post(reverse("run_new"), PERIOD | {"digest": digest, "request_key": "k1"})
    assert "Something changed since this page was made" in answer.content.decode()
    assert InvoiceRun.objects.count() == 0


def test_the_line_export_says_what_the_invoice_says(signed_in):
    account = billed(date(2023, 1, 18), date(2023, 4, 1), name="Mill Lane Academy")
    issue(on=date(2023, 9, 4))
    text = b"".join(signed_in("finance").get(reverse("line_export")).streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [
        (
            row["invoice"],
            row["urn"],
            row["days"],
            row["day_rate"],
            row["charge_percent"],
            row["net"],
            row["vat_percent"],
        )
        for row in rows
    ] == [
        ("SBS2324-00001", str(account.school_id), "1.0", "550.00", "50", "275.00", "20"),
        ("SBS2324-00002", str(account.school_id), "1.0", "550.00", "100", "550.00", "20"),
    ]


def test_the_document_export_carries_totals_balance_and_hash(signed_in):
    billed()
    invoice = issue(on=date(2023, 9, 4))[0]
    text = b"".join(signed_in("finance").get(reverse("document_export")).streaming_content).decode()
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["net"], row["vat"], row["gross"], row["balance"]) == ("275.00", "55.00", "330.00", "330.00")
    assert (row["due_on"], row["sha256"]) == ("2023-10-02", invoice.document.sha256)


def test_m11_the_pdf_is_served_byte_for_byte(signed_in):
    billed()
    invoice = issue()[0]
    client = signed_in("finance")
    answers = [client.get(reverse("invoice_pdf", args=[invoice.number])) for _ in range(2)]
    assert answers[0].content == answers[1].content == invoice.document.read()
    assert answers[0]["Content-Type"] == "application/pdf"


def test_a_zip_holds_the_ticked_invoices(signed_in):
    billed(), billed()
    first, _ = issue()
    answer = signed_in("finance").get(reverse("invoice_zip"), {"number": first.number})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.namelist() == [f"{first.number}.pdf"]
    assert archive.read(f"{first.number}.pdf") == first.document.read()


def test_a_payment_is_recorded_by_hand(signed_in):
    billed()
    invoice = issue()[0]
    client = signed_in("finance")
    data = posted("received_on", date(2023, 9, 20)) | {"amount": "100.00", "reference": "BACS", "request_key": "p1"}
    client.post(reverse("payment_new", args=[invoice.number]), data)
    client.post(reverse("payment_new", args=[invoice.number]), data)
    assert Invoice.objects.with_balance().get().balance == 23000
    client.post(reverse("payment_new", args=[invoice.number]), data | {"amount": "30.00"})  # back, changed, sent again
    assert Invoice.objects.with_balance().get().balance == 20000


def payment_of(amount: str, **rest: str) -> dict[str, str]:
    data = posted("received_on", date(2023, 9, 20)) | {"amount": amount, "reference": "BACS", "request_key": "p1"}
    return data | rest


@pytest.mark.parametrize("typed", ["£180.00", "180", "000,180.00", " £ 180.0 "])
def test_an_amount_is_read_as_people_write_it(signed_in, typed):
    billed()
    answer = signed_in("finance").post(reverse("payment_new", args=[issue()[0].number]), payment_of(typed))
    assert (answer.status_code, Invoice.objects.with_balance().get().balance) == (302, 15000)


def test_what_is_no_amount_is_refused_with_an_example(signed_in):
    billed()
    client, url = signed_in("finance"), reverse("payment_new", args=[issue()[0].number])
    for typed in ("1e2", "1,00", "ten", "1.5.2"):
        assert "Amount must be an amount of money, like 120.00" in client.post(url, payment_of(typed)).content.decode()


def test_more_than_is_left_is_recorded_once_the_sum_is_confirmed_and_shown_everywhere(signed_in):
    billed()
    invoice, client = issue()[0], signed_in("finance")
    url = reverse("payment_new", args=[invoice.number])
    page = client.post(url, payment_of("1,999.00")).content.decode()
    assert ("Yes, £1,999.00 is more than the £330.00 that is left" in page, Payment.objects.count()) == (True, 0)
    other = client.post(url, payment_of("1,998.00", is_surplus_meant="199900"))
    assert ("Tick the box again if £1,998.00 is right" in other.content.decode(), Payment.objects.count()) == (True, 0)
    assert client.post(url, payment_of("1,999.00", is_surplus_meant="199900")).url == invoice.get_absolute_url()
    assert (
        "£330.00 for this invoice, £1,669.00 not allocated" in client.get(invoice.get_absolute_url()).content.decode()
    )
    account = client.get(invoice.account.get_absolute_url()).content.decode()
    assert ("Paid and not allocated" in account, "£1,669.00" in account) == (True, True)


def test_a_payment_is_taken_back_on_a_page_of_its_own(signed_in):
    billed()
    invoice, client = issue()[0], signed_in("finance")
    client.post(reverse("payment_new", args=[invoice.number]), payment_of("330"))
    url = reverse("payment_take_back", args=[Payment.objects.get().pk])
    assert url in client.get(invoice.get_absolute_url()).content.decode()
    assert client.post(url, {"why": "Entered twice"}).url == invoice.get_absolute_url()
    page = client.get(invoice.get_absolute_url()).content.decode()
    assert ("taken back on" in page, "Entered twice" in page, url in page) == (True, True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_an_accounts_page_takes_the_same_queries_for_one_payment_and_for_many(
    signed_in, django_assert_num_queries, count
):
    billed()
    invoice, client = issue()[0], signed_in("finance")
    for number in range(count):
        client.post(
            reverse("payment_new", args=[invoice.number]),
            payment_of("500", is_surplus_meant="50000", request_key=f"p{number}"),
        )
    client.get(invoice.account.get_absolute_url())
    with django_assert_num_queries(7):
        client.get(invoice.account.get_absolute_url())


def test_a_payment_without_the_forms_own_key_is_not_recorded(signed_in):
    billed()
    data = posted("received_on", date(2023, 9, 20)) | {"amount": "100.00", "reference": "BACS"}
    answer = signed_in("finance").post(reverse("payment_new", args=[issue()[0].number]), data)
    assert (answer.status_code, Invoice.objects.with_balance().get().balance) == (200, 33000)


def test_finance_opens_and_changes_an_account(signed_in):
    academy = make.academy(name="Mill Lane Academy")
    client = signed_in("finance")
    data = {"payer": academy.urn, "name": "Mill Lane", "address": "1 Mill Lane", "vat_treatment": "standard"}
    client.post(reverse("account_new"), data | {"contacts": "a@x.example\nb@x.example"})
    account = Account.objects.get()
    assert (account.reference, account.contacts.count()) == (f"A{academy.urn}", 2)
    client.post(reverse("account_edit", args=[account.reference]), data | {"contacts": "b@x.example", "po_number": "7"})
    account.refresh_from_db()
    assert (account.po_number, [contact.email for contact in account.contacts.all()]) == ("7", ["b@x.example"])


def test_a_maintained_school_gets_no_account(signed_in):
    school = make.school()
    answer = signed_in("finance").post(reverse("account_new"), {"payer": school.urn, "name": "x", "address": "y"})
    assert "A maintained school pays by journal" in answer.content.decode()


def pages(invoice: Invoice) -> dict[str, str]:
    return {
        "list": reverse("invoice_list"),
        "detail": invoice.get_absolute_url(),
        "pdf": reverse("invoice_pdf", args=[invoice.number]),
        "account": invoice.account.get_absolute_url(),
    }


def test_a1_an_academys_head_sees_its_own_invoices_and_nobody_elses(signed_in):
    own, other = billed(), billed()
    issue()
    client = signed_in(make.head(own.school))
    mine, theirs = (Invoice.objects.get(account=account) for account in (own, other))
    assert [client.get(url).status_code for url in pages(mine).values()] == [200] * 4
    assert [client.get(url).status_code for url in list(pages(theirs).values())[1:]] == [404] * 3
    assert theirs.number not in client.get(reverse("invoice_list")).content.decode()
    text = b"".join(client.get(reverse("line_export")).streaming_content).decode()
    assert (mine.number in text, theirs.number in text) == (True, False)


def test_a1_what_is_not_yours_looks_like_what_does_not_exist(signed_in):
    other = billed()
    invoice = issue()[0]
    client = signed_in(make.head(make.academy()))
    foreign = client.get(reverse("invoice_pdf", args=[invoice.number]))
    absent = client.get(reverse("invoice_pdf", args=["SBS2223-99999"]))
    assert foreign.status_code == absent.status_code == 404
    assert TOKEN.sub(b"", foreign.content) == TOKEN.sub(b"", absent.content)
    assert other.reference not in foreign.content.decode()


def test_s8_trust_finance_sees_its_trusts_invoices(signed_in):
    academy = make.academy()
    make.delivery(academy, "SSLC")
    trust = make.trust(academy)
    make.account(trust)
    invoice = issue()[0]
    officer = signed_in(make.trust_officer(trust))
    assert officer.get(invoice.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("role", ["adviser", "champion", "lead"])
def test_who_has_no_business_with_money_is_refused(signed_in, role):
    client = signed_in(role)
    assert [client.get(reverse(name)).status_code for name in ("invoice_list", "run_new", "account_list")] == [403] * 3


def test_a_head_cannot_issue_or_record(signed_in):
    account = billed()
    invoice = issue()[0]
    client = signed_in(make.head(account.school))
    urls = [reverse("run_new"), reverse("run_list"), reverse("payment_new", args=[invoice.number])]
    assert [client.get(url).status_code for url in urls] == [403] * 3


@pytest.mark.parametrize(("name", "queries"), [("invoice_list", 4), ("run_list", 4), ("account_list", 5)])
def test_lists_take_the_same_queries_for_one_row_and_for_many(signed_in, django_assert_num_queries, name, queries):
    client = signed_in("finance")
    for number in (1, 2):
        for _ in range(1 if number == 1 else 5):
            billed()
        issue(on=date(2023, 9, 3 + number))
        client.get(reverse(name))
        with django_assert_num_queries(queries):
            client.get(reverse(name))


def test_the_preview_takes_the_same_queries_for_one_line_and_for_many(signed_in, django_assert_num_queries):
    client = signed_in("finance")
    for count in (1, 10):
        for _ in range(count):
            billed()
        client.get(reverse("run_new"), PERIOD)
        with django_assert_num_queries(6):
            client.get(reverse("run_new"), PERIOD)


def test_a_new_account_begins_with_what_the_register_says_of_its_payer(signed_in):
    academy = make.academy(name="Vale Academy", street="Vale Road", town="Westmere", postcode="WM2 2BB")
    trust = make.trust(academy, name="MILL LANE ACADEMY TRUST")
    client = signed_in("finance")

    def begun(number: object) -> tuple[str, ...]:
        initial = client.get(reverse("account_new"), {"payer": number}).context["form"].initial
        return tuple(initial.get(name, "") for name in ("name", "address", "postcode"))

    assert begun(academy.urn) == ("Vale Academy", "Vale Road\nWestmere", "WM2 2BB")
    assert begun(trust.uid) == ("Mill Lane Academy Trust", "", "")
    assert begun("²") == begun("9" * 30) == begun(make.school().urn) == ("", "", "")


def test_a_run_says_the_day_of_its_approval(signed_in):
    billed()
    issue(on=date(2023, 9, 4))
    page = signed_in("finance").get(InvoiceRun.objects.get().get_absolute_url()).content.decode()
    assert "on 4 September 2023." in page


def test_m8_no_vat_treatment_is_a_choice_that_says_what_it_means(signed_in):
    page = signed_in("finance").get(reverse("account_new")).content.decode()
    assert ("None yet: hold everything back from invoices" in page, "---------" in page) == (True, False)
