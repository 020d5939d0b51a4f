"""Needs attention: everything that is stuck, with the button that resolves it, for those who may press it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import Invoice, Reminder, ReminderStage, RunItem
from billing.reminding import remind_of_unpaid_invoices
from schools.models import RegisterImport
from sidebyside.mail.models import Dispatch
from sidebyside.stuck import stuck
from tests import make
from tests.billing.cases import YEAR, approve, issue, noon

pytestmark = pytest.mark.django_db
ATTENTION = reverse("attention")


@pytest.fixture(autouse=True)
def council(today):
    make.offer_2022()
    make.offer(today.year - 1 if today.month < 9 else today.year)
    make.rates()
    return make.council()


def mail(state="failed", **rest) -> Dispatch:
    values = {
        "key": f"k{Dispatch.objects.count()}",
        "to": ["a@academy.example"],
        "subject": "Invoice SBS1",
        "body": "x",
    }
    return Dispatch.objects.create(state=state, **values | rest)


def parked(name="Vale Academy") -> RunItem:
    academy = make.academy(name=name)
    make.account(academy)
    make.delivery(academy, "SSLC")
    approve(key=name)
    RunItem.objects.filter(account__name=name).update(state="parked", attempts=5, problem="No space left")
    return RunItem.objects.get(account__name=name)


def page(client) -> str:
    return client.get(ATTENTION).content.decode()


def test_nothing_stuck_says_so(signed_in):
    assert "Nothing needs you" in page(signed_in("finance"))


def test_a_parked_invoice_is_tried_again(signed_in):
    item, client = parked(), signed_in("finance")
    shown = page(client)
    retry = reverse("item_retry", args=[item.pk])
    assert ("No space left" in shown, f'action="{retry}?next=attention"' in shown) == (True, True)
    assert client.post(retry, QUERY_STRING="next=attention").url == ATTENTION
    item.refresh_from_db()
    assert (item.state, item.attempts, item.problem) == ("due", 0, "")


def test_trying_again_twice_says_that_it_waits_no_more(signed_in):
    item, client = parked(), signed_in("finance")
    client.post(reverse("item_retry", args=[item.pk]))
    answer = client.post(reverse("item_retry", args=[item.pk]), follow=True)
    assert "This invoice is not waiting for you any more." in answer.content.decode()


def test_an_invoice_that_nothing_has_issued_is_stuck_after_ten_minutes():
    academy = make.academy(name="Vale Academy")
    make.account(academy)
    make.delivery(academy, "SSLC")
    approve()
    now = timezone.now()
    assert stuck(at=now) == []
    assert [(late.title, late.is_parked) for late in stuck(at=now + timedelta(minutes=11))] == [("Vale Academy", False)]


@pytest.mark.parametrize("state", ["failed", "check"])
def test_a_mail_is_sent_again_as_a_new_one(signed_in, state):
    old, client = mail(state, problem="Mailbox unknown"), signed_in("finance")
    decide = reverse("mail_resolve", args=[old.pk])
    shown = page(client)
    assert ("Mailbox unknown" in shown, decide in shown) == (True, True)
    assert client.post(decide, {"what": "again", "why": "The address works now"}).url == ATTENTION
    old.refresh_from_db()
    again = Dispatch.objects.exclude(pk=old.pk).get()
    assert (again.state, again.to, again.subject) == ("due", old.to, old.subject)
    assert (old.state, old.resolved_why) == (state, "The address works now")
    assert "Mailbox unknown" not in page(client)


def test_a_mail_is_left_with_a_reason(signed_in):
    old, client = mail("check"), signed_in("administrator")
    client.post(reverse("mail_resolve", args=[old.pk]), {"what": "leave", "why": "They have it"})
    old.refresh_from_db()
    assert (old.resolved_why, Dispatch.objects.count(), "Nothing needs you" in page(client)) == (
        "They have it",
        1,
        True,
    )


def test_a_decision_needs_its_reason(signed_in):
    old = mail()
    answer = signed_in("finance").post(reverse("mail_resolve", args=[old.pk]), {"what": "leave", "why": ""})
    assert (answer.status_code, Dispatch.objects.needing_attention().count()) == (200, 1)


def test_a_mail_that_was_dealt_with_is_not_found_again(signed_in):
    old = mail(resolved_at=timezone.now(), resolved_why="Done")
    assert signed_in("finance").get(reverse("mail_resolve", args=[old.pk])).status_code == 404


def test_a_mail_that_waits_for_the_server_is_shown_and_goes_by_itself(signed_in):
    waiting = mail("due", problem="The mail server cannot be reached")
    Dispatch.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - timedelta(hours=2))
    assert "It goes by itself once the mail server answers." in page(signed_in("finance"))


def test_support_that_is_held_back_has_its_cure(signed_in, today):
    academy = make.academy(name="Vale Academy")
    make.delivery(academy, "SSLC", today)
    shown = page(signed_in("finance"))
    cure = f"{reverse('account_new')}?payer={academy.urn}"
    assert ("No account pays for Vale Academy" in shown, f'href="{cure}"' in shown) == (True, True)


@pytest.mark.parametrize(
    ("role", "cures"),
    [
        ("finance", ["The school or the broker confirms it", "Open an account"]),
        ("lead", ["Confirm it", "Finance completes the account"]),
        ("administrator", ["The school or the broker confirms it", "Open an account"]),
    ],
)
def test_each_role_gets_the_button_or_is_told_who_acts(signed_in, today, role, cures):
    academy = make.academy()
    make.account(academy)
    make.delivery(academy, "SSLC", today, state="delivered")
    make.delivery(make.academy(), "SSLC", today)
    shown = page(signed_in(role))
    assert [words in shown for words in cures] == [True, True]


def test_the_team_leader_is_told_that_finance_acts(signed_in):
    item, letter = parked(), mail()
    client = signed_in("lead")
    shown = page(client)
    assert ("Finance tries again" in shown, "Finance decides" in shown, "Its run" in shown) == (True, True, False)
    assert client.post(reverse("item_retry", args=[item.pk])).status_code == 403
    assert client.get(reverse("mail_resolve", args=[letter.pk])).status_code == 403


def test_the_last_imports_bad_rows_are_shown(signed_in):
    rows = [{"file": "establishments.csv", "line": 7, "column": "URN", "reason": "“x” is not a URN"}]
    RegisterImport.objects.create(bad_rows=rows)
    assert "establishments.csv, line 7, URN: “x” is not a URN" in page(signed_in("administrator"))
    assert "An administrator corrects the rows" in page(signed_in("finance"))


def test_held_back_support_is_listed_however_old_it_is(signed_in):
    make.delivery(make.academy(name="Vale Academy"), "SSLC", date(2023, 1, 18))
    assert "No account pays for Vale Academy on 18 January 2023." in page(signed_in("finance"))


def test_m13_finances_home_counts_what_this_page_lists(signed_in):
    mail("due", attempts=0)
    Dispatch.objects.update(created_at=timezone.now() - timedelta(days=1))
    mail()
    parked()
    cards = {card.label: card.number for card in signed_in("finance").get(reverse("home")).context["home"].cards}
    assert cards["mails, invoices or statements are stuck"] == str(len(stuck(at=timezone.now()))) == "3"


@pytest.mark.parametrize("role", ["adviser", "head", "champion", "trust_finance", "auditor"])
def test_it_is_closed_to_everybody_else(signed_in, role):
    assert signed_in(role).get(ATTENTION).status_code == 403


def test_the_page_takes_the_same_queries_however_much_is_stuck(signed_in, django_assert_num_queries, today):
    client = signed_in("finance")
    for many in (1, 4):
        for number in range(many):
            mail("check" if number % 2 else "failed")
            parked(f"Academy {many} {number}")
            make.delivery(make.academy(), "SSLC", today)
        RegisterImport.objects.create(bad_rows=[{"file": "f", "line": 1, "column": "c", "reason": "r"}] * many)
        page(client)
        with django_assert_num_queries(8):
            page(client)


SWEPT_ON = noon(date(2023, 4, 4))


@pytest.fixture
def unpaid() -> list[Invoice]:
    """On 4 April the first is a week late, and nobody can fill in that stage's text; the second is a day late."""
    make.reminder_stages()
    ReminderStage.objects.filter(days_after_due=7).update(body="Dear {acount}")
    invoices = []
    for name, issued_on in (("Ash Academy", date(2023, 2, 27)), ("Vale Academy", date(2023, 3, 6))):
        academy = make.academy(name=name)
        make.account(academy)
        make.delivery(academy, "SSLC")
        invoices += issue(YEAR, on=issued_on)
    return invoices


