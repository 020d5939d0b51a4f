"""The examples E8 to E13 from delivery to issued invoice, and what is held back (M1, M6, M9 to M13)."""

from datetime import date
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from pypdf import PdfReader

from billing.issuing import issue_due_items
from billing.models import Account, Invoice, InvoiceLine, RunItem, RunLine, Series
from billing.proposing import propose
from sidebyside.council.models import Council
from sidebyside.mail.models import Dispatch
from sidebyside.refusals import Refusal
from sidebyside.years import Period
from support.actions.disputing import dispute_delivery
from tests import make
from tests.billing.cases import YEAR, approve, issue, noon

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
    make.rates()
    return make.council()


def money(invoices: list[Invoice]) -> list[tuple[int, int, int]]:
    return [(invoice.net, invoice.vat, invoice.gross) for invoice in invoices]


def days(at, code, *dated):
    champion = make.champion(code)
    for day, length in dated:
        make.delivery(at, code, day, length, champion=champion)


def test_e8_the_academy_pays_from_its_opening_day_at_the_band_of_each_day():
    old = make.school(closed_on=date(2023, 1, 31))
    new = make.academy(opened_on=date(2023, 2, 1))
    make.account(new)
    days(old, "SSPC", (date(2022, 11, 9), "1"), (date(2022, 12, 7), "1"), (date(2023, 1, 31), "0.5"))
    days(new, "SSPC", (date(2023, 2, 1), "0.5"), (date(2023, 3, 8), "1"), (date(2023, 4, 19), "1"))
    assert [line.charge.net for invoice in propose(YEAR).invoices for line in invoice.lines] == [10000, 20000, 40000]
    assert money(issue()) == [(30000, 6000, 36000), (40000, 8000, 48000)]


def test_e10_half_a_day_before_and_after_1_april():
    academy = make.academy()
    make.account(academy)
    days(academy, "SSPC", (date(2023, 3, 31), "0.5"), (date(2023, 4, 17), "0.5"))
    assert money(issue()) == [(10000, 2000, 12000), (20000, 4000, 24000)]


def test_e11_a_run_is_cut_at_31_march():
    academy = make.academy()
    make.account(academy)
    march = ((date(2023, 3, 24), "1"), (date(2023, 3, 31), "1"))
    days(academy, "SSPC", *march, (date(2023, 4, 1), "1"), (date(2023, 4, 19), "0.5"), (date(2023, 4, 26), "1"))
    assert money(issue()) == [(40000, 8000, 48000), (100000, 20000, 120000)]


def test_e12_only_the_champion_days_are_invoiced():
    academy = make.academy()
    make.account(academy)
    make.appointment(academy, date(2022, 9, 1))
    make.delivery(academy, "NTH", date(2022, 10, 5))
    make.delivery(academy, "OFSTED", date(2022, 11, 9))
    make.delivery(academy, "CONF", date(2022, 11, 25), units=6)
    days(academy, "SSLC", (date(2023, 1, 18), "1.5"))
    assert money(issue()) == [(41250, 8250, 49500)]
    assert len(propose(YEAR).free) == 3


def test_e13_a_trusts_lines_are_grouped_by_academy():
    academies = [make.academy(name=name) for name in ("P", "Q", "R")]
    make.account(make.trust(*academies))
    p, q, r = academies
    days(p, "SSLC", (date(2023, 1, 18), "2"))
    days(q, "SSPC", (date(2023, 2, 8), "1.5"))
    days(r, "ABLE", (date(2023, 5, 10), "3"))
    invoices = issue()
    assert money(invoices) == [(85000, 17000, 102000), (105000, 21000, 126000)]
    assert [line.school_id for line in invoices[0].lines.all()] == [p.urn, q.urn]


def test_m11_the_pdf_is_kept_with_its_hash_and_says_what_the_data_says():
    academy = make.academy(name="Mill Lane Academy")
    make.account(academy)
    days(academy, "SSLC", (date(2023, 1, 18), "1.5"))
    invoice = issue(on=date(2023, 2, 6))[0]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(invoice.document.read())).pages)
    wanted = ("SBS2223-00001", "£412.50", "£82.50", "£495.00", str(academy.urn), "Mill Lane Academy", "GB123456782")
    assert [word for word in wanted if word not in text] == []


