"""What one school gets beside its allowance, agreed by a leader (O13, S5)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from schools.models import School
from support.models.deliveries import Delivery
from support.models.offers import Service


class Adjustment(models.Model):
    """More or less of a service for one school, from a day to a day, with who allowed it and why (O13, S5)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="adjustments")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="+", help_text="A service of a pool adjusts the whole pool."
    )
    amount = models.SmallIntegerField(
        help_text="Half days where the service counts days, otherwise visits or places; may be below nought."
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField()
    allowed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    allowed_at = models.DateTimeField(auto_now_add=True)
    delivery = models.ForeignKey(
        Delivery,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="adjustments",
        help_text="The delivery that it made room for; when that is cancelled, another one takes it back.",
    )
    request_key = models.CharField(
        max_length=40, blank=True, editable=False, help_text="The form’s own key: pressing twice makes one row."
    )

    class Meta:
        ordering = ["school", "starts_on"]
        indexes = [models.Index(fields=["starts_on", "ends_on", "school"], name="adjustment_on_a_day")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="adjustment_changes_something",
                violation_error_message="Enter how much more or less.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="adjustment_ends_after_it_starts",
                violation_error_message="The adjustment ends before it starts.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="adjustment_has_a_reason", violation_error_message="Say why."
            ),
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="adjustment_is_made_once_by_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}: {self.amount:+d} {self.service}"
