"""What is parked or waits for too long: invoices, statements to home schools and mails, in one query."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from billing.models import RunItem
from reimbursing.models import StatementItem
from sidebyside.mail.models import Dispatch

SHOWN = 100
WAITED_FOR_LONG = timedelta(minutes=10)
INVOICE, MAIL, STATEMENT = "invoice", "mail", "statement"


@dataclass(frozen=True)
class Stuck:
    """One thing: `kind` is invoice, mail or statement; `to` are a mail’s addresses, `run` the run of the others."""

    kind: str
    pk: int
    title: str
    run: int
    to: tuple[str, ...]
    state: str
    problem: str

    @property
    def is_parked(self) -> bool:
        """Whether nothing happens until a person decides; otherwise it goes by itself once the cause is away."""
        return self.state in {RunItem.State.PARKED, Dispatch.State.CHECK, Dispatch.State.FAILED}

    @property
    def state_text(self) -> str:
        """The state in words."""
        states = {INVOICE: RunItem.State, MAIL: Dispatch.State, STATEMENT: StatementItem.State}
        return str(states[self.kind](self.state).label)


def stuck_mails(at: datetime) -> QuerySet[Dispatch]:
    """Mails that a person decides on, and those that wait for too long."""
    return Dispatch.objects.needing_attention() | Dispatch.objects.stuck(at)


def stuck_items(at: datetime) -> QuerySet[RunItem]:
    """Invoices that could not be issued, and those that wait for too long."""
    late = Q(state=RunItem.State.DUE, run__approved_at__lt=at - WAITED_FOR_LONG)
    return RunItem.objects.filter(Q(state=RunItem.State.PARKED) | late)


def stuck_statements(at: datetime) -> QuerySet[StatementItem]:
    """Statements that could not be written, and those that wait for too long."""
    late = Q(state=StatementItem.State.DUE, run__approved_at__lt=at - WAITED_FOR_LONG)
    return StatementItem.objects.filter(Q(state=StatementItem.State.PARKED) | late)


def stuck(*, at: datetime) -> list[Stuck]:
    """Invoices first, then mails and statements, the newest first; one more than is shown when there are more."""
    mails, items = stuck_mails(at), stuck_items(at)
    columns = ("kind", "pk", "title", "in_run", "addresses", "state", "problem")
    found = items.order_by().annotate(
        kind=Value(INVOICE, CharField()), title=F("account__name"), in_run=F("run"), addresses=Value("[]", TextField())
    )
    others = mails.order_by().annotate(
        kind=Value(MAIL, CharField()), title=F("subject"), in_run=Value(0), addresses=Cast("to", TextField())
    )
    statements = (
        stuck_statements(at)
        .order_by()
        .annotate(
            kind=Value(STATEMENT, CharField()),
            title=F("school__name"),
            in_run=F("run"),
            addresses=Value("[]", TextField()),
        )
    )
    parts = [each.values_list(*columns) for each in (found, others, statements)]
    rows = parts[0].union(*parts[1:], all=True).order_by("kind", "-pk")
    return [
        Stuck(kind, pk, title, run, tuple(json.loads(to)), state, problem)
        for kind, pk, title, run, to, state, problem in rows[: SHOWN + 1]
    ]
