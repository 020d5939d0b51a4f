"""Reminders: their stages as data, and what became of each for each invoice (M14)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from billing.models.invoices import Invoice
from billing.reminder_words import sentence_about, unknown_words
from sidebyside.guards.models import InsertOnly
from sidebyside.mail.models import Dispatch


class ReminderStage(models.Model):
    """A reminder some days before (below nought) or after the due date, with its own text."""

    name = models.CharField(max_length=60)
    days_after_due = models.SmallIntegerField(unique=True, help_text="−7 is a week before the due date.")
    subject = models.CharField(max_length=160, help_text="May use {number}, {due}, {balance} and {account}.")
    body = models.TextField(help_text="May use {number}, {due}, {balance}, {account} and {council}.")
    is_active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["days_after_due"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a text whose words in braces nobody could fill in: its reminders would not go."""
        texts = {"subject": self.subject, "body": self.body}
        wrong = {name: sentence_about(unknown) for name, text in texts.items() if (unknown := unknown_words(text))}
        if wrong:
            raise ValidationError(wrong)


class Reminder(InsertOnly):
    """That a stage was dealt with for an invoice: sent, or superseded by a later one. Stands once (M14)."""

    class Outcome(models.TextChoices):
        """What became of it."""

        SENT = "sent", "Sent"
        SUPERSEDED = "superseded", "Superseded by a later stage"

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="reminders")
    stage = models.ForeignKey(ReminderStage, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    due_on = models.DateField(help_text="The working day on which the stage fell.")
    made_on = models.DateField()
    dispatch = models.OneToOneField(Dispatch, on_delete=models.PROTECT, null=True, blank=True, related_name="reminder")

    class Meta:
        ordering = ["invoice", "due_on"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "stage"], name="reminder_goes_once_a_stage"),
            models.CheckConstraint(
                condition=Q(outcome="sent", dispatch__isnull=False) | Q(outcome="superseded", dispatch__isnull=True),
                name="reminder_that_is_sent_has_its_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} for {self.invoice}"
