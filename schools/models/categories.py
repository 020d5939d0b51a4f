"""Categories as data, and each school's dated entries (S1)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from schools.models.register import School
from sidebyside.accounts.models import User


class Category(models.Model):
    """A level of support that a council places its schools in, such as Prevention; `rank` 1 needs least."""

    class Colour(models.TextChoices):
        """The colour of its tag; the tag always says the name too."""

        GREEN = "green", "Green"
        BLUE = "blue", "Blue"
        YELLOW = "yellow", "Yellow"
        ORANGE = "orange", "Orange"
        PURPLE = "purple", "Purple"
        GREY = "grey", "Grey"

    name = models.CharField(max_length=40, unique=True)
    rank = models.PositiveSmallIntegerField(unique=True, help_text="1 for the category that needs least support.")
    colour = models.CharField(max_length=10, choices=Colour.choices, default=Colour.BLUE)
    meaning = models.TextField(help_text="What it means for a school, in plain words: heads read this.")

    class Meta:
        ordering = ["rank"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class CategoryEntryQuerySet(models.QuerySet["CategoryEntry"]):
    """The category entries …"""

    def visible_to(self, user: User) -> CategoryEntryQuerySet:
        """… of schools that this person may see; heads see what is confirmed."""
        entries = self if user.may("schools.view_all") else self.filter(school__in=School.objects.visible_to(user))
        return entries if user.is_council_staff else entries.confirmed()

    def confirmed(self) -> CategoryEntryQuerySet:
        """… that count."""
        return self.filter(state=CategoryEntry.State.CONFIRMED)

    def in_force_on(self, day: date) -> CategoryEntryQuerySet:
        """… that decide the category on a day: of each school the latest confirmed one that has begun."""
        later = CategoryEntry.objects.confirmed().filter(
            school=models.OuterRef("school"), starts_on__lte=day, starts_on__gt=models.OuterRef("starts_on")
        )
        return self.confirmed().filter(starts_on__lte=day).exclude(models.Exists(later))


class CategoryEntry(models.Model):
    """That a school is in a category from a day on, with who, when and why (S1). Nothing counts until confirmed."""

    class State(models.TextChoices):
        """proposed → discussed → confirmed, or withdrawn."""

        PROPOSED = "proposed", "Proposed"
        DISCUSSED = "discussed", "Discussed"
        CONFIRMED = "confirmed", "Confirmed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="category_entries")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    reason = models.TextField()
    evidence = models.TextField(blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = CategoryEntryQuerySet.as_manager()

    class Meta:
        ordering = ["school", "-starts_on"]
        verbose_name_plural = "category entries"
        indexes = [models.Index(fields=["state", "school", "starts_on"], name="category_in_force")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "starts_on"],
                condition=Q(state="confirmed"),
                name="one_category_is_confirmed_for_a_day",
                violation_error_message="This school has a confirmed category from that day already.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "discussed", "confirmed", "withdrawn"]),
                name="category_entry_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
                name="category_entry_is_confirmed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="category_entry_has_a_reason",
                violation_error_message="Say why the school is in this category.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}: {self.category} from {self.starts_on:%-d %B %Y}"
