"""What an approved line and an issued line have in common: everything that the document says of one charge."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from schools.models import School
from sidebyside.guards.models import InsertOnly
from support.models import Delivery, Service


class ChargedLine(InsertOnly):
    """One charge, frozen: rate, band, VAT and the reasons (M7, M8, M11).

    `source_key` names the charge, such as `delivery-123-champion`; it is taken once at a time, so nothing is billed
    twice.
    """

    source_key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="%(class)ss")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    school_name = models.CharField(max_length=160)
    delivered_on = models.DateField()
    service = models.CharField(max_length=80)
    service_code = models.CharField(max_length=12)
    description = models.CharField(max_length=300)
    unit = models.CharField(
        max_length=6, choices=Service.Unit, blank=True, help_text="What is counted; empty for a sum."
    )
    half_days = models.PositiveSmallIntegerField()
    units = models.PositiveSmallIntegerField(default=1)
    day_rate = models.PositiveIntegerField(
        null=True, blank=True, help_text="Pence; empty where the price is not by the day."
    )
    charge_percent = models.DecimalField(max_digits=5, decimal_places=2)
    net = models.PositiveIntegerField(help_text="Pence.")
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2)
    vat_reason = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(unit="days", half_days__gt=0)
                | Q(unit__in=["", "visits", "places"], half_days=0, units__gt=0),
                name="%(class)s_counts_its_unit",
            )
        ]

    def __str__(self) -> str:
        return self.description

    def says(self, **instead: Any) -> dict[str, Any]:
        """Everything that is frozen of the charge, for another row that says the same; but for what is said instead."""
        return {field.attname: getattr(self, field.attname) for field in ChargedLine._meta.local_fields} | instead
