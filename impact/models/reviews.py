"""What those who took part say of a deployment: half-way through, and at its end."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from impact.ratings import RANKS
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.guards.models import InsertOnly
from support.models import Deployment


class Kind(models.TextChoices):
    """Half-way through, or at the end."""

    MIDPOINT = "midpoint", "Mid-point review"
    CLOSING = "closing", "Closing evaluation"


class Party(models.TextChoices):
    """Who speaks: the champion, the supported school, the council's adviser."""

    CHAMPION = "champion", "The champion"
    SUPPORTED = "supported", "The school"
    ADVISER = "adviser", "The adviser"


KNOWN_KIND = Q(kind__in=["midpoint", "closing"])
KNOWN_PARTY = Q(party__in=["champion", "supported", "adviser"])


class ReviewQuerySet(models.QuerySet["Review"]):
    """The reviews …"""

    def visible_to(self, user: User) -> ReviewQuerySet:
        """… that a person may read: the team all; a champion or school theirs, and the others' once theirs is in (A1).

        A home school's head is no party, and reads none.
        """
        if user.may("impact.view_impact"):
            return self
        if not user.may("impact.review"):
            return self.none()
        same = Review.objects.filter(deployment=OuterRef("deployment"), kind=OuterRef("kind"))
        as_champion = Q(deployment__champion__user=user) & Exists(same.filter(party=Party.CHAMPION))
        at_school = Q(deployment__school__in=School.objects.visible_to(user))
        return self.filter(as_champion | at_school & Exists(same.filter(party=Party.SUPPORTED)))

    def closing(self) -> ReviewQuerySet:
        """… that were written at the end."""
        return self.filter(kind=Kind.CLOSING)


class Review(InsertOnly):
    """One party's review of a deployment. What is written stays: all write before they read what the others say."""

    class Advice(models.TextChoices):
        """Whether others should have support like this."""

        YES = "yes", "Yes"
        CHANGED = "changed", "Yes, with changes"
        NO = "no", "No"

    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    party = models.CharField(max_length=10, choices=Party.choices)
    went_well = models.TextField("what went well")
    to_change = models.TextField("what to change")
    next_step = models.TextField("what happens next", blank=True)
    recommended = models.CharField(
        "recommended to other schools", max_length=10, choices=Advice.choices, blank=True, help_text="At the end only."
    )
    heard_how = models.CharField(
        max_length=200, blank=True, help_text="How the team heard it, where the team wrote it down for a party."
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_on = models.DateField()
    request_key = models.CharField(
        max_length=40, blank=True, editable=False, help_text="The form’s own key: pressing twice makes one row."
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["deployment", "kind", "party"]
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "kind", "party"],
                name="review_is_written_once_by_each",
                violation_error_message="This review is in already.",
            ),
            models.CheckConstraint(condition=KNOWN_KIND, name="review_kind_is_known"),
            models.CheckConstraint(condition=KNOWN_PARTY, name="review_party_is_known"),
            models.CheckConstraint(
                condition=~Q(went_well="") & ~Q(to_change=""),
                name="review_says_something",
                violation_error_message="Say what went well and what to change.",
            ),
            models.CheckConstraint(
                condition=Q(kind="midpoint", recommended="")
                | Q(kind="closing", recommended__in=["yes", "changed", "no"]),
                name="review_recommends_at_the_end",
                violation_error_message="Say at the end whether you recommend it to other schools.",
            ),
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="review_is_written_once_by_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.deployment} by {self.get_party_display().lower()}"


class OutcomeRating(InsertOnly):
    """How far one intended outcome was reached, in the words that the outcome had when it was rated.

    It keeps these words rather than a key: a new version of the agreement replaces a deployment's outcomes.
    """

    class HowFar(models.TextChoices):
        """From not yet to fully; `rank` counts up from nought."""

        NOT_YET = "not yet", "Not yet"
        PARTLY = "partly", "Partly"
        MOSTLY = "mostly", "Mostly"
        FULLY = "fully", "Fully"

        @property
        def rank(self) -> int:
            """Its place, from 0."""
            return RANKS[self.value]

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="ratings")
    position = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=300)
    measure = models.CharField(max_length=300, blank=True)
    how_far = models.CharField(max_length=10, choices=HowFar.choices)
    evidence = models.TextField(blank=True)

    class Meta:
        ordering = ["review", "position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "outcome"], name="outcome_is_rated_once_in_a_review"),
            models.CheckConstraint(
                condition=Q(how_far__in=["not yet", "partly", "mostly", "fully"]), name="outcome_rating_is_known"
            ),
            models.CheckConstraint(condition=~Q(outcome=""), name="outcome_rating_is_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.get_how_far_display()}"
