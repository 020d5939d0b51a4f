"""A visit: what its delivery does not say of it (V1)."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from schools.models import AdviserAssignment, School
from sidebyside.accounts.models import User
from support.models import Delivery

SHORTEST, LONGEST = 5, 720  # minutes
HELD = (Delivery.State.DELIVERED, Delivery.State.CONFIRMED)


def _assignments(user: User, on: date) -> QuerySet[AdviserAssignment]:
    """Where a person is the adviser of a visit's school, on the visit's day or on this one."""
    its_day = OuterRef("delivery__happens_on")
    then = Q(started_on__lte=its_day) & (Q(ended_on=None) | Q(ended_on__gte=its_day))
    now = Q(started_on__lte=on) & (Q(ended_on=None) | Q(ended_on__gte=on))
    return AdviserAssignment.objects.filter(then | now, adviser=user, school=OuterRef("delivery__school"))


class VisitQuerySet(models.QuerySet["Visit"]):
    """The visits …"""

    def visible_to(self, user: User) -> VisitQuerySet:
        """… that a person whose role reads visits may see: of the schools that are that person's (A1)."""
        if not user.may("visits.view_visit"):
            return self.none()
        if user.may("schools.view_all"):  # a subquery of all schools would make the list read every visit
            return self
        return self.filter(delivery__school__in=School.objects.visible_to(user))

    def loggable_by(self, user: User, *, on: date) -> VisitQuerySet:
        """… that a person may write the note of (A1, V1).

        A visit that has an adviser: every adviser, who may stand in. One of nobody becomes that of whoever logs it, so
        it is for the school's adviser, on its own day or on this one, and for those who assign advisers.
        """
        if not user.may("visits.log_visit"):
            return self.none()
        if user.may("schools.assign_adviser"):
            return self
        return self.exclude(Q(delivery__adviser=None) & ~Q(Exists(_assignments(user, on))))

    def with_facts(self) -> VisitQuerySet:
        """… with all that a page says of them, in the same query."""
        facts = ("school", "service", "adviser", "champion", "champion_type", "confirmed_by")
        return self.select_related("delivery", *(f"delivery__{fact}" for fact in facts))

    def coming(self, on: date) -> VisitQuerySet:
        """… that are planned for a later day, the soonest first."""
        planned = self.filter(delivery__state=Delivery.State.PLANNED, delivery__happens_on__gt=on)
        return planned.order_by("delivery__happens_on", "starts_at", "id")

    def due(self, on: date) -> VisitQuerySet:
        """… whose day has come, and which nobody has logged, the oldest first."""
        waiting = self.filter(delivery__state=Delivery.State.PLANNED, delivery__happens_on__lte=on)
        return waiting.order_by("delivery__happens_on", "starts_at", "id")

    def held(self) -> VisitQuerySet:
        """… that took place: each is a delivery (V1)."""
        return self.filter(delivery__state__in=HELD)

    def cancelled(self) -> VisitQuerySet:
        """… that did not take place."""
        return self.filter(delivery__state=Delivery.State.CANCELLED)


class Visit(models.Model):
    """An adviser's visit. Its delivery says school, date, service, adviser and state (V1)."""

    class Mode(models.TextChoices):
        """Where it takes place."""

        IN_SCHOOL = "in school", "In school"
        ONLINE = "online", "Online"

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="visit")
    starts_at = models.TimeField("start time", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(
        "length in minutes",
        null=True,
        blank=True,
        validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)],
    )
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.IN_SCHOOL)
    notice_on = models.DateField(
        "notice given on", null=True, blank=True, help_text="When it was cancelled: the day on which that was said."
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-delivery__happens_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=["in school", "online"]), name="visit_mode_is_known"),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=SHORTEST, minutes__lte=LONGEST),
                name="visit_lasts_up_to_a_day",
                violation_error_message="A visit lasts from 5 minutes to 12 hours.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.delivery)

    def get_absolute_url(self) -> str:
        """The visit's page."""
        return reverse("visit_detail", args=[self.pk])

    @property
    def is_planned(self) -> bool:
        """Whether it is still to be held."""
        return self.delivery.state == Delivery.State.PLANNED

    @property
    def is_held(self) -> bool:
        """Whether it took place."""
        return self.delivery.state in HELD

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self.delivery.state == Delivery.State.CANCELLED

    def waits_for_its_note(self) -> bool:
        """Whether it can be logged: it is planned, or it was held and nobody has shared a note of it yet."""
        return self.is_planned or (self.is_held and not self.notes.exists())

    def may_be_logged_by(self, user: User, *, on: date) -> bool:
        """Whether this person may write its note; asks the database only where the visit is nobody's."""
        if self.delivery.adviser_id:
            return user.may("visits.log_visit")
        return Visit.objects.loggable_by(user, on=on).filter(pk=self.pk).exists()

    def days_of_notice(self) -> int | None:
        """How many days before the visit it was cancelled; below nought when it was said afterwards."""
        return (self.delivery.happens_on - self.notice_on).days if self.notice_on else None
