"""Champions, what a day of them costs, and their deployments."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from simple_history.models import HistoricalRecords

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.guards.freezing import Freeze, freeze_once_begun
from sidebyside.guards.models import Freezing
from support.models.offers import Service


class ChampionType(models.Model):
    """A type of champion, whose days are one service: SSLC, SSPC, ABLE. Its name is data."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    service = models.OneToOneField(Service, on_delete=models.PROTECT, related_name="champion_type")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class DayRate(Freezing):
    """What a day of a champion type costs from a day on, in pence; a half day is half (M3). Begun, it is frozen."""

    champion_type = models.ForeignKey(ChampionType, on_delete=models.PROTECT, related_name="day_rates")
    starts_on = models.DateField()
    rate = models.PositiveIntegerField("rate in pence", validators=[MinValueValidator(1)])
    history = HistoricalRecords()

    class Meta:
        ordering = ["champion_type", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["champion_type", "starts_on"],
                name="day_rate_starts_once",
                violation_error_message="This champion type has a rate from that day already.",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="day_rate_is_above_nought"),
        ]

    @classmethod
    def freezes(cls) -> list[Freeze]:
        """Once it has begun."""
        return [freeze_once_begun(cls._meta.db_table)]

    def __str__(self) -> str:
        return f"{self.champion_type} from {self.starts_on:%-d %B %Y}"


class ChampionQuerySet(models.QuerySet["Champion"]):
    """The champions …"""

    def visible_to(self, user: User) -> ChampionQuerySet:
        """… that a person may know of: council staff all, a champion oneself, a head those deployed there (A1)."""
        if not user.may("support.view_deployment"):
            return self.none()
        if user.may("schools.view_all"):
            return self
        there = Deployment.objects.filter(school__in=School.objects.visible_to(user))
        return self.filter(Q(user=user) | Q(pk__in=there.values("champion")))

    def active(self) -> ChampionQuerySet:
        """… who can be deployed."""
        return self.filter(is_active=True)


class Champion(models.Model):
    """A person lent by a home school to support others."""

    code = models.CharField(max_length=20, unique=True, help_text="Stands in spreadsheets, such as CH01.")
    name = models.CharField(max_length=120)
    type = models.ForeignKey(ChampionType, on_delete=models.PROTECT, related_name="champions")
    home_school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="lent_champions")
    email = models.EmailField(blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="champion"
    )
    is_active = models.BooleanField("can be deployed", default=True)
    request_key = models.CharField(
        max_length=40, blank=True, editable=False, help_text="The form’s own key: pressing twice makes one row."
    )

    objects = ChampionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="champion_is_registered_once_by_a_form"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The champion's page."""
        return reverse("champion_detail", args=[self.code])


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    """The deployments …"""

    def visible_to(self, user: User) -> DeploymentQuerySet:
        """… that a person may see: council staff all, a champion one's own, a head those at the school (A1)."""
        if not user.may("support.view_deployment"):
            return self.none()
        if user.may("schools.view_all"):
            return self
        return self.filter(Q(champion__user=user) | Q(school__in=School.objects.visible_to(user)))

    def running_on(self, day: date) -> DeploymentQuerySet:
        """… that run on a day."""
        return self.filter(state=Deployment.State.AGREED, starts_on__lte=day, ends_on__gte=day)

    def covering(self, day: date) -> DeploymentQuerySet:
        """… that were agreed for a day: those that have ended since, too, but none that was cancelled."""
        return self.exclude(state=Deployment.State.CANCELLED).filter(starts_on__lte=day, ends_on__gte=day)

    def in_state(self, state: str, *, on: date) -> DeploymentQuerySet:
        """… that are in a state on a day: past its last day an agreed one has ended."""
        is_over = Q(state=Deployment.State.AGREED, ends_on__lt=on)
        if state == Deployment.State.ENDED:
            return self.filter(is_over | Q(state=state))
        return self.filter(~is_over, state=state)

    def with_half_days(self) -> DeploymentQuerySet:
        """… each with `half_days_delivered` and `half_days_booked`."""
        counted = Q(deliveries__state__in=["delivered", "confirmed"])
        return self.annotate(
            half_days_delivered=Sum("deliveries__half_days", filter=counted, default=0),
            half_days_booked=Sum("deliveries__half_days", filter=Q(deliveries__state="planned"), default=0),
        )


class Deployment(models.Model):
    """An agreement that a champion supports a school: focus, outcomes, days, dates."""

    half_days_delivered: int  # of `with_half_days()`, as the next
    half_days_booked: int

    class State(models.TextChoices):
        """agreed → ended, or cancelled before any day."""

        AGREED = "agreed", "Agreed"
        ENDED = "ended", "Ended"
        CANCELLED = "cancelled", "Cancelled"

    champion = models.ForeignKey(Champion, on_delete=models.PROTECT, related_name="deployments")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="deployments")
    focus = models.CharField(max_length=200)
    outcomes = models.TextField(blank=True, help_text="What will be better when it ends, and how you will know.")
    half_days_agreed = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.AGREED)
    end_reason = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    request_key = models.CharField(
        max_length=40, blank=True, editable=False, help_text="The form’s own key: pressing twice makes one row."
    )
    successor = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessor",
        help_text="The deployment at the school's new URN, when it converted.",
    )

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["school", "-starts_on", "-id"], name="deployment_of_a_school")]
        constraints = [
            models.CheckConstraint(
                condition=Q(half_days_agreed__gt=0),
                name="deployment_agrees_some_days",
                violation_error_message="Agree at least half a day.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="deployment_ends_after_it_starts",
                violation_error_message="The deployment ends before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["agreed", "ended", "cancelled"]), name="deployment_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="deployment_is_made_once_by_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.champion} at {self.school}"

    def state_on(self, day: date) -> Deployment.State:
        """The state on a day: past its last day an agreed deployment has ended, and nobody has to write that down."""
        is_over = self.state == self.State.AGREED and self.ends_on < day
        return self.State.ENDED if is_over else self.State(self.state)

    def get_absolute_url(self) -> str:
        """The deployment's page."""
        return reverse("deployment_detail", args=[self.pk])
