"""Champions, and the schools that lend them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.council.models import HalfTerm
from support.models.types import ChampionType, Phase, Skill


class ChampionQuerySet(models.QuerySet["Champion"]):
    """The champions …"""

    def visible_to(self, user: User) -> ChampionQuerySet:
        """… that a person may know of: council staff all, a champion oneself, a head those deployed there (A1)."""
        if not user.may("support.view_deployment"):
            return self.none()
        if user.may("schools.view_all"):
            return self
        own = School.objects.visible_to(user)
        there = Q(pk__in=self.model.objects.filter(deployments__school__in=own).values("pk"))
        return self.filter(Q(user=user) | there | Q(home_school__in=own))

    def lent_by(self, user: User) -> ChampionQuerySet:
        """… whose home school is this person's own, as its head sees them (M16)."""
        return self.filter(home_school__in=School.objects.visible_to(user))

    def noting(self, **figures: Any) -> ChampionQuerySet:
        """… each with what is asked about them beside it, in the same query."""
        return self.annotate(**figures)

    def active(self) -> ChampionQuerySet:
        """… who can be deployed."""
        return self.filter(is_active=True)


class Champion(models.Model):
    """A person lent by a home school to support others.

    `type` is the main one; `other_types` are further ones. `home_school` is the one at present: `lendings` say from
    when to when each one lends, and one action writes both.
    """

    half_days_agreed: int | None  # of `support.capacity.with_capacity()`, as the next five
    half_days_delivered: int
    half_days_booked: int
    half_days_committed: int
    half_days_free: int | None
    lent_by_name: str | None
    lacks_check: bool  # of `support.checked.with_checks()`, as the next
    check_expires_soon: bool
    is_lent_by_viewer: bool  # of `support.sight.seen_by()`

    code = models.CharField(max_length=20, unique=True, help_text="Stands in spreadsheets, such as CH01.")
    name = models.CharField(max_length=120)
    type = models.ForeignKey(ChampionType, on_delete=models.PROTECT, related_name="champions", verbose_name="main type")
    other_types = models.ManyToManyField(ChampionType, blank=True, related_name="further_champions")
    skills = models.ManyToManyField(Skill, blank=True, related_name="champions")
    phases = models.ManyToManyField(Phase, blank=True, related_name="champions")
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

    def has_type(self, kind: ChampionType) -> bool:
        """Whether this is the main type or one of the others."""
        return self.type_id == kind.pk or self.other_types.filter(pk=kind.pk).exists()

    def lending_on(self, day: date) -> Lending | None:
        """Which school lends this champion on a day, and for how many days a year; None when none does."""
        return self.lendings.on(day).first()

    def days_given_since(self, day: date) -> int:
        """How many deliveries have happened on or after a day: facts, which no change of the register alters (S10)."""
        return self.deliveries.delivered().filter(happens_on__gte=day).count()

    def get_absolute_url(self) -> str:
        """The champion's page."""
        return reverse("champion_detail", args=[self.code])


class LendingQuerySet(models.QuerySet["Lending"]):
    """The agreements of home schools …"""

    def on(self, day: date) -> LendingQuerySet:
        """… that hold on a day."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )


class Lending(models.Model):
    """That a home school lends a champion, from a day to a day, for so many days a year (M16)."""

    champion = models.ForeignKey(Champion, on_delete=models.CASCADE, related_name="lendings")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="lendings")
    starts_on = models.DateField(null=True, blank=True, help_text="Empty where nobody knows since when.")
    ends_on = models.DateField(null=True, blank=True, help_text="The last day.")
    half_days_a_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Agreed with the home school for each academic year; empty where nothing is."
    )

    objects = LendingQuerySet.as_manager()

    class Meta:
        ordering = ["champion", models.F("starts_on").desc(nulls_last=True)]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="lending_ends_after_it_starts",
                violation_error_message="The agreement with the home school ends before it starts.",
            ),
            models.UniqueConstraint(
                fields=["champion"],
                condition=Q(ends_on__isnull=True),
                name="champion_has_one_home_school_at_a_time",
                violation_error_message="This champion has a home school already. End that agreement first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.champion}, lent by {self.school}"

    def holds_on(self, day: date) -> bool:
        """Whether the school lends the champion on a day, the last one included."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or self.ends_on >= day)


class Availability(models.Model):
    """How many half days a champion can give in one half term."""

    champion = models.ForeignKey(Champion, on_delete=models.CASCADE, related_name="availabilities")
    half_term = models.ForeignKey(HalfTerm, on_delete=models.PROTECT, related_name="availabilities")
    half_days = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["half_term"]
        verbose_name_plural = "availabilities"
        constraints = [
            models.UniqueConstraint(fields=["champion", "half_term"], name="availability_is_said_once"),
        ]

    def __str__(self) -> str:
        return f"{self.champion}, {self.half_term}"
