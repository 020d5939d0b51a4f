"""The private addresses under which people read their calendars elsewhere."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q


class CalendarAddress(models.Model):
    """One person's private calendar address. Of the token in it only the hash is kept: nobody can read it again.

    `fingerprint` names what the calendar said when it was last read, and `changed_at` since when it says that: so that
    whoever asks again is told that nothing is new.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_address")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True, help_text="When a calendar last asked for it.")
    fingerprint = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "calendar addresses"
        constraints = [
            models.CheckConstraint(condition=~Q(digest=""), name="calendar_address_has_a_token"),
            models.CheckConstraint(
                condition=Q(fingerprint="") | Q(changed_at__isnull=False), name="calendar_has_changed_at_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.user}"

    @staticmethod
    def new_token() -> str:
        """A token that nobody guesses, safe in an address."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(token: str) -> str:
        """What is kept of a token."""
        return hashlib.sha256(token.encode()).hexdigest()
