"""Recording money that came in (M15)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F

from billing.models import Account, Allocation, Invoice, Payment
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.money import pounds
from sidebyside.refusals import Refusal


def record_payment(
    invoice: Invoice, *, amount: int, received_on: date, reference: str, request_key: str, by: User, on: date
) -> Payment:
    """Record `amount` pence for an invoice: up to its balance is allocated to it, the rest stays with the account.

    The same `request_key` again returns the payment that it made. Raises Refusal for an amount of nought, a date in
    the future or before the invoice, and for a credit note.
    """
    if amount <= 0:
        raise Refusal("Enter an amount above £0.00.", field="amount")
    if received_on > on:
        raise Refusal("The money cannot have come in the future. Enter the day on which it came.", field="received_on")
    if invoice.kind != "invoice":
        raise Refusal("A credit note is not paid.")
    try:
        with transaction.atomic():
            return _record(invoice, amount, received_on, reference, request_key, by)
    except IntegrityError:
        return Payment.objects.get(request_key=request_key)


def _record(invoice: Invoice, amount: int, received_on: date, reference: str, request_key: str, by: User) -> Payment:
    # Writing to the account first makes two payments at once wait for each other, on both engines.
    Account.objects.filter(pk=invoice.account_id).update(reference=F("reference"))
    balance = Invoice.objects.with_balance().get(pk=invoice.pk).balance
    payment = Payment.objects.create(
        account_id=invoice.account_id,
        received_on=received_on,
        amount=amount,
        reference=reference,
        request_key=request_key,
        recorded_by=by,
    )
    if balance > 0:
        Allocation.objects.create(payment=payment, invoice=invoice, amount=min(amount, balance))
    record("payment.recorded", payment, by=by, invoice=invoice.number, amount=pounds(amount))
    return payment
