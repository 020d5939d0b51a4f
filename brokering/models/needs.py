"""Needs: that a school asks for a champion's support, and what became of it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from schools.models import School
from schools.models.columns import adviser_columns
from sidebyside.accounts.models import User
from sidebyside.years import AcademicYear
from support.models import ChampionType, Deployment, Skill

FELL_THROUGH = (Deployment.State.DECLINED, Deployment.State.CANCELLED)
CAME_ABOUT = (Deployment.State.AGREED, Deployment.State.ENDED)


class NeedQuerySet(models.QuerySet["Need"]):
    """The needs …"""

    def visible_to(self, user: User) -> NeedQuerySet:
        """… that a person may see: council staff who broker, advise or look after the portal all, a head the own."""
        if not user.may("brokering.view_need"):
            return self.none()
        return self if user.may("schools.view_all") else self.filter(school__in=School.objects.visible_to(user))

    def standing(self, standing: str) -> NeedQuerySet:
        """… that stand so today: what became of their deployment decides (`Need.standing`)."""
        found = {
            Need.Standing.OPEN: Q(deployment__isnull=True) | Q(deployment__state__in=FELL_THROUGH),
            Need.Standing.MATCHED: Q(deployment__state=Deployment.State.PROPOSED),
            Need.Standing.MET: Q(deployment__state__in=CAME_ABOUT),
        }
        if standing in found:
            return self.filter(found[Need.Standing(standing)], state=Need.State.ASKED)
        return self.filter(state=standing)

    def open(self) -> NeedQuerySet:
        """… for which somebody is still to be found."""
        return self.standing(Need.Standing.OPEN)

    def numbers_at_schools(self) -> dict[str, Coalesce]:
        """… by how they stand, as numbers for `annotate` on schools: `needs_open`, `needs_matched`."""
        there = self.filter(school=OuterRef("pk")).order_by()
        found = {}
        for standing in (Need.Standing.OPEN, Need.Standing.MATCHED):
            those = there.standing(standing).values("school").annotate(n=Count("pk"))
            found[f"needs_{standing}"] = Coalesce(Subquery(those.values("n")), 0)
        return found

    def in_list(self, on: date) -> NeedQuerySet:
        """… each with what a list shows: its school with the adviser on a day, what is wanted, who goes."""
        shown = self.select_related("school", "skill", "champion_type", "deployment__champion")
        return shown.annotate(**adviser_columns(on, school="school"))


class Need(models.Model):
    """A school's need for a champion: what, why, when and how many days; who asked, and how it ended.

    Whether it is matched or met is not kept here a second time: its deployment says so (`standing`). `closed_*` say who
    took it back or declined it, when and why.
    """

    class State(models.TextChoices):
        """What was decided about the asking itself."""

        ASKED = "asked", "Asked"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DECLINED = "declined", "Declined"

    class Standing(models.TextChoices):
        """How it stands: open → matched (a deployment is proposed) → met (it is agreed); or withdrawn, or declined."""

        OPEN = "open", "Open"
        MATCHED = "matched", "Matched"
        MET = "met", "Met"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DECLINED = "declined", "Declined"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="needs")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    what = models.CharField(max_length=200)
    why = models.TextField()
    skill = models.ForeignKey(
        Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="needs", verbose_name="area"
    )
    champion_type = models.ForeignKey(
        ChampionType, on_delete=models.PROTECT, null=True, blank=True, related_name="needs"
    )
    starts_on = models.DateField("first day wanted")
    ends_on = models.DateField("last day wanted")
    half_days = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_on = models.DateField(null=True, blank=True)
    closed_why = models.TextField(blank=True, help_text="Why it was withdrawn or declined: the school reads this.")
    deployment = models.OneToOneField(
        Deployment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="need",
        help_text="The one proposed for it last; one that was declined leaves the need open.",
    )
    request_key = models.CharField(
        max_length=40, blank=True, editable=False, help_text="The form’s own key: pressing twice makes one row."
    )

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_on", "-id"]
        indexes = [
            models.Index(fields=["school", "-asked_on", "-id"], name="need_of_a_school"),
            models.Index(fields=["state", "-asked_on", "-id"], name="need_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn", "declined"]), name="need_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(half_days__gt=0),
                name="need_asks_for_some_days",
                violation_error_message="Ask for at least half a day.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="need_ends_after_it_starts",
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(why=""),
                name="need_says_what_and_why",
                violation_error_message="Say what support is wanted, and why.",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", closed_by__isnull=True, closed_on__isnull=True, closed_why="")
                | ~Q(state="asked") & Q(closed_by__isnull=False, closed_on__isnull=False) & ~Q(closed_why=""),
                name="need_is_closed_by_somebody_for_a_reason",
                violation_error_message="Say why.",
            ),
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="need_is_asked_once_by_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} at {self.school}"

    @property
    def standing(self) -> Standing:
        """How it stands, from its own state and that of its deployment (select it along)."""
        if self.state != self.State.ASKED:
            return self.Standing(self.state)
        if self.deployment is None or self.deployment.state in FELL_THROUGH:
            return self.Standing.OPEN
        return self.Standing.MET if self.deployment.state in CAME_ABOUT else self.Standing.MATCHED

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to be found."""
        return self.standing == self.Standing.OPEN

    @property
    def year(self) -> AcademicYear:
        """The academic year in which the support is wanted."""
        return AcademicYear.containing(self.starts_on)

    def may_be_changed_by(self, user: User) -> bool:
        """Whether a person may correct it or take it back: who asked, or the broker."""
        return user.may("brokering.broker") or (self.asked_by_id == user.pk and user.may("brokering.ask_for_support"))

    def get_absolute_url(self) -> str:
        """The need's page."""
        return reverse("need_detail", args=[self.pk])
