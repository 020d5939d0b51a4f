"""Recording a payment by hand, and taking one back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from billing.actions.payments import record_payment, take_back_payment
from billing.forms import PaymentForm
from billing.models import Invoice, Payment
from sidebyside.accounts.access import requires
from sidebyside.money import decimal_pounds, pounds
from support.forms.deliveries import WhyForm
from support.views.acting import done

TAKING_BACK = (
    "It counts for nothing any more: what it paid is to be paid again, and reminders go on where they stood.",
    "The payment, your name and your reason stay in the record.",
)


@requires("billing.record_payment")
def payment_new(request: HttpRequest, number: str) -> HttpResponse:
    """Record money that came in for an invoice; more than is left is asked about first."""
    today = timezone.localdate()
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user).invoices().with_balance(), number=number)
    initial = {"received_on": today, "amount": decimal_pounds(max(0, invoice.balance))}
    typed = request.POST if request.method == "POST" else None
    form = PaymentForm(typed, request=request, initial=initial, balance=invoice.balance)
    if form.is_valid() and done(form, lambda: record_payment(invoice, **form.cleaned_data, by=request.user, on=today)):
        messages.success(request, f"{pounds(form.cleaned_data['amount'])} recorded for {invoice.number}.")
        return redirect(invoice)
    caption = f"{invoice.number}, {pounds(invoice.balance)} to pay"
    context = {"form": form, "title": "Record a payment", "caption": caption}
    context |= {"button": "Record the payment", "cancel_url": invoice.get_absolute_url()}
    return render(request, "layouts/form.html", context)


@requires("billing.record_payment")
def payment_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a payment that was entered by mistake, for a reason."""
    today = timezone.localdate()
    payment = get_object_or_404(Payment.objects.visible_to(request.user).select_related("account"), pk=pk)
    invoice = Invoice.objects.visible_to(request.user).filter(allocations__payment=payment).first()
    back = (invoice or payment.account).get_absolute_url()
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form, lambda: take_back_payment(payment, **form.cleaned_data, by=request.user, on=today)
    ):
        messages.success(request, f"{pounds(payment.amount)} of {payment.received_on:%-d %B %Y} is taken back.")
        return redirect(back)
    caption = f"{pounds(payment.amount)} of {payment.received_on:%-d %B %Y}, {payment.account}"
    context = {"form": form, "title": "Take back this payment?", "caption": caption, "button": "Take it back"}
    context |= {"consequences": TAKING_BACK, "is_warning": True, "cancel_url": back}
    return render(request, "layouts/confirm.html", context)
