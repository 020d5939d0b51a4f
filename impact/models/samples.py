"""Quality assurance: deployments that are looked at closely, drawn by chance or picked, and what was found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from schools.models import Category
from sidebyside.accounts.models import User
from sidebyside.guards.models import InsertOnly
from sidebyside.years import AcademicYear
from support.models import ChampionType, Deployment


class SampleQuerySet(models.QuerySet["Sample"]):
    """The samples …"""

    def visible_to(self, user: User) -> SampleQuerySet:
        """… that a person may see: the team all, nobody else any."""
        return self if user.may("impact.view_impact") else self.none()


class Sample(InsertOnly):
    """A draw, with all that is needed to make it again: the deployments drawn from, their order's seed, how many."""

    drawn_on = models.DateField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    year_start = models.PositiveSmallIntegerField(help_text="The academic year in which the deployments began.")
    champion_type = models.ForeignKey(
        ChampionType, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty for any."
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Of the school on the deployment’s first day; empty for any.",
    )
    seed = models.CharField(max_length=64)
    size = models.PositiveSmallIntegerField()
    population = models.JSONField(help_text="The numbers of the deployments that were drawn from.")
    request_key = models.CharField(
        max_length=40, blank=True, editable=False, help_text="The form’s own key: pressing twice makes one row."
    )

    objects = SampleQuerySet.as_manager()

    class Meta:
        ordering = ["-drawn_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=1), name="sample_has_a_size", violation_error_message="Draw at least one."
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="sample_has_a_reason", violation_error_message="Say why you draw it."
            ),
            models.CheckConstraint(condition=~Q(seed=""), name="sample_has_a_seed"),
            models.UniqueConstraint(fields=["seed"], name="sample_has_a_seed_of_its_own"),
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="sample_is_drawn_once_by_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"Sample of {self.drawn_on:%-d %B %Y}"

    @property
    def year(self) -> AcademicYear:
        """The academic year whose deployments were drawn from."""
        return AcademicYear(self.year_start)

    def get_absolute_url(self) -> str:
        """The sample's page."""
        return reverse("sample_detail", args=[self.pk])


class SampledDeploymentQuerySet(models.QuerySet["SampledDeployment"]):
    """The deployments in samples …"""

    def visible_to(self, user: User) -> SampledDeploymentQuerySet:
        """… that a person may see: the team all, nobody else any."""
        return self if user.may("impact.view_impact") else self.none()


class SampledDeployment(InsertOnly):
    """That a deployment is in a sample: drawn by chance, or picked with a reason."""

    class How(models.TextChoices):
        """By chance or on purpose."""

        DRAWN = "drawn", "Drawn"
        PICKED = "picked", "Picked"

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="deployments")
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="samples")
    position = models.PositiveSmallIntegerField(help_text="In the order of the draw; those that were picked follow.")
    how = models.CharField(max_length=8, choices=How.choices)
    picked_why = models.TextField(blank=True)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SampledDeploymentQuerySet.as_manager()

    class Meta:
        ordering = ["sample", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["sample", "deployment"],
                name="deployment_is_in_a_sample_once",
                violation_error_message="This deployment is in the sample already.",
            ),
            models.CheckConstraint(
                condition=Q(how="drawn", picked_why="", picked_by__isnull=True)
                | Q(how="picked", picked_by__isnull=False) & ~Q(picked_why=""),
                name="deployment_is_drawn_or_picked_with_a_reason",
                violation_error_message="Say why you pick it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deployment} in {self.sample}"


class FindingQuerySet(models.QuerySet["Finding"]):
    """The findings …"""

    def visible_to(self, user: User) -> FindingQuerySet:
        """… that a person may read: the team all, nobody else any."""
        return self if user.may("impact.view_impact") else self.none()


class Finding(InsertOnly):
    """What quality assurance found about a deployment of a sample. It stays as it was written."""

    class Grade(models.TextChoices):
        """How good the support was found to be."""

        STRONG = "strong", "Strong"
        SECURE = "secure", "Secure"
        NEEDS_WORK = "needs work", "Needs work"

    sampled = models.OneToOneField(SampledDeployment, on_delete=models.PROTECT, related_name="finding")
    grade = models.CharField(max_length=12, choices=Grade.choices)
    text = models.TextField()
    visited_on = models.DateField(null=True, blank=True, help_text="Empty where it was looked at on paper.")
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found_on = models.DateField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-found_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__in=["strong", "secure", "needs work"]), name="finding_grade_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="finding_says_something", violation_error_message="Say what you found."
            ),
            models.CheckConstraint(
                condition=Q(visited_on__isnull=True) | Q(visited_on__lte=models.F("found_on")),
                name="finding_follows_the_visit",
                violation_error_message="The visit is after the finding.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_grade_display()}: {self.sampled}"
