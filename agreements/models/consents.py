"""Who agreed, or did not: written once, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from agreements.models.agreements import Agreement
from agreements.models.parties import Party
from sidebyside.guards.models import InsertOnly


class Consent(InsertOnly):
    """One party's answer to one version: who, when, how, and why where it is no."""

    class How(models.TextChoices):
        """How the portal knew who it was."""

        SIGNED_IN = "signed in", "signed in to the portal"
        LINK = "link", "by a link and a code sent to their email address"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="consents")
    party = models.CharField(max_length=10, choices=Party.choices)
    is_yes = models.BooleanField("agrees")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=120)
    email = models.EmailField()
    how = models.CharField(max_length=10, choices=How.choices)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["agreement", "at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="party_answers_an_agreement_once"),
            models.CheckConstraint(
                condition=Q(party__in=["supported", "home", "broker"]), name="consent_is_of_a_known_party"
            ),
            models.CheckConstraint(condition=Q(how__in=["signed in", "link"]), name="consent_came_in_a_known_way"),
            models.CheckConstraint(
                condition=Q(is_yes=True) | ~Q(reason=""),
                name="consent_is_refused_for_a_reason",
                violation_error_message="Say why not.",
            ),
            models.CheckConstraint(
                condition=~Q(how="signed in") | Q(user__isnull=False), name="consent_signed_in_is_somebodys"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="consent_names_who_gave_it"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {'agreed' if self.is_yes else 'declined'}"
