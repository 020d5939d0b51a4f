"""What a champion must have done before going into schools, and what ties them to one."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from schools.models import School, Trust
from support.models.champions import Champion


class CheckKind(models.Model):
    """What a champion must have done before going into schools, such as an induction or safeguarding training."""

    name = models.CharField(max_length=60, unique=True)
    is_required = models.BooleanField(
        default=True, help_text="Without it nobody is deployed, unless a leader says why."
    )
    good_for_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="After so many months it is due again; empty where it lasts."
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in lists.")

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class ChampionCheck(models.Model):
    """That a champion has done what is asked for, on a day, and until when it holds."""

    champion = models.ForeignKey(Champion, on_delete=models.PROTECT, related_name="checks")
    kind = models.ForeignKey(CheckKind, on_delete=models.PROTECT, related_name="checks")
    done_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True, help_text="The last day on which it holds.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kind", "-done_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("done_on")),
                name="champion_check_expires_after_it_is_done",
                violation_error_message="It expires before it was done.",
            ),
            models.UniqueConstraint(
                fields=["champion", "kind", "done_on"],
                name="champion_check_is_recorded_once",
                violation_error_message="This is in the register already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.champion}"


class Interest(models.Model):
    """What a champion has declared that ties them to a school or a trust, such as a relative who works there."""

    champion = models.ForeignKey(Champion, on_delete=models.PROTECT, related_name="interests")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    what = models.CharField(max_length=200)
    declared_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True, help_text="The last day on which it holds.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(
        max_length=40, blank=True, editable=False, help_text="The form’s own key: pressing twice makes one row."
    )

    class Meta:
        ordering = ["champion", "-declared_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="interest_is_declared_once_by_a_form"
            ),
            models.CheckConstraint(
                condition=Q(school__isnull=True, trust__isnull=False) | Q(school__isnull=False, trust__isnull=True),
                name="interest_is_in_a_school_or_a_trust",
                violation_error_message="Choose a school or a trust, not both.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("declared_on")),
                name="interest_ends_after_it_is_declared",
                violation_error_message="It ends before it was declared.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.champion} and {self.school or self.trust}"

    def holds_on(self, day: date) -> bool:
        """Whether the champion is tied on a day, the last one included."""
        return self.declared_on <= day and (self.ended_on is None or self.ended_on >= day)
