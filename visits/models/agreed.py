"""Actions agreed at a visit, which live beyond it (V5)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from schools.models import School
from sidebyside.accounts.models import User
from visits.models.visits import Visit


class AgreedActionQuerySet(models.QuerySet["AgreedAction"]):
    """The agreed actions …"""

    def visible_to(self, user: User) -> AgreedActionQuerySet:
        """… of visits that a person may see (A1)."""
        return self.filter(visit__in=Visit.objects.visible_to(user))

    def open(self) -> AgreedActionQuerySet:
        """… that are not done."""
        return self.filter(done_on__isnull=True)

    def overdue(self, on: date) -> AgreedActionQuerySet:
        """… that should have been done before this day."""
        return self.open().filter(due_on__lt=on)


class AgreedAction(models.Model):
    """An action that a visit agreed; it is carried forward until it is done (V5)."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="actions")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="agreed_actions")
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=120)
    due_on = models.DateField()
    position = models.PositiveSmallIntegerField(default=0)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    effect = models.TextField(blank=True, help_text="What has changed because of it.")

    objects = AgreedActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["school", "due_on"], name="action_open", condition=Q(done_on__isnull=True))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(owner=""), name="action_has_an_owner", violation_error_message="Say who will do it."
            ),
            models.CheckConstraint(
                condition=~Q(what=""), name="action_says_what", violation_error_message="Say what will be done."
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(effect=""),
                name="action_is_done_with_an_effect",
                violation_error_message="Say what effect it has had.",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        """Where the action stands: the visits of its school."""
        return reverse("school_visits", args=[self.school_id])

    def is_overdue(self, on: date) -> bool:
        """Whether it should have been done before this day."""
        return self.done_on is None and self.due_on < on
