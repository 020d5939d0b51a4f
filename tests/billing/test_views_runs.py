"""The pages of a run from preview to progress; downloads that follow the list's filters."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.actions.payments import record_payment
from billing.models import InvoiceRun, RunItem
from billing.views.runs import progress_of
from sidebyside.govuk.dates import posted
from tests import make
from tests.billing.cases import YEAR, approve, issue

pytestmark = pytest.mark.django_db
PERIOD = posted("first_day", YEAR.first_day) | posted("last_day", YEAR.last_day)


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
    make.rates()
    return make.council()


def billed(**rest):
    academy = make.academy(**rest)
    make.delivery(academy, "SSLC")
    return make.account(academy)


def page(client, url, *args) -> str:
    return client.get(url, *args).content.decode()


def test_the_preview_posts_back_exactly_what_it_showed_and_twice_makes_one_run(signed_in):
    billed()
    client = signed_in("finance")
    approve_form = client.get(reverse("run_new"), PERIOD).context["approve"]
    seen = dict(approve_form.period_fields) | approve_form.initial
    answers = [client.post(reverse("run_new"), seen) for _ in range(2)]
    run = InvoiceRun.objects.get()
    assert [answer.url for answer in answers] == [run.get_absolute_url()] * 2
    assert (run.first_day, run.last_day) == (YEAR.first_day, YEAR.last_day)


def test_a_period_that_ends_before_it_begins_is_refused_in_words(signed_in):
    days = posted("first_day", YEAR.last_day) | posted("last_day", YEAR.first_day)
    shown = page(signed_in("finance"), reverse("run_new"), days)
    assert "The last day must be the same as or after the first day." in shown


def test_a_period_with_nothing_in_it_offers_nothing_to_approve(signed_in):
    shown = page(signed_in("finance"), reverse("run_new"), PERIOD)
    assert ("There is nothing to invoice in this period." in shown, "Approve and issue" in shown) == (True, False)


def test_the_usual_periods_are_links(signed_in, today):
    links = [first for _, first, _ in signed_in("finance").get(reverse("run_new")).context["periods"]]
    assert links[1] == today.replace(day=1)


def test_a_run_that_nothing_issues_says_after_two_minutes_what_to_do(signed_in):
    billed()
    run = approve()
    now = timezone.now()
    assert [progress_of(run, at=now + timedelta(minutes=wait))["is_late"] for wait in (1, 3)] == [False, True]
    RunItem.objects.update(attempted_at=now + timedelta(minutes=2))
    assert not progress_of(run, at=now + timedelta(minutes=3))["is_late"]
    RunItem.objects.update(state="parked")
    assert not progress_of(run, at=now + timedelta(minutes=9))["is_late"]


def test_what_needs_a_person_stands_first_with_its_button(signed_in):
    for name in ("Ash Academy", "Vale Academy"):
        billed(name=name)
    run = approve()
    RunItem.objects.filter(account__name="Vale Academy").update(state="parked", problem="No space left")
    shown = page(signed_in("finance"), run.get_absolute_url())
    assert shown.index("Vale Academy") < shown.index("Ash Academy")
    assert ("No space left" in shown, "1 needs attention." in shown) == (True, True)
    assert "Try again" not in page(signed_in("auditor"), run.get_absolute_url())


def test_only_the_summary_of_a_run_is_read_out(signed_in):
    billed()
    shown = page(signed_in("finance"), approve().get_absolute_url())
    assert shown.count("aria-live") == 1
    assert 'aria-live="polite" data-part="summary">0 of 1 invoice issued.</p>' in shown


def test_a_large_run_is_shown_fifty_at_a_time_in_the_same_queries(signed_in, django_assert_num_queries):
    billed()
    run, client = approve(), signed_in("finance")
    accounts = [make.account(make.academy()) for _ in range(60)]
    for count in (1, 61):
        if count > 1:
            for account in accounts:
                make.run_item(run, account)
        page(client, run.get_absolute_url())
        with django_assert_num_queries(6):
            shown = page(client, run.get_absolute_url())
        assert (f"0 of {count} invoice" in shown, shown.count('data-label="State"')) == (True, min(count, 50))


@pytest.fixture
def paid_and_unpaid():
    """An invoice of Ash Academy that is paid, and one of Vale Academy that is not."""
    for name in ("Ash Academy", "Vale Academy"):
        billed(name=name)
    paid, unpaid = issue(on=date(2023, 9, 4))
    rest = {"received_on": date(2023, 9, 5), "reference": "", "request_key": "k", "on": date(2023, 9, 5)}
    record_payment(paid, amount=paid.gross, by=make.user("finance"), **rest)
    return paid, unpaid


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [True, True]),
        ({"status": "paid"}, [True, False]),
        ({"status": "unpaid"}, [False, True]),
        ({"status": "overdue"}, [False, True]),
        ({"q": "vale"}, [False, True]),
        ({"q": "00001"}, [True, False]),
        (posted("issued_from", date(2023, 9, 5)), [False, False]),
        (posted("issued_to", date(2023, 9, 4)), [True, True]),
    ],
)
def test_list_spreadsheets_and_zip_follow_the_same_filters(signed_in, paid_and_unpaid, query, expected):
    client = signed_in("finance")
    files = [client.get(reverse(name), query) for name in ("document_export", "line_export")]
    texts = [b"".join(file.streaming_content).decode() for file in files]
    texts.append(page(client, reverse("invoice_list"), query))
    archive = client.get(reverse("invoice_zip"), query)
    if archive.status_code == 200:
        texts.append(" ".join(zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content))).namelist()))
    found = [[invoice.number in text for invoice in paid_and_unpaid] for text in texts]
    assert found == [expected] * len(texts)
    assert (archive.status_code == 200) is any(expected)


def test_an_empty_selection_says_so_and_leads_back(signed_in, paid_and_unpaid):
    client = signed_in("finance")
    assert "Nothing matches these filters." in page(client, reverse("invoice_list"), {"q": "nowhere"})
    answer = client.get(reverse("invoice_zip"), {"q": "nowhere"}, follow=True)
    assert "A zip holds from 1 to 1,000 invoices." in answer.content.decode()


def test_no_invoice_yet_says_so(signed_in):
    assert "No invoice has been issued yet." in page(signed_in("finance"), reverse("invoice_list"))


@pytest.mark.parametrize("sort", ["number", "account", "issued", "due", "gross", "balance"])
def test_the_list_is_sorted_both_ways(signed_in, paid_and_unpaid, sort):
    client = signed_in("finance")
    orders = [
        [invoice.number for invoice in client.get(reverse("invoice_list"), {"sort": by}).context["page"]]
        for by in (sort, f"-{sort}")
    ]
    assert orders[0] == list(reversed(orders[1]))


def test_an_academys_head_sees_the_own_account_and_none_of_the_councils_doors(signed_in):
    account = billed()
    invoice = issue()[0]
    client = signed_in(make.head(account.school))
    shown = "".join(
        page(client, url)
        for url in (account.get_absolute_url(), reverse("invoice_list"), invoice.get_absolute_url(), reverse("home"))
    )
    doors = [reverse(name) for name in ("run_list", "run_new", "account_list", "attention")]
    doors += [reverse("account_edit", args=[account.reference]), reverse("payment_new", args=[invoice.number])]
    assert [door for door in doors if f'href="{door}"' in shown] == []
