"""Issues what was approved: number, frozen lines, PDF and mail in one transaction each (M10, M11, design section 3)."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.forms.models import model_to_dict
from django.template.loader import render_to_string

from billing.drawing_up import draw_up
from billing.models import Invoice, InvoiceLine, RunItem, RunLine, Series
from billing.models.invoices import DocumentKind
from billing.pdf import render_invoice
from sidebyside.attempts import Work
from sidebyside.audit.actions import record
from sidebyside.council.models import Council
from sidebyside.documents.models import Document
from sidebyside.mail.actions import post
from sidebyside.money import pounds
from sidebyside.years import FinancialYear

log = logging.getLogger(__name__)
State = RunItem.State


def issue_due_items(*, now: datetime) -> int:
    """Issue the items that wait, a batch a sweep; returns how many. Any number of processes may do it at once."""
    return WORK.do_due(now=now)


@transaction.atomic
def issue(pk: int, *, on: date) -> Invoice | None:
    """Issue one approved item, dated the day `on` which it is issued; None when another process has.

    The claim, the number, the lines, the PDF and the mail are one transaction: all of it stands or nothing does.
    """
    if not RunItem.objects.filter(pk=pk, state=State.DUE).update(state=State.DONE, problem=""):
        return None
    item = RunItem.objects.select_related("run__approved_by", "account").get(pk=pk)
    lines = list(item.lines.order_by("position"))
    if not lines:
        raise ValueError("This item was approved without any line.")
    day = max(on, item.run.approved_on)
    year = FinancialYear.containing(day)
    council = Council.current()
    series, sequence = next_number(DocumentKind.INVOICE, year)
    number = f"{council.invoice_prefix}{year.code}-{sequence:05d}"
    paper = draw_up(item, lines, council, number=number, on=no_earlier_than_the_last(day, series, sequence))
    document = Document.keep(f"{paper.number}.pdf", "application/pdf", render_invoice(paper))
    invoice = Invoice.objects.create(
        series=series,
        sequence=sequence,
        number=paper.number,
        account=item.account,
        run_item=item,
        issued_on=paper.issued_on,
        tax_point=paper.tax_point,
        due_on=paper.due_on,
        terms_days=paper.terms_days,
        po_number=paper.po_number,
        supplier=model_to_dict(council, exclude=["id"]),
        customer=item.customer,
        net=paper.net,
        vat=paper.vat,
        gross=paper.gross,
        document=document,
    )
    InvoiceLine.objects.bulk_create(InvoiceLine(invoice=invoice, **line.says()) for line in lines)
    _post(invoice, council)
    record("invoice.issued", invoice, by=item.run.approved_by, number=invoice.number, gross=invoice.gross)
    return invoice


def next_number(kind: str, year: FinancialYear) -> tuple[Series, int]:
    """The next number of a series, from its counter row, in the caller's transaction: no gap and no duplicate (M10)."""
    rows = Series.objects.filter(kind=kind, financial_year_start=year.start)
    if not rows.update(last=F("last") + 1):
        try:
            with transaction.atomic():
                Series.objects.create(kind=kind, financial_year_start=year.start)
        except IntegrityError:
            log.info("another process made the series first", extra={"kind": kind})
        rows.update(last=F("last") + 1)
    series = rows.get()
    return series, series.last


def no_earlier_than_the_last(day: date, series: Series, sequence: int) -> date:
    """Dates rise with numbers: a process that read its clock before midnight may number after one that read it later.

    The series' row is locked by now, so the document with the number before stands.
    """
    last = Invoice.objects.filter(series=series, sequence=sequence - 1).values_list("issued_on", flat=True).first()
    return max(day, last or day)


def _post(invoice: Invoice, council: Council) -> None:
    """Write the mail that takes the invoice to the account's contacts; without a contact there is none."""
    to = [contact.email for contact in invoice.account.contacts.all()]
    if not to:
        return
    words = {"invoice": invoice, "council": council, "gross": pounds(invoice.gross)}
    post(
        f"invoice-{invoice.number}",
        to=to,
        subject=f"Invoice {invoice.number} from {council.name}",
        body=render_to_string("billing/emails/invoice_issued.txt", words),
        attachment=invoice.document,
    )


WORK = Work(RunItem, RunLine, issue, "issue this invoice")
