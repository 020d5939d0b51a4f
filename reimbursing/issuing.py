"""Writes the statements that were approved: number, PDF and mail in one transaction each (M10, M16)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate

from django.db import transaction
from django.db.models import Count, Q
from django.utils.timezone import localdate

from billing.issuing import next_number
from billing.models import Series
from billing.models.invoices import DocumentKind
from reimbursing.drawing_up import draw_up
from reimbursing.mails import post_statement
from reimbursing.models import Statement, StatementItem, StatementLine
from reimbursing.pdf import render_advice
from sidebyside.audit.actions import record
from sidebyside.council.models import Council
from sidebyside.documents.models import Document
from sidebyside.poke import poke
from sidebyside.years import FinancialYear

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 5
BATCH = 50
MOST_LINES = 1000  # of a sweep, as of invoices: Celery ends one that takes half a minute
ABANDONED_AFTER = timedelta(minutes=2)
COUNCIL_SAID = ("name", "address", "finance_email", "telephone", "reimbursement_cost_centre")
State = StatementItem.State


def write_due_statements(*, now: datetime) -> int:
    """Write the statements that wait, a batch a sweep; returns how many. Any number of processes may at once."""
    _park_what_kills(now)
    waiting = list(StatementItem.objects.due().filter(attempts__lt=MAX_ATTEMPTS).values_list("pk", "attempts")[:BATCH])
    due = waiting[: _how_many_fit([pk for pk, _ in waiting])]
    written = sum(_attempt(pk, attempts, now) for pk, attempts in due)
    if len(waiting) == BATCH or len(due) < len(waiting):
        poke()
    return written


def _how_many_fit(items: Sequence[int]) -> int:
    """How many of these, from the first on, one sweep has the time for: at least one, however long it is."""
    lines = StatementLine.objects.filter(item__in=items).order_by().values_list("item")
    sizes = dict(lines.annotate(Count("pk")))
    reached = list(accumulate(sizes.get(item, 0) for item in items))
    return max(1, sum(size <= MOST_LINES for size in reached))


def _park_what_kills(now: datetime) -> None:
    """An item whose attempts ended with the process, five times, waits for a person."""
    spent = StatementItem.objects.due().filter(attempts__gte=MAX_ATTEMPTS)
    abandoned = spent.filter(Q(attempted_at__lt=now - ABANDONED_AFTER) | Q(attempted_at__isnull=True))
    abandoned.update(state=State.PARKED, problem="The portal stopped each time it tried to write this statement.")


def _attempt(pk: int, attempts: int, now: datetime) -> int:
    """Count the attempt first, by compare-and-set: of several processes one goes on, and a crash is remembered."""
    counted = StatementItem.objects.filter(pk=pk, state=State.DUE, attempts=attempts)
    if not counted.update(attempts=attempts + 1, attempted_at=now):
        return 0
    try:
        return int(write(pk, on=localdate(now)) is not None)
    except Exception as problem:
        log.exception("a statement could not be written", extra={"statement_item": pk})
        state = State.PARKED if attempts + 1 >= MAX_ATTEMPTS else State.DUE
        said = f"{type(problem).__name__}: {problem}"
        StatementItem.objects.filter(pk=pk, state=State.DUE).update(state=state, problem=said)
        return 0


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
