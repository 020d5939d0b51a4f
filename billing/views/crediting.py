"""Crediting an invoice: choose, see exactly what would be issued, issue it (M12)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from billing.actions.crediting import credit_invoice
from billing.credit_form import CreditForm
from billing.crediting import open_lines, propose_credit
from billing.models import CreditReason, Invoice
from sidebyside.accounts.access import requires
from sidebyside.money import pounds
from sidebyside.once import fingerprint
from sidebyside.refusals import Refusal


@requires("billing.issue_invoice")
def invoice_credit(request: HttpRequest, number: str) -> HttpResponse:
    """Choose how much of which line is credited, and why; then decide on the credit note as it would be."""
    invoices = Invoice.objects.visible_to(request.user).invoices().with_balance()
    invoice = get_object_or_404(invoices.select_related("account"), number=number)
    if made := _made_before(request):
        return redirect(made)
    lines = open_lines(invoice)
    if not lines:
        messages.info(request, f"Nothing of {invoice.number} is left to be credited.")
        return redirect(invoice)
    form = CreditForm(request.POST if request.method == "POST" else None, request=request, lines=lines)
    if form.is_valid() and "change" not in request.POST and (answer := _decide(request, invoice, form)):
        return answer
    context = {"form": form, "title": "Credit this invoice", "caption": f"{invoice.number}, {pounds(invoice.gross)}"}
    context |= {"button": "Continue", "cancel_url": invoice.get_absolute_url(), "invoice": invoice}
    return render(request, "billing/credit_new.html", context)


def _made_before(request: HttpRequest) -> Invoice | None:
    """What the same form has issued, when it was sent twice: its lines may be credited to the end by now."""
    key = request.POST.get("request_key")
    if not key:
        return None
    wanted = fingerprint(key, request.POST, of=f"{request.path} {request.user.pk}")
    return Invoice.objects.visible_to(request.user).filter(request_key=wanted).first()


def _decide(request: HttpRequest, invoice: Invoice, form: CreditForm) -> HttpResponse | None:
    """The page that shows the credit note to be, or where it was issued; None, and a sentence, when it was refused."""
    said = {name: form.cleaned_data[name] for name in ("reason", "why", "request_key")}
    try:
        if seen := request.POST.get("seen"):
            today = timezone.localdate()
            note = credit_invoice(invoice, half_days=form.half_days, seen=seen, by=request.user, on=today, **said)
            messages.success(request, f"{note.number} is issued: {pounds(note.gross)} off {invoice.number}.")
            return redirect(note)
        proposed = propose_credit(invoice, form.half_days, reason=said["reason"])
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return None
    title = f"Issue a credit note of {pounds(proposed.totals.gross)}?"
    context = {"title": title, "caption": invoice.number, "form": form, "proposed": proposed, "invoice": invoice}
    context |= {"reason": CreditReason(said["reason"]).label, "contacts": invoice.account.contacts.all(), "said": said}
    return render(request, "billing/credit_decide.html", context)
