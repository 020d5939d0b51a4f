"""Recording a payment by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from billing.actions.payments import record_payment
from billing.forms import PaymentForm
from billing.models import Invoice
from sidebyside.accounts.access import requires
from sidebyside.money import decimal_pounds, pounds
from sidebyside.refusals import Refusal


@requires("billing.record_payment")
def payment_new(request: HttpRequest, number: str) -> HttpResponse:
    """Record money that came in for an invoice."""
    today = timezone.localdate()
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user).invoices().with_balance(), number=number)
    initial = {"received_on": today, "amount": decimal_pounds(max(0, invoice.balance))}
    form = PaymentForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            payment = record_payment(invoice, **form.cleaned_data, by=request.user, on=today)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, f"{pounds(payment.amount)} recorded for {invoice.number}.")
            return redirect(invoice)
    caption = f"{invoice.number}, {pounds(invoice.balance)} to pay"
    context = {"form": form, "title": "Record a payment", "caption": caption}
    context |= {"button": "Record the payment", "cancel_url": invoice.get_absolute_url()}
    return render(request, "layouts/form.html", context)
