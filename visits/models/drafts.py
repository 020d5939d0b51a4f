"""What has been typed and not shared yet (V4)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from visits.models.visits import Visit


class Draft(models.Model):
    """What a writer has typed so far, saved while typing; nobody else reads it (V4).

    `revision` counts the saves, so that an older page never overwrites a newer text. `window` and `sequence` name the
    browser window of the last save and its place in that window's order: a save whose answer was lost on the way,
    or that overtook another, is recognised as the same writer's and not taken for a second one.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="drafts")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    amends = models.PositiveSmallIntegerField(default=0, help_text="The version that it amends; 0 for the first note.")
    content = models.JSONField(default=dict, help_text="Each form field’s text, as typed.")
    revision = models.PositiveIntegerField(default=1)
    window = models.CharField(max_length=40, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "writer", "amends"], name="a_writer_has_one_draft_of_a_note")
        ]

    def __str__(self) -> str:
        return f"{self.visit}, draft of {self.writer}"
