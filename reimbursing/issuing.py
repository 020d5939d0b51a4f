"""Writes the statements that were approved: number, PDF and mail in one transaction each (M10, M16)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from billing.issuing import next_number
from billing.models import Series
from billing.models.invoices import DocumentKind
from reimbursing.drawing_up import draw_up
from reimbursing.mails import post_statement
from reimbursing.models import Statement, StatementItem, StatementLine
from reimbursing.pdf import render_advice
from sidebyside.attempts import Work
from sidebyside.audit.actions import record
from sidebyside.council.models import Council
from sidebyside.documents.models import Document
from sidebyside.years import FinancialYear

COUNCIL_SAID = ("name", "address", "finance_email", "telephone", "reimbursement_cost_centre")
State = StatementItem.State


def write_due_statements(*, now: datetime) -> int:
    """Write the statements that wait, a batch a sweep; returns how many. Any number of processes may at once."""
    return WORK.do_due(now=now)


@transaction.atomic
def write(pk: int, *, on: date) -> Statement | None:
    """Write one approved statement, dated the day `on` which it is written; None when another process has.

    The claim, the number, the PDF and the mail are one transaction: all of it stands or nothing does.
    """
    if not StatementItem.objects.filter(pk=pk, state=State.DUE).update(state=State.DONE, problem=""):
        return None
    item = StatementItem.objects.select_related("run__approved_by", "school").get(pk=pk)
    lines = list(item.lines.order_by("position"))
    day, council = max(on, item.run.approved_on), Council.current()
    year = FinancialYear.containing(day)
    series, sequence = next_number(DocumentKind.STATEMENT, year)
    number = f"{council.reimbursement_prefix}{year.code}-{sequence:05d}"
    paper = draw_up(item, lines, council, number=number, on=_no_earlier_than_the_last(day, series, sequence))
    statement = Statement.objects.create(
        item=item,
        series=series,
        sequence=sequence,
        number=number,
        school=item.school,
        method=item.method,
        first_day=item.first_day,
        last_day=item.last_day,
        issued_on=paper.issued_on,
        council={name: getattr(council, name) for name in COUNCIL_SAID},
        recipient=item.recipient,
        half_days=paper.half_days,
        total=paper.total,
        document=Document.keep(f"{number}.pdf", "application/pdf", render_advice(paper)),
    )
    post_statement(statement, council)
    record("statement.written", statement, by=item.run.approved_by, school_urn=item.school_id, total=statement.total)
    return statement


def _no_earlier_than_the_last(day: date, series: Series, sequence: int) -> date:
    """Dates rise with numbers. The series' row is locked by now, so the statement with the number before stands."""
    before = Statement.objects.filter(series=series, sequence=sequence - 1)
    return max(day, before.values_list("issued_on", flat=True).first() or day)


WORK = Work(StatementItem, StatementLine, write, "write this statement")
