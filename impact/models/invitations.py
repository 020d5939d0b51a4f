"""Who was asked for a review, and who has still to write it."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q

from impact.due import Habits
from impact.models.reviews import KNOWN_KIND, KNOWN_PARTY, Kind, Party, Review
from schools.models import AdviserAssignment, School
from sidebyside.accounts.models import User
from sidebyside.guards.models import InsertOnly
from sidebyside.mail.models import Dispatch
from sidebyside.years import AcademicYear
from support.models import Deployment

State = Deployment.State


class ReviewInvitationQuerySet(models.QuerySet["ReviewInvitation"]):
    """The invitations …"""

    def visible_to(self, user: User) -> ReviewInvitationQuerySet:
        """… that a person may know of: the team all, everybody else none; what waits for oneself is `for_party_of`."""
        return self if user.may("impact.view_impact") else self.none()

    def for_party_of(self, user: User, *, on: date) -> ReviewInvitationQuerySet:
        """… that this person may answer: as the champion, for a school of theirs, as a school's adviser."""
        if not user.may("impact.review"):
            return self.none()
        if user.is_council_staff:
            advised = AdviserAssignment.objects.filter(adviser=user).held_on(on)
            return self.filter(party=Party.ADVISER, deployment__school__in=advised.values("school"))
        as_champion = Q(party=Party.CHAMPION, deployment__champion__user=user)
        at_school = Q(party=Party.SUPPORTED, deployment__school__in=School.objects.visible_to(user))
        return self.filter(as_champion | at_school)

    def open(self, habits: Habits, *, on: date) -> ReviewInvitationQuerySet:
        """… that still ask: no review is in, and it is the one for that time; nothing from before last academic year.

        A mid-point is not asked for any more once the closing evaluation is.
        """
        written = Review.objects.filter(
            deployment=OuterRef("deployment"), kind=OuterRef("kind"), party=OuterRef("party")
        )
        closes_from = on + timedelta(days=habits.closing_days_before)
        first_day = AcademicYear.containing(on).previous.first_day
        at_its_time = Q(kind=Kind.MIDPOINT, deployment__ends_on__gt=closes_from) | Q(
            kind=Kind.CLOSING, deployment__ends_on__range=(first_day, closes_from)
        )
        lives = Q(deployment__state__in=[State.AGREED, State.ENDED], deployment__successor__isnull=True)
        return self.filter(at_its_time, lives).exclude(Exists(written))

    def overdue(self, habits: Habits, *, on: date) -> ReviewInvitationQuerySet:
        """… among the open ones whose last day to write is past."""
        midpoint = Q(kind=Kind.MIDPOINT, invited_on__lt=on - timedelta(days=habits.midpoint_days))
        closing = Q(kind=Kind.CLOSING, deployment__ends_on__lt=on - timedelta(days=habits.closing_days_after))
        return self.open(habits, on=on).filter(midpoint | closing)


class ReviewInvitation(InsertOnly):
    """That a party was asked for a review: once. Without a mail where nobody signs in for it."""

    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="review_invitations")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    party = models.CharField(max_length=10, choices=Party.choices)
    invited_on = models.DateField()
    mail = models.ForeignKey(Dispatch, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReviewInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["invited_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["deployment", "kind", "party"], name="party_is_invited_once"),
            models.CheckConstraint(condition=KNOWN_KIND, name="invitation_kind_is_known"),
            models.CheckConstraint(condition=KNOWN_PARTY, name="invitation_party_is_known"),
        ]

    def __str__(self) -> str:
        return f"Invitation to a {self.get_kind_display().lower()} of {self.deployment}"

    def due_by(self, habits: Habits) -> date:
        """The last day on which the review is in time."""
        if self.kind == Kind.CLOSING:
            return self.deployment.ends_on + timedelta(days=habits.closing_days_after)
        last = self.deployment.ends_on - timedelta(days=habits.closing_days_before + 1)
        return min(self.invited_on + timedelta(days=habits.midpoint_days), last)
