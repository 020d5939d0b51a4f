"""Reminders: the rule by itself (M14), and E15 from invoice to outbox."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.actions.payments import record_payment, take_back_payment
from billing.models import Account, Invoice, Payment, Reminder
from billing.reminders import Stage, decide, falls_on
from billing.reminding import remind_of_unpaid_invoices
from sidebyside.mail.models import Dispatch
from sidebyside.working_days import next_working_day
from sidebyside.years import Period
from tests import make
from tests.billing.cases import issue, noon

STAGES = [Stage(key, days) for key, days in enumerate((-7, 1, 7, 14), start=1)]
ISSUED, DUE = date(2023, 3, 6), date(2023, 4, 3)


def test_e15_a_reminder_goes_on_the_next_working_day_in_england():
    assert [falls_on(DUE, stage) for stage in STAGES] == [
        date(2023, 3, 27),
        date(2023, 4, 4),
        date(2023, 4, 11),
        date(2023, 4, 17),
    ]


@pytest.mark.parametrize(
    ("day", "goes"),
    [
        (date(2023, 4, 7), date(2023, 4, 11)),  # Good Friday to the Tuesday after Easter
        (date(2022, 12, 24), date(2022, 12, 28)),  # Christmas on a Sunday: both days move
        (date(2023, 5, 8), date(2023, 5, 9)),  # the Coronation
        (date(2023, 3, 6), date(2023, 3, 6)),
    ],
)
def test_m14_nobody_is_reminded_on_a_weekend_or_bank_holiday(day, goes):
    assert next_working_day(day) == goes


def decided(on, dealt_with=()):
    found = decide(issued_on=ISSUED, due_on=DUE, stages=STAGES, dealt_with=dealt_with, on=on)
    return (found.send.stage.pk if found.send else None, [due.stage.pk for due in found.superseded])


def test_m14_after_an_outage_only_the_latest_goes_and_the_earlier_are_superseded():
    assert decided(date(2023, 4, 12), {1}) == (3, [2])


def test_m14_a_stage_goes_once():
    assert decided(date(2023, 4, 12), {1, 2, 3}) == (None, [])
    assert decided(date(2023, 3, 26)) == (None, [])


def test_a_stage_that_came_before_the_invoice_is_not_sent():
    found = decide(issued_on=date(2023, 4, 1), due_on=DUE, stages=STAGES, dealt_with=(), on=date(2023, 4, 1))
    assert (found.send, [due.stage.pk for due in found.superseded]) == (None, [1])


@given(st.lists(st.dates(ISSUED, date(2023, 6, 1)), max_size=12))
def test_m14_whatever_days_the_worker_runs_each_stage_is_dealt_with_at_most_once(days):
    dealt_with: list[int] = []
    for on in sorted(days):
        send, superseded = decided(on, dealt_with)
        dealt_with += [*superseded, *([send] if send else [])]
    assert len(dealt_with) == len(set(dealt_with))


@pytest.fixture
def invoice(db) -> Invoice:
    make.council()
    make.offer_2022()
    make.rates()
    make.reminder_stages()
    academy = make.academy()
    make.account(academy)
    make.delivery(academy, "SSLC", date(2023, 1, 18))
    return issue(Period(date(2023, 1, 1), date(2023, 1, 31)), on=ISSUED)[0]


def subjects() -> list[str]:
    return list(Dispatch.objects.filter(key__startswith="reminder").order_by("id").values_list("subject", flat=True))


def run_on(*days: date) -> None:
    for day in days:
        remind_of_unpaid_invoices(now=noon(day))


def test_e15_each_stage_goes_once_with_the_pdf_however_often_the_sweep_runs(invoice):
    run_on(*(date(2023, 3, day) for day in (26, 27, 27, 28)), date(2023, 4, 3), date(2023, 4, 4), date(2023, 4, 10))
    run_on(date(2023, 4, 11), date(2023, 4, 17), date(2023, 4, 17))
    assert subjects() == [
        "Invoice SBS2223-00001 is due on 3 April 2023",
        "Invoice SBS2223-00001 was due on 3 April 2023",
        "Second reminder: invoice SBS2223-00001",
        "Final reminder: invoice SBS2223-00001",
    ]
    assert {mail.attachment for mail in Dispatch.objects.all()} == {invoice.document}


def test_e15_after_three_days_without_a_worker_the_latest_stage_goes_once(invoice):
    run_on(date(2023, 4, 12), date(2023, 4, 12))
    assert subjects() == ["Second reminder: invoice SBS2223-00001"]
    assert list(Reminder.objects.order_by("due_on").values_list("outcome", "due_on")) == [
        ("superseded", date(2023, 3, 27)),
        ("superseded", date(2023, 4, 4)),
        ("sent", date(2023, 4, 11)),
    ]


def pay(invoice: Invoice, amount: int, key: str = "k") -> None:
    record_payment(
        invoice,
        amount=amount,
        received_on=ISSUED,
        reference="BACS",
        request_key=key,
        by=make.user("finance"),
        on=ISSUED,
        is_surplus_meant=True,
    )


def test_m14_a_paid_invoice_is_not_reminded_of(invoice):
    pay(invoice, invoice.gross)
    run_on(date(2023, 4, 12))
    assert subjects() == []


def test_m14_reminders_go_on_once_a_payment_is_taken_back(invoice):
    pay(invoice, invoice.gross)
    run_on(date(2023, 3, 27))
    take_back_payment(Payment.objects.get(), why="Another invoice’s", by=make.user("finance"), on=ISSUED)
    run_on(date(2023, 4, 4))
    assert subjects() == ["Invoice SBS2223-00001 was due on 3 April 2023"]


def test_m15_a_part_payment_leaves_the_rest_and_the_reminder_says_so(invoice):
    pay(invoice, 30000)
    run_on(date(2023, 3, 27))
    assert "£30.00 of invoice SBS2223-00001" in Dispatch.objects.get(key__startswith="reminder").body


def test_m15_pressing_twice_records_one_payment_and_more_than_the_balance_is_not_allocated(invoice):
    pay(invoice, 50000)
    pay(invoice, 50000)
    found = Invoice.objects.with_balance().get()
    assert (found.balance, found.account.payments.count(), found.allocations.get().amount) == (0, 1, 33000)


def test_m14_a_paused_account_is_not_reminded(invoice):
    Account.objects.update(is_paused=True, paused_why="Disputed")
    run_on(date(2023, 4, 12))
    assert (subjects(), Reminder.objects.count()) == ([], 0)


def test_a_sweep_with_nothing_due_costs_few_queries(invoice, django_assert_num_queries):
    with django_assert_num_queries(2):
        run_on(date(2023, 3, 20))