def test_m14_a_reminder_that_cannot_be_written_stops_no_other_and_is_shown_once(signed_in, unpaid):
    assert [remind_of_unpaid_invoices(now=SWEPT_ON) for _ in range(2)] == [1, 0]
    assert [reminder.invoice for reminder in Reminder.objects.filter(outcome="sent")] == [unpaid[1]]
    trouble = Dispatch.objects.needing_attention().get()
    assert trouble.subject == f"Reminder of invoice {unpaid[0].number}: A week after"
    assert "{acount} means nothing here." in page(signed_in("finance"))


def test_m14_a_reminder_goes_once_its_text_is_put_right_and_leaves_the_page(unpaid):
    remind_of_unpaid_invoices(now=SWEPT_ON)
    ReminderStage.objects.filter(days_after_due=7).update(body="Dear {account}")
    assert remind_of_unpaid_invoices(now=SWEPT_ON) == 1
    assert Dispatch.objects.needing_attention().count() == 0


def test_m14_a_reminder_that_was_never_written_can_be_left_but_not_sent_again(signed_in, unpaid):
    remind_of_unpaid_invoices(now=SWEPT_ON)
    decide = reverse("mail_resolve", args=[Dispatch.objects.needing_attention().get().pk])
    client = signed_in("finance")
    client.post(decide, {"what": "again", "why": "Try"})
    assert Dispatch.objects.needing_attention().count() == 1
    client.post(decide, {"what": "leave", "why": "They have paid"})
    remind_of_unpaid_invoices(now=SWEPT_ON)
    assert Dispatch.objects.needing_attention().count() == 0
