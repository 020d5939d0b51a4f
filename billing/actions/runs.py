"""Approving an invoice run: what was seen is written down, and nothing else is issued (design, section 3)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db import IntegrityError, transaction

from billing.models import InvoiceRun, RunItem, RunLine
from billing.proposing import Proposal, ProposedInvoice, ProposedLine, propose
from billing.unbilled import is_unbilled
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.poke import poke
from sidebyside.refusals import Refusal
from sidebyside.years import Period
from support.models import Delivery

CHANGED = "Something changed since this page was made. Look at the lines again before you approve them."
TAKEN = "Somebody else has just approved some of these lines. Look at what is left before you approve it."


def approve_run(period: Period, *, digest: str, request_key: str, by: User, on: date) -> InvoiceRun:
    """Write down what `by` saw and approved; the sweep issues it, dated the day on which it does.

    `digest` is the proposal's as it was shown. The same `request_key` again returns the run that it made. Raises
    Refusal when there is nothing to invoice, or when what would be issued is not what was seen.
    """
    try:
        with transaction.atomic():
            return _approve(period, digest, request_key, by, on)
    except IntegrityError:
        if run := InvoiceRun.objects.filter(request_key=request_key, approved_by=by).first():
            return run
        raise Refusal(TAKEN) from None


def _approve(period: Period, digest: str, request_key: str, by: User, on: date) -> InvoiceRun:
    if run := InvoiceRun.objects.filter(request_key=request_key, approved_by=by).first():
        return run
    _hold_still(period)
    proposal = propose(period)
    if proposal.digest != digest:
        raise Refusal(CHANGED)
    if not proposal.invoices:
        raise Refusal("There is nothing to invoice in this period.")
    run = InvoiceRun.objects.create(
        first_day=period.first_day, last_day=period.last_day, request_key=request_key, approved_by=by, approved_on=on
    )
    _write(run, proposal)
    record("run.approved", run, by=by, invoices=len(proposal.invoices), net=proposal.net, held_back=len(proposal.held))
    poke()
    return run


def _hold_still(period: Period) -> None:
    """Nobody withdraws or reprices what is being approved: their change waits, and then finds the line (M1)."""
    in_period = Delivery.objects.confirmed().filter(happens_on__range=(period.first_day, period.last_day))
    unbilled = in_period.filter(is_unbilled()).select_for_update(of=("self",)).order_by("pk")
    list(unbilled.values_list("pk", flat=True))  # the rows are locked by being read


def _write(run: InvoiceRun, proposal: Proposal) -> None:
    items = RunItem.objects.bulk_create(
        RunItem(
            run=run,
            account=invoice.account,
            financial_year_start=invoice.financial_year.start,
            customer=invoice.customer,
            po_number=invoice.account.po_number,
            terms_days=invoice.terms_days,
        )
        for invoice in proposal.invoices
    )
    pairs, turns = zip(items, proposal.invoices, strict=True), _turns(proposal.period)
    lines = (line for item, invoice in pairs for line in _lines(item, invoice, turns))
    RunLine.objects.bulk_create(lines, batch_size=500)


def _turns(period: Period) -> Counter[str]:
    """How often each charge of a period was given up or credited: its next line counts on from there."""
    freed = RunLine.objects.freed().filter(delivered_on__range=(period.first_day, period.last_day))
    return Counter(freed.values_list("source_key", flat=True))


def _lines(item: RunItem, invoice: ProposedInvoice, turns: Counter[str]) -> list[RunLine]:
    return [_line(item, place, line, turns[line.source_key]) for place, line in enumerate(invoice.lines, start=1)]


def _line(item: RunItem, position: int, line: ProposedLine, turn: int) -> RunLine:
    return RunLine(item=item, turn=turn, position=position, delivery=line.delivery, **line.says)
