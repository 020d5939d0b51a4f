"""What people do with money: approve, try again, record a payment, keep an account; each with its trail."""

from datetime import date

import pytest

from billing.actions.accounts import change_account, open_account
from billing.actions.payments import record_payment, take_back_payment
from billing.actions.repairs import retry_item
from billing.actions.runs import approve_run
from billing.models import Account, Invoice, InvoiceRun, Payment, RunItem
from billing.proposing import propose
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from tests import make
from tests.billing.cases import YEAR, approve, issue

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 4)


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
    make.rates()
    return make.council()


@pytest.fixture
def finance():
    return make.user("finance")


def billed() -> Account:
    academy = make.academy()
    make.delivery(academy, "SSLC")
    return make.account(academy)


def refusal_of(act, *args, **kwargs) -> tuple[str | None, str]:
    with pytest.raises(Refusal) as refused:
        act(*args, **kwargs)
    return refused.value.field, refused.value.sentence


def test_pressing_approve_twice_makes_one_run(finance):
    billed()
    seen = propose(YEAR).digest
    runs = [approve_run(YEAR, digest=seen, request_key="k", by=finance, on=DAY) for _ in range(2)]
    assert (runs[0], InvoiceRun.objects.count(), RunItem.objects.count()) == (runs[1], 1, 1)
    assert Event.objects.get(verb="run.approved").details == {"invoices": 1, "net": 27500, "held_back": 0}


def test_what_another_run_has_taken_is_not_approved_again(finance):
    billed()
    seen = propose(YEAR).digest
    approve(by=finance, key="first")
    refused = refusal_of(approve_run, YEAR, digest=seen, request_key="second", by=finance, on=DAY)
    assert refused[1].startswith("Something changed since this page was made.")


def test_a_run_of_nothing_is_refused(finance):
    seen = propose(YEAR).digest
    refused = refusal_of(approve_run, YEAR, digest=seen, request_key="k", by=finance, on=DAY)
    assert refused == (None, "There is nothing to invoice in this period.")


def test_somebody_elses_key_approves_nothing(finance):
    billed()
    approve(by=finance, key="k")
    billed()
    with pytest.raises(Refusal):
        approve(by=make.user("finance"), key="k")
    assert InvoiceRun.objects.count() == 1


def test_a_parked_invoice_waits_again_from_the_beginning(finance):
    billed()
    item = approve().items.get()
    RunItem.objects.update(state="parked", attempts=5, problem="No space left")
    retry_item(item, by=finance)
    item.refresh_from_db()
    assert (item.state, item.attempts, item.problem) == ("due", 0, "")
    assert refusal_of(retry_item, item, by=finance) == (None, "This invoice is not waiting for you any more.")
    assert Event.objects.filter(verb="run_item.retried", by=finance).count() == 1


def pay(invoice, by, **rest) -> Payment:
    values = {"amount": 10000, "received_on": DAY, "reference": "BACS", "request_key": "p", "on": DAY}
    return record_payment(invoice, **values | rest, by=by)


def test_m15_a_payment_is_allocated_up_to_the_balance_and_the_rest_stays_with_the_account(finance):
    billed()
    invoice = issue(on=DAY)[0]
    payment = pay(invoice, finance, amount=40000, is_surplus_meant=True)
    assert (payment.amount, payment.allocations.get().amount) == (40000, 33000)
    assert Invoice.objects.with_balance().get().balance == 0
    assert Event.objects.get(verb="payment.recorded").details == {"invoice": invoice.number, "amount": "£400.00"}


def test_m15_more_than_is_left_is_refused_until_it_is_meant(finance):
    billed()
    invoice = issue(on=DAY)[0]
    sentence = "£999,999.00 is more than the £330.00 that is left. Correct the amount, or confirm it."
    assert refusal_of(pay, invoice, finance, amount=99999900) == ("is_surplus_meant", sentence)
    assert Payment.objects.count() == 0


def test_m15_the_same_key_again_finds_its_payment_although_nothing_is_left(finance):
    billed()
    invoice = issue(on=DAY)[0]
    assert [pay(invoice, finance, amount=33000) for _ in range(2)] == [Payment.objects.get()] * 2


def test_m15_money_of_before_the_invoice_is_refused(finance):
    billed()
    invoice = issue(on=DAY)[0]
    field, sentence = refusal_of(pay, invoice, finance, received_on=date(2023, 9, 3))
    assert (field, Payment.objects.count()) == ("received_on", 0)
    assert sentence.startswith(f"{invoice.number} was issued on 4 September 2023, so its money cannot have come before")


def test_m15_a_payment_that_is_taken_back_counts_for_nothing_and_stays_on_record(finance):
    billed()
    invoice = issue(on=DAY)[0]
    payment = pay(invoice, finance, amount=40000, is_surplus_meant=True)
    take_back_payment(payment, why="The amount was another’s", by=finance, on=DAY)
    assert Invoice.objects.unpaid().get().balance == 33000
    assert list(Payment.objects.standing()) == []
    event = Event.objects.get(verb="payment.taken_back")
    assert (event.why, event.details["invoices"]) == ("The amount was another’s", [invoice.number])
    again = refusal_of(take_back_payment, payment, why="Twice", by=finance, on=DAY)
    assert again == (None, "This payment has been taken back already.")
    assert pay(invoice, finance, amount=33000, request_key="right").allocations.get().amount == 33000


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"amount": 0}, "amount"), ({"amount": -1}, "amount"), ({"received_on": date(2023, 9, 5)}, "received_on")],
)
def test_m15_a_payment_that_cannot_be_is_refused_beside_its_field(finance, wrong, field):
    billed()
    invoice = issue(on=DAY)[0]
    assert refusal_of(pay, invoice, finance, **wrong)[0] == field
    assert Payment.objects.count() == 0


def test_an_accounts_reference_follows_from_its_payer(finance):
    academy = make.academy()
    trust = make.trust(academy)
    values = {"contacts": ["A@x.example"], "by": finance, "name": "x", "address": "y"}
    assert [open_account(payer, **values).reference for payer in (academy, trust)] == [
        f"A{academy.urn}",
        f"T{trust.uid}",
    ]
    assert [contact.email for contact in Account.objects.get(school=academy).contacts.all()] == ["a@x.example"]


def test_a3_a_change_of_an_account_says_which_fields_and_leaves_issued_invoices_alone(finance):
    account = billed()
    invoice = issue(on=DAY)[0]
    change_account(account, contacts=["b@x.example"], by=finance, name="New name", postcode=account.postcode)
    invoice.refresh_from_db()
    assert (account.name, invoice.customer["name"] == "New name") == ("New name", False)
    assert Event.objects.get(verb="account.changed").details == {"fields": ["contacts", "name"]}
    assert [contact.email for contact in account.contacts.all()] == ["b@x.example"]


def test_m15_the_key_of_another_payment_records_nothing_and_says_so(finance):
    billed()
    billed()
    first, second = issue(on=DAY)
    pay(first, finance)
    for invoice, amount in ((second, 10000), (first, 20000)):
        assert refusal_of(pay, invoice, finance, amount=amount)[1].startswith("This form has recorded another payment")
    take_back_payment(Payment.objects.get(), why="The wrong invoice", by=finance, on=DAY)
    assert refusal_of(pay, first, finance)[1].startswith("What this form recorded was taken back since")
