"""Deployments: that a champion supports a school, for which outcomes."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse

from schools.models import School
from sidebyside.accounts.models import User
from support.models.champions import Champion
from support.models.types import ChampionType, Skill


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
        """… that were agreed for a day: those that have ended since, too, but none that never came about."""
        was_agreed = self.filter(state__in=[Deployment.State.AGREED, Deployment.State.ENDED])
        return was_agreed.filter(starts_on__lte=day, ends_on__gte=day)

    def lent_by(self, user: User) -> DeploymentQuerySet:
        """… of champions whose home school is this person's own, as its head sees them (M16)."""
        return self.filter(champion__home_school__in=School.objects.visible_to(user))

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
        """proposed → agreed → ended; declined by one of those who must agree, or cancelled before any day."""

        PROPOSED = "proposed", "Waiting for consent"
        AGREED = "agreed", "Agreed"
        ENDED = "ended", "Ended"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"

    champion = models.ForeignKey(Champion, on_delete=models.PROTECT, related_name="deployments")
    champion_type = models.ForeignKey(
        ChampionType,
        on_delete=models.PROTECT,
        related_name="deployments",
        help_text="As which of their types the champion goes: whose days and whose rate.",
    )
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="deployments")
    skill = models.ForeignKey(
        Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="deployments", verbose_name="area"
    )
    focus = models.CharField(max_length=200)
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
                condition=Q(state__in=["proposed", "agreed", "ended", "declined", "cancelled"]),
                name="deployment_state_is_known",
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


class Outcome(models.Model):
    """What will be better at the school when a deployment ends, and the measure by which that is known."""

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="intended")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField("outcome", max_length=300)
    measure = models.CharField(max_length=300, blank=True, help_text="How you will know, such as a result or a count.")

    class Meta:
        ordering = ["deployment", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="outcome_says_something", violation_error_message="Say what will be better."
            ),
        ]

    def __str__(self) -> str:
        return self.text
