"""What becomes of a delivery that waits for the supported school: disputed, or reminded of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from sidebyside.accounts.models import User
from sidebyside.mail.models import Dispatch
from support.models.deliveries import Delivery


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """The disputes …"""

    def visible_to(self, user: User) -> DisputeQuerySet:
        """… about deliveries that a person may see (A1)."""
        return self.filter(delivery__in=Delivery.objects.visible_to(user))

    def open(self) -> DisputeQuerySet:
        """… that nobody has resolved."""
        return self.filter(resolved_on__isnull=True)


class Dispute(models.Model):
    """That the supported school says that a delivery was not as it stands there; a broker resolves it (M1)."""

    class Outcome(models.TextChoices):
        """What the broker decided."""

        STANDS = "stands", "It stands as it was logged"
        SHORTENED = "shortened", "It was shorter"
        WITHDRAWN = "withdrawn", "It did not take place"

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="disputes")
    reason = models.TextField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    resolution = models.TextField(blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_on = models.DateField(null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="dispute_has_a_reason", violation_error_message="Say what is wrong."
            ),
            models.UniqueConstraint(
                fields=["delivery"],
                condition=Q(resolved_on__isnull=True),
                name="delivery_is_disputed_once_at_a_time",
                violation_error_message="This is disputed already.",
            ),
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True, resolved_by__isnull=True, outcome="", resolution="")
                | Q(resolved_on__isnull=False, resolved_by__isnull=False)
                & Q(outcome__in=["stands", "shortened", "withdrawn"])
                & ~Q(resolution=""),
                name="dispute_is_resolved_by_somebody_with_a_word",
                violation_error_message="Say how it was resolved.",
            ),
        ]

    def __str__(self) -> str:
        return f"Dispute about {self.delivery}"


class ConfirmationReminder(models.Model):
    """That a school was reminded to confirm a delivery: once, and from then on the broker may (M1).

    Without a mail where nobody signs in for the school.
    """

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, primary_key=True, related_name="reminder")
    reminded_on = models.DateField()
    mail = models.ForeignKey(Dispatch, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"Reminder of {self.delivery}"