def test_m11_renaming_a_school_or_changing_a_rate_changes_no_issued_invoice():
    academy = make.academy()
    make.account(academy)
    days(academy, "SSLC", (date(2023, 1, 18), "1"))
    invoice = issue()[0]
    before = invoice.document.read()
    academy.name = "Renamed"
    academy.save()
    Council.objects.update(name="Other")
    assert (invoice.lines.get().school_name, invoice.document.read()) != ("Renamed", b"")
    assert Invoice.objects.get().document.read() == before


def test_m10_numbers_run_on_without_gaps_in_the_financial_year_of_issue():
    for month in (1, 2, 3):
        academy = make.academy()
        make.account(academy)
        days(academy, "SSLC", (date(2023, month, 18), "1"))
    first = issue(Period(date(2023, 1, 1), date(2023, 2, 28)), on=date(2023, 3, 6))
    second = issue(Period(date(2023, 3, 1), date(2023, 3, 31)), on=date(2023, 4, 3))
    assert [invoice.number for invoice in first + second] == ["SBS2223-00001", "SBS2223-00002", "SBS2324-00001"]


def test_m10_a_failed_issue_takes_no_number_and_leaves_nothing_half_done():
    academy = make.academy()
    account = make.account(academy)
    days(academy, "SSLC", (date(2023, 1, 18), "1"))
    approve(on=date(2023, 2, 6))
    Council.objects.all().delete()  # drawing up the invoice fails after the claim
    assert issue_due_items(now=noon(date(2023, 2, 6))) == 0
    item = RunItem.objects.get()
    assert (item.state, item.attempts, Invoice.objects.count(), Dispatch.objects.count()) == ("due", 1, 0, 0)
    make.council()
    assert issue_due_items(now=noon(date(2023, 2, 6))) == 1
    assert [invoice.number for invoice in account.invoices.all()] == ["SBS2223-00001"]


def test_an_item_that_fails_five_times_is_parked_and_the_others_go_on():
    poison, sound = make.account(make.academy()), make.academy()
    make.account(sound)
    days(sound, "SSLC", (date(2023, 1, 18), "1"))
    run = approve(on=date(2023, 2, 6))
    make.run_item(run, poison)
    for _ in range(6):
        issue_due_items(now=noon(date(2023, 2, 6)))
    assert list(RunItem.objects.order_by("id").values_list("state", "attempts")) == [("done", 1), ("parked", 5)]


def test_m13_the_same_period_again_finds_only_what_is_new():
    academy = make.academy()
    make.account(academy)
    days(academy, "SSLC", (date(2023, 1, 18), "1"))
    issue()
    assert propose(YEAR).invoices == ()
    days(academy, "SSLC", (date(2023, 1, 19), "1"))
    assert money(issue(on=date(2023, 9, 5))) == [(27500, 5500, 33000)]


def test_m1_what_is_not_confirmed_is_held_back():
    academy = make.academy()
    make.account(academy)
    make.delivery(academy, "SSLC", state="delivered")
    assert [(each.code, each.reason) for each in propose(YEAR).held] == [
        ("unconfirmed", "The school has not confirmed it yet.")
    ]


def test_m1_what_is_disputed_is_held_back_with_that_reason(django_assert_num_queries):
    academy = make.academy()
    make.account(academy)
    head = make.head(academy)
    for number in range(3):
        day = make.delivery(academy, "SSLC", date(2023, 1, 18 + number), state="delivered")
        dispute_delivery(day, reason="It was a morning", by=head, on=date(2023, 2, 1))
    with django_assert_num_queries(4):
        held = propose(YEAR).held
    assert {(each.code, each.reason) for each in held} == {
        ("disputed", "The school disputes it, and the team has not settled that yet.")
    }


