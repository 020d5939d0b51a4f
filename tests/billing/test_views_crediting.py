"""The pages on which an invoice is credited, and where its credit notes are read."""

import csv
import io
import re
import zipfile
from datetime import date

import pytest
from django.urls import reverse

from billing.actions.crediting import CHANGED, credit_invoice
from billing.actions.payments import record_payment
from billing.models import Invoice
from support.models import Delivery
from tests import make
from tests.access.typed import Forms
from tests.billing.cases import YEAR, issue

pytestmark = pytest.mark.django_db
TODAY = date(2023, 4, 20)


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
    make.rates()
    make.reminder_stages()
    return make.council()


@pytest.fixture
def academy():
    return make.academy(name="Vale Academy")


@pytest.fixture
def invoice(academy):
    """E14: three SSLC days in March 2023."""
    make.account(academy)
    champion = make.champion("SSLC")
    for day in (8, 15, 22):
        make.delivery(academy, "SSLC", date(2023, 3, day), champion=champion)
    return issue(YEAR, on=date(2023, 4, 3))[0]


def url(invoice) -> str:
    return reverse("invoice_credit", args=[invoice.number])


def typed(invoice, *lines: str, **rest) -> dict[str, str]:
    """What the form sends: how much of the first lines, and why."""
    chosen = zip(invoice.lines.all(), lines, strict=False)
    values = {"reason": "shorter", "why": "She left at noon", "request_key": "key"}
    return {f"line_{line.pk}": value for line, value in chosen} | values | rest


def decision(page) -> dict[str, str]:
    """What the page that asks sends when it is answered."""
    values = next(form.values for form in Forms(page.content.decode()).found if "seen" in form.values)
    return {name: value for name, value in values.items() if name != "change"}


def text(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def credited(invoice, *, reason="shorter", part: int | None = 1) -> Invoice:
    line = invoice.lines.first()
    by = make.user("finance")
    return credit_invoice(invoice, half_days={line.pk: part}, reason=reason, why="She left at noon", by=by, on=TODAY)


def test_e14_from_the_form_over_the_decision_to_the_credit_note(signed_in, invoice):
    client = signed_in("finance")
    asked = client.post(url(invoice), typed(invoice, "0", "1", "0"))
    for words in (
        "Issue a credit note of £165.00?",
        "It was shorter than billed: She left at noon",
        "Net £137.50, VAT £27.50, total £165.00",
        "VAT at 20% £27.50 on £137.50",
        "Left to pay of SBS2324-00001 £825.00, now £990.00",
        "Leadership Champion days at Vale Academy on 15 March 2023 is shortened to 0.5 days, which stay billed.",
        invoice.account.contacts.get().email,
    ):
        assert words in text(asked)
    assert Invoice.objects.count() == 1
    answer = client.post(url(invoice), decision(asked), follow=True)
    note = Invoice.objects.get(kind="credit note")
    assert answer.redirect_chain == [(note.get_absolute_url(), 302)]
    assert f"{note.number} is issued: £165.00 off {invoice.number}." in text(answer)
    assert Invoice.objects.with_balance().get(pk=invoice.pk).balance == 82500


def test_the_decision_sent_twice_issues_one_credit_note(signed_in, invoice):
    client = signed_in("finance")
    decided = decision(client.post(url(invoice), typed(invoice, "all", "all", "all")))
    answers = [client.post(url(invoice), decided) for _ in range(2)]
    note = Invoice.objects.get(kind="credit note")
    assert [answer.url for answer in answers] == [note.get_absolute_url()] * 2


def test_what_changed_meanwhile_is_shown_again_before_it_is_issued(signed_in, invoice):
    client = signed_in("finance")
    decided = decision(client.post(url(invoice), typed(invoice, "0", "1")))
    credited(invoice)
    assert CHANGED in text(client.post(url(invoice), decided))
    assert Invoice.objects.filter(kind="credit note").count() == 1


def test_somebody_who_decides_otherwise_gets_the_form_with_what_was_typed(signed_in, invoice):
    client = signed_in("finance")
    decided = decision(client.post(url(invoice), typed(invoice, "1")))
    page = client.post(url(invoice), decided | {"seen": "", "change": "yes"})
    assert ("She left at noon" in page.content.decode(), "Credit this invoice" in text(page)) == (True, True)
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Choose how much of at least one line is credited"),
        ({"why": ""}, "Enter what happened"),
        ({"reason": ""}, "Select what was wrong"),
        ({"reason": "wrong price"}, "Where the price or the account was wrong, whole lines are credited"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_said(signed_in, invoice, sent, says):
    lines = ("1",) if sent else ("0",)
    page = signed_in("finance").post(url(invoice), typed(invoice, *lines, **sent))
    assert says in text(page)
    assert Invoice.objects.count() == 1


def test_the_form_offers_what_is_left_of_each_line(signed_in, invoice):
    credited(invoice)
    page = signed_in("finance").get(url(invoice)).content.decode()
    assert "£165.00 of it is credited already." in page
    assert page.count("£137.50 of it credited before") == 1
    assert [page.count(words) for words in ("All of it: 0.5 days", "All of it: 1 day")] == [1, 2]


def test_where_nothing_is_left_the_page_says_so(signed_in, invoice):
    client = signed_in("finance")
    client.post(url(invoice), decision(client.post(url(invoice), typed(invoice, "all", "all", "all"))))
    answer = client.get(url(invoice), follow=True)
    assert answer.redirect_chain == [(invoice.get_absolute_url(), 302)]
    assert f"Nothing of {invoice.number} is left to be credited." in text(answer)
    assert url(invoice) not in answer.content.decode()


def test_a_credit_note_has_no_such_page(signed_in, invoice):
    assert signed_in("finance").get(url(credited(invoice))).status_code == 404


def test_the_invoice_names_its_credit_notes_and_what_each_line_lost(signed_in, academy, invoice):
    note = credited(invoice)
    page = signed_in(make.head(academy)).get(invoice.get_absolute_url())
    for words in (
        "Credited £165.00",
        "Left to pay £825.00",
        "£137.50 credited",
        f"{note.number} , 20 April 2023: £165.00",
    ):
        assert words in text(page)
    assert f'href="{note.get_absolute_url()}"' in page.content.decode()


def test_the_credit_note_names_its_invoice_and_why(signed_in, academy, invoice):
    note = credited(invoice)
    page = signed_in(make.head(academy)).get(note.get_absolute_url())
    for words in (
        "Credits invoice SBS2324-00001",
        "Total credited £165.00",
        "It was shorter than billed: She left at noon",
    ):
        assert words in text(page)
    assert "Left to pay" not in text(page)


@pytest.mark.parametrize("role", ["head", "trust_finance", "finance"])
def test_the_account_and_finance_find_it_in_the_list_the_zip_and_the_spreadsheets(signed_in, academy, invoice, role):
    note = credited(invoice)
    trust = make.trust(academy)
    people = {"head": make.head(academy), "trust_finance": make.trust_officer(trust), "finance": make.user("finance")}
    client = signed_in(people[role])
    assert note.number in client.get(reverse("invoice_list")).content.decode()
    assert client.get(reverse("invoice_pdf", args=[note.number])).content == note.document.read()
    archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get(reverse("invoice_zip")).streaming_content)))
    assert sorted(archive.namelist()) == [f"{note.number}.pdf", f"{invoice.number}.pdf"]
    documents = rows(client.get(reverse("document_export")))
    wanted = ("kind", "gross", "balance", "credits")
    assert {row["invoice"]: tuple(row[name] for name in wanted) for row in documents} == {
        invoice.number: ("invoice", "990.00", "825.00", ""),
        note.number: ("credit note", "165.00", "0.00", invoice.number),
    }
    lines = [row for row in rows(client.get(reverse("line_export"))) if row["invoice"] == note.number]
    assert [(row["days"], row["net"], row["credits"]) for row in lines] == [("0.5", "137.50", invoice.number)]


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("unpaid", ["SBS2324-00001"]),
        ("paid", ["SBS2324-00003"]),
        ("credited", ["SBS2324-00002"]),
        ("credit notes", ["SBC2324-00001", "SBC2324-00002"]),
    ],
)
def test_m15_the_list_tells_paid_credited_and_credit_notes_apart(signed_in, invoice, status, found):
    for name in ("Hill Academy", "Mill Academy"):
        other = make.academy(name=name)
        make.account(other)
        make.delivery(other, "SSLC", date(2023, 3, 8))
        issue(YEAR, on=date(2023, 4, 3))
    second, third = (Invoice.objects.get(number=f"SBS2324-0000{number}") for number in (2, 3))
    credited(invoice)
    credited(second, reason="not delivered", part=None)
    by = make.user("finance")
    record_payment(third, amount=33000, received_on=TODAY, reference="", request_key="k", by=by, on=TODAY)
    page = signed_in("finance").get(reverse("invoice_list"), {"status": status, "sort": "number"}).content.decode()
    assert re.findall(r"S B\w+|SB[CS]\d{4}-\d{5}(?=</a>)", page) == found


