"""Notes as they were shared, in versions that nothing changes any more (V2, V3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Concat

from sidebyside.accounts.models import User
from sidebyside.audit.models import Event
from sidebyside.guards.models import InsertOnly
from visits.models.visits import Visit

ANSWERS_READ = "note.answers_read"  # the trail alone keeps it: it changes nothing but what a home page lists


class NoteQuerySet(models.QuerySet["Note"]):
    """The notes …"""

    def visible_to(self, user: User) -> NoteQuerySet:
        """… of visits that a person may see; every note here has been shared (drafts are `Draft`)."""
        return self.filter(visit__in=Visit.objects.visible_to(user))

    def newest(self) -> NoteQuerySet:
        """… that no later version replaces."""
        later = Note.objects.filter(visit=models.OuterRef("visit"), version__gt=models.OuterRef("version"))
        return self.exclude(models.Exists(later))

    def unanswered(self) -> NoteQuerySet:
        """… that the school has neither marked accurate nor answered."""
        return self.newest().filter(answers__isnull=True)

    def questioned(self, reader: User) -> NoteQuerySet:
        """… that no later version replaces, and that the school has questioned since this person last read it."""
        subject = Concat(models.Value("note:"), Cast(models.OuterRef("note_id"), models.CharField()))
        read = Event.objects.filter(
            verb=ANSWERS_READ, subject=subject, by=reader, at__gte=models.OuterRef("answered_at")
        )
        unread = NoteAnswer.objects.filter(~models.Exists(read), note=models.OuterRef("pk"), is_accurate=False)
        return self.newest().filter(models.Exists(unread))


class Note(InsertOnly):
    """A note as it was shared; an amendment is a new version, never an edit (V3)."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="notes")
    version = models.PositiveSmallIntegerField(default=1)
    people_met = models.TextField()
    focus = models.TextField("focus and evidence seen")
    strengths = models.TextField()
    areas = models.TextField("areas for development")
    impact = models.TextField("impact of champions", blank=True)
    next_visit = models.TextField(blank=True)
    reason = models.TextField(blank=True, help_text="Why this version replaces the one before it.")
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["visit", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "version"], name="note_version_stands_once"),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""),
                name="note_is_amended_for_a_reason",
                violation_error_message="Say why the note is amended.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit}, note {self.version}"


class ConfidentialNote(InsertOnly):
    """The part of a note that only the team reads (V2): a row of its own, so that no page shows it by accident."""

    note = models.OneToOneField(Note, on_delete=models.PROTECT, related_name="confidential")
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.note}, confidential part"


class NoteAnswer(InsertOnly):
    """That the head finds a note accurate, or answers it (V3)."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="answers")
    is_accurate = models.BooleanField()
    text = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["answered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["note"],
                condition=Q(is_accurate=True),
                name="note_is_marked_accurate_once",
                violation_error_message="This note has been marked accurate already.",
            ),
            models.CheckConstraint(
                condition=Q(is_accurate=True) | ~Q(text=""),
                name="note_answer_says_something",
                violation_error_message="Say what is not accurate, or what you want to add.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.note}: {'accurate' if self.is_accurate else 'answered'}"