@pytest.mark.parametrize("state", ["planned", "cancelled"])
def test_m1_what_is_planned_or_cancelled_is_not_in_a_run_at_all(state):
    academy = make.academy()
    make.account(academy)
    make.delivery(academy, "SSLC", state=state)
    proposal = propose(YEAR)
    assert (proposal.invoices, proposal.held, proposal.free) == ((), (), ())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"vat_treatment": ""}, "vat"),
        ({"is_po_required": True}, "po"),
        ({"is_po_required": True, "po_number": "7"}, None),
    ],
)
def test_m13_what_the_account_lacks_holds_its_lines_back(changes, code):
    academy = make.academy()
    Account.objects.filter(pk=make.account(academy).pk).update(**changes)
    days(academy, "SSLC", (date(2023, 1, 18), "1"))
    assert [each.code for each in propose(YEAR).held] == ([code] if code else [])


def test_m13_without_an_account_a_day_is_held_back():
    days(make.academy(name="Mill Lane"), "SSLC", (date(2023, 1, 18), "1"))
    assert propose(YEAR).held[0].reason == "No account pays for Mill Lane on 18 January 2023."


def test_s8_the_trust_of_the_day_pays():
    academy = make.academy()
    before, after = make.trust(name="Before"), make.trust(name="After")
    academy.trust_memberships.create(trust=before, joined_on=date(2020, 9, 1), left_on=date(2023, 1, 31))
    academy.trust_memberships.create(trust=after, joined_on=date(2023, 2, 1))
    for each in (before, after):
        make.account(each)
    days(academy, "SSLC", (date(2023, 1, 31), "1"), (date(2023, 2, 1), "1"))
    assert [invoice.account.name for invoice in propose(YEAR).invoices] == ["After", "Before"]


def test_what_changed_since_it_was_seen_is_not_approved():
    academy = make.academy()
    make.account(academy)
    days(academy, "SSLC", (date(2023, 1, 18), "1"))
    seen = propose(YEAR)
    days(academy, "SSLC", (date(2023, 1, 19), "1"))
    from billing.actions.runs import approve_run

    with pytest.raises(Refusal):
        approve_run(YEAR, digest=seen.digest, request_key="k", by=make.user("finance"), on=date(2023, 9, 4))
    assert RunLine.objects.count() == 0


def test_pressing_twice_approves_once():
    academy = make.academy()
    make.account(academy)
    days(academy, "SSLC", (date(2023, 1, 18), "1"))
    finance = make.user("finance")
    from billing.actions.runs import approve_run

    digest = propose(YEAR).digest
    runs = [approve_run(YEAR, digest=digest, request_key="k", by=finance, on=date(2023, 9, 4)) for _ in range(2)]
    assert (runs[0], RunLine.objects.count()) == (runs[1], 1)


def test_the_invoice_is_mailed_to_the_accounts_contacts_with_its_pdf():
    academy = make.academy()
    account = make.account(academy)
    days(academy, "SSLC", (date(2023, 1, 18), "1"))
    invoice = issue()[0]
    mail = Dispatch.objects.get()
    assert (mail.to, mail.attachment) == ([account.contacts.get().email], invoice.document)


def test_m10_the_database_refuses_to_change_or_delete_what_was_issued():
    academy = make.academy()
    make.account(academy)
    days(academy, "SSLC", (date(2023, 1, 18), "1"))
    invoice = issue()[0]
    line = invoice.lines.get()
    for statement in (
        "UPDATE billing_invoice SET net = 1",
        "DELETE FROM billing_invoice",
        "UPDATE billing_invoiceline SET net = 1",
        "DELETE FROM billing_invoiceline",
        "UPDATE documents_document SET name = 'x'",
        "DELETE FROM billing_runline",
        "UPDATE audit_event SET verb = 'x'",
    ):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    for change in (
        lambda: Invoice.objects.filter(pk=invoice.pk).update(net=1),
        lambda: invoice.save(),
        lambda: InvoiceLine.objects.filter(pk=line.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            change()


def test_a_proposal_takes_the_same_queries_for_one_delivery_and_for_fifty(django_assert_num_queries):
    for count in (1, 49):
        for _ in range(count):
            academy = make.academy()
            make.account(academy)
            days(academy, "SSLC", (date(2023, 1, 18), "1"))
        with django_assert_num_queries(4):
            propose(YEAR)


def test_the_series_is_made_with_its_first_number():
    academy = make.academy()
    make.account(academy)
    days(academy, "SSLC", (date(2023, 1, 18), "1"))
    issue()
    assert list(Series.objects.values_list("kind", "financial_year_start", "last")) == [("invoice", 2023, 1)]
