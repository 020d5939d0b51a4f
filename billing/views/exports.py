"""Invoices as spreadsheets, for the ledger and for checking."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from billing.filters import chosen_invoices
from billing.models import Invoice, InvoiceLine
from sidebyside.accounts.access import requires
from sidebyside.csv import csv_response
from sidebyside.days import days_cell
from sidebyside.money import decimal_pounds

LINE_HEADINGS = [
    *("invoice", "kind", "issued_on", "account", "urn", "school", "delivered_on", "service", "days", "day_rate"),
    *("charge_percent", "net", "vat_percent", "reason", "credits"),
]
DOCUMENT_HEADINGS = [
    *("invoice", "kind", "issued_on", "due_on", "account", "net", "vat", "gross", "balance", "sha256", "credits"),
]


@requires("billing.view_invoice")
def line_export(request: HttpRequest) -> StreamingHttpResponse:
    """Each line of the selected invoices: what was charged, at which rate and band, and why."""
    _, invoices = chosen_invoices(request.GET, request.user, on=timezone.localdate())
    lines = InvoiceLine.objects.filter(invoice__in=invoices.order_by().values("pk"))
    ordered = lines.order_by("invoice__series", "invoice__sequence", "position")
    return csv_response("invoice-lines.csv", LINE_HEADINGS, line_cells(ordered))


@requires("billing.view_invoice")
def document_export(request: HttpRequest) -> StreamingHttpResponse:
    """Each selected invoice: its totals, what is left to pay, and the hash of its PDF."""
    _, invoices = chosen_invoices(request.GET, request.user, on=timezone.localdate())
    return csv_response("invoices.csv", DOCUMENT_HEADINGS, document_cells(invoices))


def line_cells(lines: QuerySet[InvoiceLine]) -> Iterator[tuple[Any, ...]]:
    """A row for each line; money in pounds, days in steps of 0.5. A credit note's amounts are what it takes off."""
    columns = ("invoice__number", "invoice__kind", "invoice__issued_on", "invoice__account__name", "school_id")
    columns += ("school_name", "delivered_on", "service_code", "half_days", "day_rate", "charge_percent", "net")
    for row in lines.values_list(*columns, "vat_percent", "reason", "invoice__refers_to__number").iterator():
        *start, half_days, day_rate, charge_percent, net, vat_percent, reason, of = row
        rate = None if day_rate is None else decimal_pounds(day_rate)
        days = Decimal(days_cell(half_days))
        yield (*start, days, rate, plain(charge_percent), decimal_pounds(net), plain(vat_percent), reason, of)


def document_cells(invoices: QuerySet[Invoice]) -> Iterator[tuple[Any, ...]]:
    """A row for each invoice or credit note, with the invoice that this credits; money in pounds."""
    columns = ("number", "kind", "issued_on", "due_on", "account__name", "net", "vat", "gross", "balance")
    for row in invoices.values_list(*columns, "document__sha256", "refers_to__number").iterator():
        *start, net, vat, gross, balance, sha256, of = row
        yield (*start, *(decimal_pounds(amount) for amount in (net, vat, gross, balance)), sha256, of)


def plain(percent: Decimal) -> Decimal:
    """A percentage without trailing noughts: 50, 17.5."""
    return Decimal(f"{percent.normalize():f}")
