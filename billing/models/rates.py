"""Dated rates: each holds from its day until the next one's. Percentages are exact decimals."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from sidebyside.guards.freezing import Freeze, freeze_once_begun
from sidebyside.guards.models import Freezing


class Dated(Freezing):
    """A percentage that holds from a day on; the database keeps it unchanged once that day has come."""

    starts_on = models.DateField()
    percent = models.DecimalField(
        max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    class Meta:
        abstract = True
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="%(class)s_is_from_0_to_100",
                violation_error_message="A percentage is from 0 to 100.",
            )
        ]

    @classmethod
    def freezes(cls) -> list[Freeze]:
        """Once it has begun."""
        return [freeze_once_begun(cls._meta.db_table)]

    def __str__(self) -> str:
        return f"{self.percent}% from {self.starts_on:%-d %B %Y}"


class ChargeBand(Dated):
    """How much of the day rate an academy pays for champion days from a day on (M3)."""

    history = HistoricalRecords()

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["starts_on"],
                name="charge_band_starts_once",
                violation_error_message="There is a charge band from that day already.",
            ),
        ]


class BrokerageRate(Dated):
    """A charge on top for brokering, shown apart (M5)."""

    history = HistoricalRecords()

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["starts_on"],
                name="brokerage_rate_starts_once",
                violation_error_message="There is a brokerage rate from that day already.",
            ),
        ]


class VatRate(Dated):
    """The rate of a VAT treatment from a day on (M8)."""

    class Treatment(models.TextChoices):
        """How VAT treats what an account is billed."""

        STANDARD = "standard", "Standard rate"
        ZERO = "zero", "Zero rate"
        EXEMPT = "exempt", "Exempt"
        OUTSIDE = "outside scope", "Outside the scope of VAT"

    treatment = models.CharField(max_length=14, choices=Treatment.choices)
    history = HistoricalRecords()

    class Meta(Dated.Meta):
        verbose_name = "VAT rate"
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["treatment", "starts_on"],
                name="vat_rate_starts_once",
                violation_error_message="This treatment has a rate from that day already.",
            ),
            models.CheckConstraint(
                condition=Q(treatment__in=["standard", "zero", "exempt", "outside scope"]),
                name="vat_treatment_is_known",
            ),
        ]
