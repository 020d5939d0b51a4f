"""Invoices: the list, one of them, its PDF, and many PDFs at once."""

from __future__ import annotations

import zipfile
from tempfile import TemporaryFile
from typing import IO

from django.contrib import messages
from django.db.models import Sum
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from billing.filters import chosen_invoices
from billing.models import DocumentKind, Invoice, Payment
from billing.payers import pays_by_journal
from sidebyside.accounts.access import requires
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.documents.models import Document
from sidebyside.paging import page_of

ZIP_LIMIT = 1000
NONE_YET = "No invoice has been issued yet."
BY_JOURNAL = "Maintained schools pay by journal: no invoice is made out to your school."


@requires("billing.view_invoice")
def invoice_list(request: HttpRequest) -> HttpResponse:
    """The invoices that a person may see, fifty at a time."""
    today = timezone.localdate()
    chosen, invoices = chosen_invoices(request.GET, request.user, on=today)
    context = {
        "title": "Invoices",
        "page": page_of(invoices, request),
        "filter": chosen,
        "today": today,
        "noun": "document",
        "export_url": reverse("document_export"),
        "empty_text": BY_JOURNAL if pays_by_journal(request.user) else NONE_YET,
    }
    return render(request, "billing/invoice_list.html", context)


@requires("billing.view_invoice")
def invoice_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One invoice or credit note: what it says, what was credited and paid, what was sent."""
    invoices = Invoice.objects.visible_to(request.user).with_balance().defer("document__content")
    invoice = get_object_or_404(invoices.select_related("account", "document", "refers_to"), number=number)
    context = {
        "title": invoice.number,
        "caption": invoice.get_kind_display(),
        "back_url": reverse("invoice_list"),
        "back_text": "Back to invoices",
        "invoice": invoice,
        "lines": invoice.lines.annotate(credited=Sum("credit_lines__net", default=0)),
        "credit_notes": invoice.credit_notes.order_by("pk"),
        "may_be_credited": invoice.kind == DocumentKind.INVOICE and invoice.credited < invoice.gross,
        "payments": Payment.objects.for_invoice(invoice).select_related("taken_back"),
        "reminders": invoice.reminders.select_related("stage", "dispatch"),
        "today": timezone.localdate(),
    }
    return render(request, "billing/invoice_detail.html", context)


@requires("billing.view_invoice")
def invoice_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The PDF as it was issued, byte for byte; damaged bytes are refused by an error, never served (M11)."""
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user).select_related("document"), number=number)
    response = HttpResponse(invoice.document.read(), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{invoice.number}.pdf"'
    return response


@requires("billing.view_invoice")
def invoice_zip(request: HttpRequest) -> FileResponse | HttpResponse:
    """The PDFs of the ticked invoices, or of the whole selection when none is ticked, in one file."""
    _, invoices = chosen_invoices(request.GET, request.user, on=timezone.localdate())
    if numbers := [number for number in request.GET.getlist("number") if number.isprintable()]:
        invoices = Invoice.objects.visible_to(request.user).filter(number__in=numbers)
    documents = list(invoices.values_list("document", flat=True)[: ZIP_LIMIT + 1])
    if not documents or len(documents) > ZIP_LIMIT:
        messages.info(request, f"A zip holds from 1 to {ZIP_LIMIT:,} invoices. Narrow the list and try again.")
        return redirect("invoice_list")
    filename = f"invoices-{timezone.localdate()}.zip"
    return FileResponse(_zip(documents, request.user), as_attachment=True, filename=filename)


def _zip(documents: list[int], by: User) -> IO[bytes]:
    """A temporary file with these PDFs; one document is in memory at a time."""
    file = TemporaryFile()  # noqa: SIM115 - the response closes it when it has been sent
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for document in Document.objects.filter(pk__in=documents).order_by("name").iterator(chunk_size=20):
            archive.writestr(document.name, document.read())
    file.seek(0)
    record("invoices.downloaded", by, by=by, count=len(documents))
    return file
