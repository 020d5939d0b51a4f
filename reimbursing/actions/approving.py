"""Approving statements: what was seen is written down, and nothing else is sent (M16)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from reimbursing.models import StatementItem, StatementLine, StatementRun
from reimbursing.proposing import Proposal, propose
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.poke import poke
from sidebyside.refusals import Refusal
from sidebyside.years import Period

CHANGED = "Something changed since this page was made. Look at the lines again before you approve them."
TAKEN = "Somebody else has just approved some of these lines. Look at what is left before you approve it."


def approve_statements(period: Period, *, digest: str, request_key: str, by: User, on: date) -> StatementRun:
    """Write down what `by` saw and approved; the sweep makes the statements, dated the day on which it does.

    `digest` is the proposal's as it was shown. The same `request_key` again returns the run that it made. Raises
    Refusal when nothing is owed, or when what would be stated is not what was seen.
    """
    try:
        with transaction.atomic():
            return _approve(period, digest, request_key, by, on)
    except IntegrityError:
        if run := StatementRun.objects.filter(request_key=request_key, approved_by=by).first():
            return run
        raise Refusal(TAKEN) from None


def _approve(period: Period, digest: str, request_key: str, by: User, on: date) -> StatementRun:
    if run := StatementRun.objects.filter(request_key=request_key, approved_by=by).first():
        return run
    proposal = propose(period)
    if proposal.digest != digest:
        raise Refusal(CHANGED)
    if not proposal.statements:
        raise Refusal("Nothing is owed for this period that is on no statement yet.")
    run = StatementRun.objects.create(
        first_day=period.first_day, last_day=period.last_day, request_key=request_key, approved_by=by, approved_on=on
    )
    _write(run, proposal)
    statements, held_back = len(proposal.statements), len(proposal.held)
    record("statements.approved", run, by=by, statements=statements, total=proposal.total, held_back=held_back)
    poke()
    return run


def _write(run: StatementRun, proposal: Proposal) -> None:
    items = StatementItem.objects.bulk_create(
        StatementItem(
            run=run,
            school=statement.school,
            first_day=statement.period.first_day,
            last_day=statement.period.last_day,
            method=statement.method,
            recipient=statement.recipient,
        )
        for statement in proposal.statements
    )
    pairs = zip(items, proposal.statements, strict=True)
    lines = (
        StatementLine(item=item, position=place, **line.says)
        for item, statement in pairs
        for place, line in enumerate(statement.lines, start=1)
    )
    StatementLine.objects.bulk_create(lines, batch_size=500)
