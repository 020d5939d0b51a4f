"""What a home school gets for a day of its champion."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from schools.models import School
from sidebyside.guards.freezing import Freeze, freeze_once_begun
from sidebyside.guards.models import Freezing
from support.models import ChampionType


class ReimbursementRate(Freezing):
    """What a home school gets for a day of a champion type from a day on, in pence; a half day is half (M16).

    A school's own rate goes before the one of every school. Begun, it is frozen.
    """

    champion_type = models.ForeignKey(ChampionType, on_delete=models.PROTECT, related_name="reimbursement_rates")
    school = models.ForeignKey(
        School,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reimbursement_rates",
        verbose_name="home school",
        help_text="Empty for every school. A school’s own rate goes before it.",
    )
    starts_on = models.DateField()
    rate = models.PositiveIntegerField("rate in pence", validators=[MinValueValidator(1)])
    history = HistoricalRecords()

    class Meta:
        ordering = ["champion_type", "school", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["champion_type", "school", "starts_on"],
                name="reimbursement_rate_of_a_school_starts_once",
                violation_error_message="This school has a rate for this champion type from that day already.",
            ),
            models.UniqueConstraint(
                fields=["champion_type", "starts_on"],
                condition=Q(school__isnull=True),
                name="reimbursement_rate_starts_once",
                violation_error_message="This champion type has a rate from that day already.",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="reimbursement_rate_is_above_nought"),
        ]

    def __str__(self) -> str:
        return f"{self.champion_type} from {self.starts_on:%-d %B %Y}"

    @classmethod
    def freezes(cls) -> list[Freeze]:
        """Once it has begun."""
        return [freeze_once_begun(cls._meta.db_table)]
