"""What a spreadsheet said of a delivery, so that a later file is compared with that, and not with the portal alone."""

from __future__ import annotations

from django.db import models

from support.models.champions import Champion
from support.models.deliveries import Delivery


class ImportedRow(models.Model):
    """The row of a delivery in the file that was imported last: what differs from it was changed in the portal (S9)."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, primary_key=True, related_name="imported")
    happens_on = models.DateField("date")
    champion = models.ForeignKey(Champion, on_delete=models.PROTECT, null=True, related_name="+")
    half_days = models.PositiveSmallIntegerField()
    units = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=Delivery.State.choices)
    is_origin = models.BooleanField(help_text="The import made the delivery; otherwise it was in the portal before.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "delivered", "confirmed"]), name="imported_row_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Row of {self.delivery}"
