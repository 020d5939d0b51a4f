"""Who did what, when, to what, and why (A3). Rows only grow."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import NoReverseMatch, reverse

from sidebyside.guards.models import InsertOnly


class Event(InsertOnly):
    """One thing that somebody did. `verb` is `school.category_confirmed`; `subject` is `school:110195`."""

    about: str  # the name of what it is about, from `name_subjects()`

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody, when the portal did it by itself.",
    )
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    school_urn = models.PositiveIntegerField(null=True, blank=True)
    why = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["subject", "-at"], name="event_by_subject"),
            models.Index(fields=["school_urn", "-at"], name="event_by_school"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

    @property
    def sentence(self) -> str:
        """What happened, in words: `category confirmed`."""
        return self.verb.partition(".")[2].replace("_", " ")

    def school_url(self) -> str:
        """The page of the school concerned, empty when there is none."""
        try:
            return reverse("school_history", args=[self.school_urn]) if self.school_urn else ""
        except NoReverseMatch:
            return ""
