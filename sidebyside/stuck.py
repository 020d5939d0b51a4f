"""What is parked or waits for too long: mails and invoices, in one query."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from billing.models import RunItem
from sidebyside.mail.models import Dispatch

SHOWN = 100
WAITED_FOR_LONG = timedelta(minutes=10)
INVOICE, MAIL = "invoice", "mail"


@dataclass(frozen=True)
class Stuck:
    """One thing: `kind` is invoice or mail, `to` are a mail’s addresses, `run` the run of an invoice."""

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
        states: type[RunItem.State] | type[Dispatch.State] = RunItem.State if self.kind == INVOICE else Dispatch.State
        return str(states(self.state).label)


def stuck_mails(at: datetime) -> QuerySet[Dispatch]:
    """Mails that a person decides on, and those that wait for too long."""
    return Dispatch.objects.needing_attention() | Dispatch.objects.stuck(at)


def stuck_items(at: datetime) -> QuerySet[RunItem]:
    """Invoices that could not be issued, and those that wait for too long."""
    late = Q(state=RunItem.State.DUE, run__approved_at__lt=at - WAITED_FOR_LONG)
    return RunItem.objects.filter(Q(state=RunItem.State.PARKED) | late)


def stuck(*, at: datetime) -> list[Stuck]:
    """Invoices first, then mails, the newest first; one more than is shown when there are more."""
    mails, items = stuck_mails(at), stuck_items(at)
    columns = ("kind", "pk", "title", "in_run", "addresses", "state", "problem")
    found = items.order_by().annotate(
        kind=Value(INVOICE, CharField()), title=F("account__name"), in_run=F("run"), addresses=Value("[]", TextField())
    )
    others = mails.order_by().annotate(
        kind=Value(MAIL, CharField()), title=F("subject"), in_run=Value(0), addresses=Cast("to", TextField())
    )
    rows = found.values_list(*columns).union(others.values_list(*columns), all=True).order_by("kind", "-pk")
    return [
        Stuck(kind, pk, title, run, tuple(json.loads(to)), state, problem)
        for kind, pk, title, run, to, state, problem in rows[: SHOWN + 1]
    ]
