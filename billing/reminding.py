"""Reminds of invoices that nobody has paid: the rule decides, this writes it down and posts the mail (M14)."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.timezone import localdate

from billing.models import Account, Invoice, Reminder, ReminderStage
from billing.models.invoices import InvoiceQuerySet
from billing.reminder_words import fill
from billing.reminders import Decision, DueStage, Stage, decide
from sidebyside.council.models import Council
from sidebyside.mail.actions import post
from sidebyside.mail.models import Dispatch
from sidebyside.money import pounds

log = logging.getLogger(__name__)
Outcome = Reminder.Outcome


def remind_of_unpaid_invoices(*, now: datetime) -> int:
    """Deal with every stage that has come, each invoice in its own transaction; returns how many mails were written."""
    on = localdate(now)
    stages = {stage.pk: stage for stage in ReminderStage.objects.filter(is_active=True)}
    if not stages:
        return 0
    sent = 0
    for invoice in _candidates(stages, on):
        decision = decide(
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            stages=[Stage(stage.pk, stage.days_after_due) for stage in stages.values()],
            dealt_with={reminder.stage_id for reminder in invoice.reminders.all()},
            on=on,
        )
        sent += _try(invoice, decision, stages, now)
    return sent


def _candidates(stages: dict[int, ReminderStage], on: date) -> InvoiceQuerySet:
    """Unpaid invoices with a stage that may have come and was not dealt with; accounts that are paused wait."""
    first = min(stage.days_after_due for stage in stages.values())
    reached = Q(due_on__lte=on - timedelta(days=first))
    counted = Count("reminders", filter=Q(reminders__stage__in=stages), distinct=True)
    waiting = Invoice.objects.unpaid().filter(reached, account__is_paused=False).annotate(dealt_with=counted)
    return (
        waiting.filter(dealt_with__lt=len(stages))
        .select_related("account", "document")
        .prefetch_related("reminders", "account__contacts")
    )


def _try(invoice: Invoice, decision: Decision, stages: dict[int, ReminderStage], now: datetime) -> int:
    """Carry out one invoice's decision; what goes wrong with it stops no other, and is shown under Needs attention."""
    try:
        return _carry_out(invoice, decision, stages, localdate(now))
    except Exception as problem:
        log.exception("a reminder could not be written", extra={"invoice": invoice.pk})
        stage = stages[decision.send.stage.pk] if decision.send else None
        Dispatch.objects.get_or_create(
            key=_trouble(invoice, stage),
            defaults={
                "state": Dispatch.State.FAILED,
                "to": [contact.email for contact in invoice.account.contacts.all()],
                "subject": f"Reminder of invoice {invoice.number}: {stage}",
                "problem": str(problem),
            },
        )
        return 0


def _trouble(invoice: Invoice, stage: ReminderStage | None) -> str:
    """The key of the row that says why a reminder could not be written."""
    return f"reminder-{invoice.number}-{stage.pk if stage else 'superseded'}-trouble"


def _carry_out(invoice: Invoice, decision: Decision, stages: dict[int, ReminderStage], on: date) -> int:
    """Write one invoice's decision; a stage that another process wrote first makes this one write nothing."""
    to = [contact.email for contact in invoice.account.contacts.all()]
    send = decision.send if to else None
    if not send and not decision.superseded:
        return 0
    try:
        with transaction.atomic():
            if not _still_wants_money(invoice):
                return 0
            Reminder.objects.bulk_create(_superseded(invoice, due, on) for due in decision.superseded)
            if send:
                _send(invoice, send, stages[send.stage.pk], to, on)
    except IntegrityError:
        return 0
    return int(send is not None)


def _still_wants_money(invoice: Invoice) -> bool:
    """Whether nobody has paid or credited it or paused its account since the sweep began; who does so now waits."""
    Account.objects.hold(invoice.account_id)
    return Invoice.objects.unpaid().filter(pk=invoice.pk, account__is_paused=False).exists()


def _superseded(invoice: Invoice, due: DueStage, on: date) -> Reminder:
    return Reminder(invoice=invoice, stage_id=due.stage.pk, outcome=Outcome.SUPERSEDED, due_on=due.falls_on, made_on=on)


def _send(invoice: Invoice, due: DueStage, stage: ReminderStage, to: list[str], on: date) -> None:
    words = {
        "number": invoice.number,
        "due": f"{invoice.due_on:%-d %B %Y}",
        "balance": pounds(invoice.balance),
        "account": invoice.customer["name"],
        "council": Council.current().name,
    }
    dispatch = post(
        f"reminder-{invoice.number}-{stage.pk}",
        to=to,
        subject=fill(stage.subject, words),
        body=fill(stage.body, words),
        attachment=invoice.document,
    )
    Reminder.objects.create(
        invoice=invoice, stage=stage, outcome=Outcome.SENT, due_on=due.falls_on, made_on=on, dispatch=dispatch
    )
    earlier = Dispatch.objects.needing_attention().filter(key=_trouble(invoice, stage))
    earlier.update(resolved_at=dispatch.created_at, resolved_why="Its cause was put right, and it went.")