def test_m15_what_was_paid_and_credited_since_is_shown_as_too_much(signed_in, invoice):
    by = make.user("finance")
    record_payment(invoice, amount=99000, received_on=TODAY, reference="", request_key="k", by=by, on=TODAY)
    client = signed_in("finance")
    asked = client.post(url(invoice), typed(invoice, "1"))
    assert "Nothing: £165.00 more was paid than stays billed" in text(asked)
    credited(invoice)
    assert "Nothing: £165.00 more was paid than stays billed" in text(client.get(invoice.get_absolute_url()))
    assert "£165.00 too much paid" in text(client.get(reverse("invoice_list")))
    assert "£165.00 too much paid" in text(client.get(invoice.account.get_absolute_url()))


def test_a_schools_costs_say_what_was_credited(signed_in, academy, invoice):
    credited(invoice)
    page = text(signed_in(make.head(academy)).get(f"{reverse('school_costs', args=[academy.urn])}?year=2022-23"))
    assert "Leadership Champion (SSLC), 1 day: £275.00, of which £137.50 is credited" in page
    assert "Together, without VAT £687.50" in page


@pytest.mark.parametrize(("name", "queries"), [("invoice_credit", 5), ("invoice_detail", 7)])
def test_the_pages_take_the_same_queries_for_one_credit_note_and_for_three(
    signed_in, invoice, django_assert_num_queries, name, queries
):
    client, where = signed_in("finance"), reverse(name, args=[invoice.number])
    credited(invoice)
    client.get(reverse("invoice_list"))  # every page remembers the council from here on
    with django_assert_num_queries(queries):
        client.get(where)
    by = make.user("finance")
    for line in invoice.lines.all()[1:]:
        credit_invoice(invoice, half_days={line.pk: 1}, reason="shorter", why="So it was", by=by, on=TODAY)
    with django_assert_num_queries(queries):
        client.get(where)
    assert Delivery.objects.filter(half_days=1).count() == 3
