"""Mail as rows: written with its cause, sent by the sweep, never twice by itself and never silently lost (design 3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from sidebyside.accounts.models import User
from sidebyside.documents.models import Document

# How long a mail waits after its first, second … refusal: a server that is busy or greylists needs hours, not minutes.
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))
MAX_ATTEMPTS = len(WAITS) + 1
STUCK_AFTER = timedelta(hours=1)


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    """The mails …"""

    def visible_to(self, user: User) -> DispatchQuerySet:
        """… that a person may read: those who attend to the mail all, everybody else what was sent to them (A1)."""
        return self if user.may("attention.view") else self.filter(to__icontains=f'"{user.email}"')

    def due(self, at: datetime) -> DispatchQuerySet:
        """… that wait to be sent, and have waited long enough since they were last refused."""
        rested = Q(attempts=0)
        for attempts, wait in enumerate(WAITS, start=1):
            rested |= Q(attempts=attempts, claimed_at__lte=at - wait)
        return self.filter(rested, state=Dispatch.State.DUE).order_by("id")

    def stuck(self, at: datetime) -> DispatchQuerySet:
        """… that have waited for long without an attempt: the mail server is away, or nothing sweeps."""
        return self.filter(state=Dispatch.State.DUE, attempts=0, created_at__lt=at - STUCK_AFTER)

    def needing_attention(self) -> DispatchQuerySet:
        """… that a person must look at: refused for good, or sent perhaps."""
        return self.filter(state__in=[Dispatch.State.CHECK, Dispatch.State.FAILED], resolved_at__isnull=True)


class Dispatch(models.Model):
    """One mail. `key` makes a second one for the same cause impossible."""

    class State(models.TextChoices):
        """due → sending → sent; `check` when nobody knows whether it went; `failed` when it was refused."""

        DUE = "due", "Waiting to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        CHECK = "check", "Check whether it was sent"
        FAILED = "failed", "Not sent"

    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    to = models.JSONField(help_text="The addresses, a list.")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    attachment = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True, help_text="When a person dealt with it.")
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_why = models.CharField(max_length=200, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["id"], name="dispatch_open", condition=~Q(state="sent"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["due", "sending", "sent", "check", "failed"]), name="dispatch_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="dispatch_is_sent_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.subject
