"""Who leads a school, who may sign in for it, and which adviser looks after it. All dated."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from schools.models.register import School, Trust


class DatedQuerySet(models.QuerySet):
    """The rows with a start and an end …"""

    def held_on(self, day: date) -> Self:
        """… that hold on a day."""
        return self.filter(Q(started_on__lte=day), Q(ended_on__isnull=True) | Q(ended_on__gte=day))


class Dated(models.Model):
    """From a day to a day, both included; open while there is no end."""

    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True, help_text="The last day.")

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="%(class)s_ends_after_it_starts",
                violation_error_message="The last day is before the first.",
            )
        ]


class Appointment(Dated):
    """A headteacher's appointment at a school; the New to Headship visit hangs on it (O8)."""

    class Kind(models.TextChoices):
        """How the head came: `permanent` after `interim` of the same head counts as new to post (O8)."""

        PERMANENT = "permanent", "Permanent"
        INTERIM = "interim", "Interim"
        NEW_TO_POST = "new to post", "New to headship"
        NEW_TO_AUTHORITY = "new to the authority", "New to this authority"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="appointments")
    head_name = models.CharField("headteacher", max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)

    class Meta(Dated.Meta):
        ordering = ["school", "started_on"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "started_on"],
                name="appointment_starts_once_a_day",
                violation_error_message="This school has an appointment from that day already.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["permanent", "interim", "new to post", "new to the authority"]),
                name="appointment_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.head_name}, {self.school}"


class Membership(Dated):
    """That a person may sign in for a school or for a whole trust, in a post, from a day to a day."""

    class Post(models.TextChoices):
        """What the person is there."""

        HEAD = "head", "Headteacher"
        DEPUTY = "deputy", "Deputy headteacher"
        BUSINESS_MANAGER = "business manager", "School business manager"
        CHAIR = "chair", "Chair of governors"
        TRUST_FINANCE = "trust finance", "Trust finance"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    post = models.CharField(max_length=20, choices=Post.choices)

    class Meta(Dated.Meta):
        ordering = ["user", "started_on"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(school__isnull=True, trust__isnull=False) | Q(school__isnull=False, trust__isnull=True),
                name="membership_is_of_a_school_or_a_trust",
                violation_error_message="Choose a school or a trust, not both.",
            ),
            models.CheckConstraint(
                condition=Q(post__in=["head", "deputy", "business manager", "chair", "trust finance"]),
                name="membership_post_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_post_display()}"


class AdviserAssignment(Dated):
    """Which adviser looks after a school."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="adviser_assignments")
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="adviser_assignments")

    class Meta(Dated.Meta):
        ordering = ["school", "started_on"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(ended_on__isnull=True),
                name="school_has_one_adviser_at_a_time",
                violation_error_message="This school has an adviser already. End that assignment first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adviser} for {self.school}"
