"""Giving up what cannot be issued: its support is free for the next run, and nothing is billed twice."""

from datetime import date

import pytest
from django.urls import reverse

from billing.actions.repairs import give_up_item, retry_item
from billing.costs import OPEN, costs_of
from billing.issuing import issue_due_items
from billing.models import Account, Invoice, RunItem, RunLine
from billing.proposing import propose
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear
from support.actions.confirming import withdraw_delivery
from support.models import Delivery
from tests import make
from tests.billing.cases import YEAR, approve, noon

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 4)
WHY = "The address is wrong"


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
    make.rates()
    return make.council()


@pytest.fixture
def finance():
    return make.user("finance")


@pytest.fixture
def parked():
    return park()


def park(name: str = "Vale Academy") -> RunItem:
    academy = make.academy(name=name)
    make.delivery(academy, "SSLC")
    make.account(academy)
    item = approve(on=DAY).items.get(account__name=name)
    RunItem.objects.filter(pk=item.pk).update(state="parked", attempts=5, problem="No space left")
    item.refresh_from_db()
    return item


def test_what_was_given_up_is_proposed_again_as_the_account_is_now_and_billed_once(parked, finance):
    assert propose(YEAR).invoices == ()
    give_up_item(parked, why=WHY, by=finance)
    Account.objects.update(name="Vale Academy Trust")
    again = approve(on=DAY, key="again").items.get()
    assert issue_due_items(now=noon(DAY)) == 1
    assert (again.invoice.customer["name"], again.invoice.gross, propose(YEAR).invoices) == (
        "Vale Academy Trust",
        33000,
        (),
    )
    assert list(RunLine.objects.order_by("turn").values_list("item", "turn")) == [(parked.pk, 0), (again.pk, 1)]
    assert RunLine.objects.values("source_key").distinct().count() == 1


def test_it_may_be_given_up_again_and_again(parked, finance):
    for turn in range(1, 4):
        give_up_item(RunItem.objects.parked().get(), why=WHY, by=finance)
        item = approve(on=DAY, key=f"turn {turn}").items.get()
        assert item.lines.get().turn == turn
        RunItem.objects.filter(pk=item.pk).update(state="parked")


def test_a3_giving_up_leaves_who_and_why(parked, finance):
    give_up_item(parked, why=WHY, by=finance)
    parked.refresh_from_db()
    assert (parked.state, parked.given_up_why) == ("given up", WHY)
    event = Event.objects.get(verb="run_item.given_up")
    assert (event.by, event.why, event.details) == (finance, WHY, {"net": 27500, "lines": 1})


@pytest.mark.parametrize("state", ["due", "done", "given up"])
def test_only_what_is_parked_is_given_up(parked, finance, state):
    RunItem.objects.update(state=state, given_up_why="x")
    with pytest.raises(Refusal) as refused:
        give_up_item(parked, why=WHY, by=finance)
    assert refused.value.sentence == "This invoice is not waiting for you any more, so it was not given up."
    assert Event.objects.filter(verb="run_item.given_up").count() == 0


def test_m10_what_an_invoice_stands_for_is_not_given_up(parked, finance):
    retry_item(parked, by=finance)
    issue_due_items(now=noon(DAY))
    with pytest.raises(Refusal):
        give_up_item(parked, why=WHY, by=finance)
    assert (Invoice.objects.count(), propose(YEAR).invoices) == (1, ())


def test_giving_up_asks_for_a_reason(parked, finance):
    with pytest.raises(Refusal) as refused:
        give_up_item(parked, why=" ", by=finance)
    assert (refused.value.field, RunItem.objects.get().state) == ("why", "parked")


def test_what_was_given_up_is_neither_tried_again_nor_issued(parked, finance):
    give_up_item(parked, why=WHY, by=finance)
    with pytest.raises(Refusal):
        retry_item(parked, by=finance)
    assert issue_due_items(now=noon(DAY)) == 0
    assert Invoice.objects.count() == 0


def test_support_of_a_given_up_invoice_can_be_withdrawn(parked, finance):
    delivery, lead = Delivery.objects.get(), make.user("lead")
    with pytest.raises(Refusal):
        withdraw_delivery(delivery, why="Not held", by=lead, on=DAY)
    give_up_item(parked, why=WHY, by=finance)
    assert withdraw_delivery(delivery, why="Not held", by=lead, on=DAY).state == "cancelled"


def test_a_schools_costs_show_given_up_support_as_still_to_be_invoiced(parked, finance):
    give_up_item(parked, why=WHY, by=finance)
    [cost] = costs_of(Delivery.objects.get().school, AcademicYear(2022), user=finance)
    assert (cost.status, cost.net) == (OPEN, 27500)


def test_the_page_says_what_giving_up_does_and_the_run_says_that_it_was_done(parked, signed_in):
    client = signed_in("finance")
    url = reverse("item_give_up", args=[parked.pk])
    run_url = parked.run.get_absolute_url()
    assert url in client.get(run_url).content.decode()
    asked = client.get(url).content.decode()
    assert ("Give up this invoice?" in asked, "the next invoice run" in asked) == (True, True)
    assert "Enter" in client.post(url, {"why": ""}).content.decode()
    shown = client.post(url, {"why": WHY}, follow=True).content.decode()
    assert (WHY in shown, "Given up" in shown, "All of them are issued" in shown) == (True, True, False)
    assert "1 invoice was given up. Its support is in the next run" in shown


def test_what_needs_nobody_any_more_is_not_asked_about(parked, finance, signed_in):
    give_up_item(parked, why=WHY, by=finance)
    answer = signed_in("finance").get(reverse("item_give_up", args=[parked.pk]), follow=True)
    assert "This invoice is not waiting for you any more, so it was not given up." in answer.content.decode()


def test_needs_attention_offers_both_ways_out_and_then_forgets_it(parked, signed_in):
    client = signed_in("finance")
    url = f"{reverse('item_give_up', args=[parked.pk])}?next=attention"
    shown = client.get(reverse("attention")).content.decode()
    assert (url in shown, "proposed again in the next run" in shown) == (True, True)
    assert client.post(url, {"why": WHY}).url == reverse("attention")
    assert "Vale Academy" not in client.get(reverse("attention")).content.decode()
