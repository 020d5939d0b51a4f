"""Recording money that came in, and taking back what was entered by mistake (M15)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from billing.models import Account, Allocation, Invoice, Payment, PaymentTakenBack
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.money import pounds
from sidebyside.refusals import Refusal


def record_payment(
    invoice: Invoice,
    *,
    amount: int,
    received_on: date,
    reference: str,
    request_key: str,
    by: User,
    on: date,
    is_surplus_meant: bool = False,
) -> Payment:
    """Record `amount` pence for an invoice: up to its balance is allocated to it, the rest stays with the account.

    The same `request_key` again returns the payment that it made. Raises Refusal for an amount of nought, one above
    the balance unless `is_surplus_meant`, a date in the future or before the invoice, and for a credit note.
    """
    if amount <= 0:
        raise Refusal("Enter an amount above £0.00.", field="amount")
    if invoice.kind != "invoice":
        raise Refusal("A credit note is not paid.")
    _check_day(received_on, invoice, on)
    try:
        with transaction.atomic():
            return _record(invoice, amount, received_on, reference, request_key, by, is_surplus_meant)
    except IntegrityError:
        return _made_before(Payment.objects.get(request_key=request_key), invoice, amount)


def _made_before(payment: Payment, invoice: Invoice, amount: int) -> Payment:
    """What the same form made. Raises Refusal where that was another payment, or has been taken back since."""
    invoices = {allocation.invoice_id for allocation in payment.allocations.all()}
    of = (payment.account_id, payment.amount)
    if of != (invoice.account_id, amount) or (invoices and invoice.pk not in invoices):
        raise Refusal("This form has recorded another payment, and nothing was recorded now. Open it again.")
    if PaymentTakenBack.objects.filter(payment=payment).exists():
        raise Refusal("What this form recorded was taken back since, and nothing was recorded now. Open it again.")
    return payment


def _check_day(received_on: date, invoice: Invoice, on: date) -> None:
    if received_on > on:
        raise Refusal("The money cannot have come in the future. Enter the day on which it came.", field="received_on")
    if received_on < invoice.issued_on:
        raise Refusal(
            f"{invoice.number} was issued on {invoice.issued_on:%-d %B %Y}, so its money cannot have come before. "
            "Enter the day on which it came.",
            field="received_on",
        )


def _record(
    invoice: Invoice,
    amount: int,
    received_on: date,
    reference: str,
    request_key: str,
    by: User,
    is_surplus_meant: bool,
) -> Payment:
    Account.objects.hold(invoice.account_id)
    if made := Payment.objects.filter(request_key=request_key).first():
        return _made_before(made, invoice, amount)
    balance = max(0, Invoice.objects.with_balance().get(pk=invoice.pk).balance)
    if amount > balance and not is_surplus_meant:
        sentence = (
            f"{pounds(amount)} is more than the {pounds(balance)} that is left. Correct the amount, or confirm it."
        )
        raise Refusal(sentence, field="is_surplus_meant")
    payment = Payment.objects.create(
        account_id=invoice.account_id,
        received_on=received_on,
        amount=amount,
        reference=reference,
        request_key=request_key,
        recorded_by=by,
    )
    if balance:
        Allocation.objects.create(payment=payment, invoice=invoice, amount=min(amount, balance))
    record("payment.recorded", payment, by=by, invoice=invoice.number, amount=pounds(amount))
    return payment


@transaction.atomic
def take_back_payment(payment: Payment, *, why: str, by: User, on: date) -> PaymentTakenBack:
    """Let a payment that was entered by mistake count for nothing; its invoice wants money again, and reminds of it.

    Raises Refusal when it has been taken back already.
    """
    Account.objects.hold(payment.account_id)
    if PaymentTakenBack.objects.filter(payment=payment).exists():
        raise Refusal("This payment has been taken back already.")
    taken_back = PaymentTakenBack.objects.create(payment=payment, why=why, taken_back_on=on, taken_back_by=by)
    invoices = sorted(payment.allocations.values_list("invoice__number", flat=True))
    record("payment.taken_back", payment, by=by, why=why, invoices=invoices, amount=pounds(payment.amount))
    return taken_back
