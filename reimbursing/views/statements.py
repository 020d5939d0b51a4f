"""Statements: the list, one of them, its PDF, and all lines as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from reimbursing.filters import chosen_statements
from reimbursing.models import Statement, StatementLine
from sidebyside.accounts.access import requires
from sidebyside.csv import csv_response
from sidebyside.days import days_cell
from sidebyside.money import decimal_pounds
from sidebyside.paging import page_of

HEADINGS = [
    *("statement", "date", "home_urn", "home_school", "champion", "type", "delivered_on", "supported_urn"),
    *("supported_school", "days", "day_rate", "amount", "reason"),
]


@requires("reimbursing.view_statement")
def statement_list(request: HttpRequest) -> HttpResponse:
    """The statements that a person may see: finance all, a head those of the own school."""
    chosen, statements = chosen_statements(request.GET, request.user)
    is_staff = request.user.may("schools.view_all")
    context = {
        "title": "Reimbursements" if is_staff else "What your school gets for its champions",
        "filter": chosen,
        "page": page_of(statements, request),
        "noun": "statement",
        "export_url": reverse("statement_line_export"),
        "is_staff": is_staff,
        "empty_text": "There is no statement yet.",
    }
    return render(request, "reimbursing/statement_list.html", context)


@requires("reimbursing.view_statement")
def statement_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One statement: each line and why, how it is paid, and where that stands."""
    statements = Statement.objects.visible_to(request.user).with_progress().defer("document__content")
    statement = get_object_or_404(
        statements.select_related("school__payee", "document", "ledger_entry__file"), number=number
    )
    context = {
        "title": statement.number,
        "caption": "Remittance advice" if statement.method == "bank" else "Statement of reimbursement",
        "back_url": reverse("statement_list"),
        "back_text": "Back to reimbursements",
        "statement": statement,
        "lines": statement.lines,
    }
    return render(request, "reimbursing/statement_detail.html", context)


@requires("reimbursing.view_statement")
def statement_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The PDF as it was written, byte for byte (M11)."""
    statements = Statement.objects.visible_to(request.user).select_related("document")
    statement = get_object_or_404(statements, number=number)
    response = HttpResponse(statement.document.read(), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{statement.number}.pdf"'
    return response


@requires("reimbursing.view_statement")
def statement_line_export(request: HttpRequest) -> StreamingHttpResponse:
    """Each line of the selected statements, with its rate and its reason."""
    _, statements = chosen_statements(request.GET, request.user)
    lines = StatementLine.objects.filter(item__statement__in=statements.order_by().values("pk"))
    ordered = lines.order_by("item__statement__series", "item__statement__sequence", "position")
    return csv_response("reimbursement-lines.csv", HEADINGS, cells(ordered))


def cells(lines: QuerySet[StatementLine]) -> Iterator[tuple[Any, ...]]:
    """A row for each line; money in pounds, days in steps of 0.5."""
    columns = ("item__statement__number", "item__statement__issued_on", "item__school", "item__school__name")
    columns += ("champion_name", "champion_type", "delivered_on", "supported", "supported_name")
    for row in lines.values_list(*columns, "half_days", "rate", "amount", "reason").iterator():
        *start, half_days, rate, amount, reason = row
        yield (*start, Decimal(days_cell(half_days)), decimal_pounds(rate), decimal_pounds(amount), reason)
