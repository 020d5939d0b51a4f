"""What the database never lets be false about money: each constraint refuses what it is named for."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from billing.models import (
    Account,
    AccountContact,
    Allocation,
    BrokerageRate,
    ChargeBand,
    Invoice,
    InvoiceLine,
    InvoiceRun,
    Payment,
    PaymentTakenBack,
    Reminder,
    ReminderStage,
    RunItem,
    RunLine,
    Series,
    VatRate,
)
from sidebyside.documents.models import Document
from tests import make
from tests.billing.cases import issue
from tests.refused import constraints_of, copy_of, refused_by

pytestmark = pytest.mark.django_db
DAY, BEFORE = date(2023, 9, 4), date(2023, 9, 3)


@pytest.fixture
def invoice() -> Invoice:
    """One issued invoice, with its run, its line and a reminder stage."""
    make.council()
    make.offer_2022()
    make.rates()
    make.reminder_stages()
    academy = make.academy()
    make.account(academy)
    make.delivery(academy, "SSLC")
    return issue(on=DAY)[0]


def second(invoice: Invoice, **rest):
    """An invoice that differs from the first in everything that stands once."""
    values = {"number": "SBS2324-00002", "sequence": 2, "run_item_id": None}
    values["document_id"] = Document.keep("b.pdf", "application/pdf", b"b").pk
    return Invoice, copy_of(invoice, **values | rest)


def credit_note(invoice, **rest):
    """A credit note of the first one."""
    values = {"kind": "credit note", "refers_to_id": invoice.pk, "credit_reason": "other", "credit_why": "A mistake"}
    return second(invoice, **values | rest)


def second_credit_note(invoice):
    model, values = credit_note(invoice, request_key="form")
    model.objects.create(**values)
    document = Document.keep("c.pdf", "application/pdf", b"c").pk
    return model, values | {"number": "SBC2324-00003", "sequence": 3, "document_id": document}


def credit_line(invoice, **rest):
    """A line of a credit note of the first one."""
    model, values = credit_note(invoice)
    note, line = model.objects.create(**values), invoice.lines.get()
    of = {"invoice_id": note.pk, "refers_to_id": line.pk, "part": 1, "position": 1}
    return InvoiceLine, copy_of(line, **of | rest)


def second_credit_line(invoice, **rest):
    model, values = credit_line(invoice, is_rest=True)
    model.objects.create(**values)
    return model, values | {"position": 2, "source_key": "other"} | rest


def account(invoice, **rest):
    values = {"reference": "B1", "name": "Mill Lane", "address": "Mill Lane", "school": make.academy()}
    return Account, values | rest


def payment(invoice, **rest):
    values = {"account": invoice.account, "received_on": DAY, "amount": 100, "request_key": "p"}
    return Payment, values | {"recorded_by": make.user("finance")} | rest


def allocation(invoice):
    model, values = payment(invoice)
    return Allocation, {"payment": model.objects.create(**values), "invoice": invoice, "amount": 0}


def taken_back(invoice):
    model, values = payment(invoice)
    made = model.objects.create(**values)
    return PaymentTakenBack, {"payment": made, "why": "", "taken_back_on": DAY, "taken_back_by": make.user("finance")}


def reminder(invoice, **rest):
    values = {"invoice": invoice, "stage": ReminderStage.objects.first(), "due_on": DAY, "made_on": DAY}
    return Reminder, values | {"outcome": "superseded"} | rest


def second_reminder(invoice):
    model, values = reminder(invoice)
    model.objects.create(**values)
    return model, values


def run(invoice, **rest):
    values = {"first_day": DAY, "last_day": DAY, "request_key": "r", "approved_on": DAY}
    return InvoiceRun, values | {"approved_by": make.user("finance")} | rest


def other_item(invoice) -> RunItem:
    return RunItem.objects.create(**copy_of(invoice.run_item, financial_year_start=2030))


def item(invoice, **rest):
    return RunItem, copy_of(invoice.run_item, **rest)


def run_line(invoice, **rest):
    return RunLine, copy_of(RunLine.objects.get(), **{"source_key": "other", "position": 2} | rest)


def source_key() -> str:
    return RunLine.objects.get().source_key


def rate(model, **rest):
    return lambda invoice: (model, {"starts_on": date(2030, 4, 1), "percent": Decimal(50)} | rest)


def twice(model, **rest):
    def build(invoice):
        values = {"starts_on": date(2030, 4, 1), "percent": Decimal(50)} | rest
        model.objects.create(**values)
        return model, values

    return build


def second_contact(invoice):
    return AccountContact, {"account": invoice.account, "email": invoice.account.contacts.get().email}


OTHER = {"source_key": "other", "position": 2, "half_days": 2}
STANDARD = VatRate.Treatment.STANDARD
REFUSED = [
    ("account_is_of_a_school_or_a_trust", lambda invoice: account(invoice, school=None)),
    ("account_is_of_a_school_or_a_trust", lambda invoice: account(invoice, trust=make.trust())),
    ("account_is_paused_for_a_reason", lambda invoice: account(invoice, is_paused=True)),
    ("account_has_a_contact_once", second_contact),
    ("chargeband_is_from_0_to_100", rate(ChargeBand, percent=Decimal("100.01"))),
    ("brokeragerate_is_from_0_to_100", rate(BrokerageRate, percent=Decimal("-0.01"))),
    ("vatrate_is_from_0_to_100", rate(VatRate, treatment=STANDARD, percent=Decimal("100.01"))),
    ("charge_band_starts_once", twice(ChargeBand)),
    ("brokerage_rate_starts_once", twice(BrokerageRate)),
    ("vat_rate_starts_once", twice(VatRate, treatment=STANDARD)),
    ("vat_treatment_is_known", rate(VatRate, treatment="reduced")),
    ("series_stands_once", lambda invoice: (Series, copy_of(invoice.series))),
    ("series_kind_is_known", lambda invoice: (Series, {"kind": "receipt", "financial_year_start": 2030})),
    ("invoice_number_stands_once", lambda invoice: second(invoice, sequence=invoice.sequence)),
    ("invoice_gross_is_net_and_vat", lambda invoice: second(invoice, gross=invoice.gross + 1)),
    ("invoice_is_due_after_issue", lambda invoice: second(invoice, due_on=invoice.issued_on - timedelta(days=1))),
    ("credit_note_refers_to_an_invoice", lambda invoice: credit_note(invoice, refers_to_id=None)),
    ("credit_note_refers_to_an_invoice", lambda invoice: second(invoice, refers_to_id=invoice.pk)),
    ("credit_note_comes_from_no_run", lambda invoice: credit_note(invoice, run_item_id=other_item(invoice).pk)),
    ("credit_note_says_why", lambda invoice: credit_note(invoice, credit_why="")),
    ("credit_note_says_why", lambda invoice: credit_note(invoice, credit_reason="bad luck")),
    ("credit_note_says_why", lambda invoice: second(invoice, credit_why="A mistake")),
    ("credit_note_is_issued_once_by_a_form", second_credit_note),
    ("invoice_line_bills_a_charge_once", lambda invoice: (InvoiceLine, copy_of(invoice.lines.get(), position=2))),
    ("credit_line_is_a_part_of_a_line", lambda invoice: credit_line(invoice, part=0)),
    ("credit_line_is_a_part_of_a_line", lambda invoice: credit_line(invoice, refers_to_id=None)),
    ("credit_line_has_its_part_alone", lambda invoice: second_credit_line(invoice, is_rest=False)),
    ("invoice_line_is_credited_to_the_end_once", lambda invoice: second_credit_line(invoice, part=2)),
    ("invoice_line_has_its_position", lambda invoice: (InvoiceLine, copy_of(invoice.lines.get(), source_key="other"))),
    ("runline_counts_its_unit", lambda invoice: run_line(invoice, unit="days", half_days=0)),
    (
        "invoiceline_counts_its_unit",
        lambda invoice: (InvoiceLine, copy_of(invoice.lines.get(), **OTHER, unit="places")),
    ),
    ("payment_is_above_nought", lambda invoice: payment(invoice, amount=0)),
    ("allocation_is_above_nought", allocation),
    ("payment_is_taken_back_for_a_reason", taken_back),
    ("reminder_goes_once_a_stage", second_reminder),
    ("reminder_that_is_sent_has_its_mail", lambda invoice: reminder(invoice, outcome="sent")),
    ("run_ends_after_it_begins", lambda invoice: run(invoice, last_day=BEFORE)),
    ("run_has_one_invoice_an_account_and_year", item),
    ("run_item_state_is_known", lambda invoice: item(invoice, state="lost", financial_year_start=2030)),
    ("run_item_is_given_up_for_a_reason", lambda invoice: item(invoice, state="given up", financial_year_start=2030)),
    ("run_line_takes_a_charge_once_a_turn", lambda invoice: run_line(invoice, source_key=source_key())),
    ("run_line_has_its_position", lambda invoice: run_line(invoice, position=1)),
    ("run_line_charges_something", lambda invoice: run_line(invoice, net=0)),
]


@pytest.mark.parametrize(("constraint", "wrong"), REFUSED)
def test_the_database_refuses_what_is_false(invoice, constraint, wrong):
    model, values = wrong(invoice)
    assert refused_by(model, **values) == constraint


def test_every_constraint_of_billing_is_proven():
    assert constraints_of("billing") == {constraint for constraint, _ in REFUSED}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("number", lambda invoice: second(invoice, number=invoice.number)),
        ("document_id", lambda invoice: second(invoice, document_id=invoice.document_id)),
        ("run_item_id", lambda invoice: second(invoice, run_item_id=invoice.run_item_id)),
        ("request_key", lambda invoice: run(invoice, request_key=invoice.run_item.run.request_key)),
        ("reference", lambda invoice: account(invoice, reference=invoice.account.reference)),
        ("school_id", lambda invoice: account(invoice, school=invoice.account.school)),
        ("days_after_due", lambda invoice: (ReminderStage, copy_of(ReminderStage.objects.first()))),
    ],
)
def test_what_names_a_thing_stands_once(invoice, field, wrong):
    model, values = wrong(invoice)
    with pytest.raises(IntegrityError, match=field), transaction.atomic():
        model.objects.create(**values)


@pytest.mark.parametrize("field", ["subject", "body"])
def test_m14_a_text_with_a_word_that_nobody_can_fill_in_is_refused(field):
    stage = ReminderStage(name="Third", days_after_due=21, subject="{number}", body="Dear {account}, {{due}}")
    stage.full_clean()
    setattr(stage, field, "Invoice {numbr} of {due.year}")
    with pytest.raises(ValidationError) as refused:
        stage.full_clean()
    sentence = "{numbr}, {due.year} means nothing here. Use only {number}, {due}, {balance}, {account}, {council}."
    assert refused.value.message_dict == {field: [sentence]}
