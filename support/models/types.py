"""Types of champion, what a day of them costs, and what champions are good at."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from sidebyside.guards.freezing import Freeze, freeze_once_begun
from sidebyside.guards.models import Freezing
from support.models.offers import Service


class ChampionType(models.Model):
    """A type of champion, whose days are one service: SSLC, SSPC, ABLE. Its name is data."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    service = models.OneToOneField(Service, on_delete=models.PROTECT, related_name="champion_type")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class DayRate(Freezing):
    """What a day of a champion type costs from a day on, in pence; a half day is half (M3). Begun, it is frozen."""

    champion_type = models.ForeignKey(ChampionType, on_delete=models.PROTECT, related_name="day_rates")
    starts_on = models.DateField()
    rate = models.PositiveIntegerField("rate in pence", validators=[MinValueValidator(1)])
    history = HistoricalRecords()

    class Meta:
        ordering = ["champion_type", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["champion_type", "starts_on"],
                name="day_rate_starts_once",
                violation_error_message="This champion type has a rate from that day already.",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="day_rate_is_above_nought"),
        ]

    @classmethod
    def freezes(cls) -> list[Freeze]:
        """Once it has begun."""
        return [freeze_once_begun(cls._meta.db_table)]

    def __str__(self) -> str:
        return f"{self.champion_type} from {self.starts_on:%-d %B %Y}"


class Skill(models.Model):
    """What a champion is good at and a school may need, such as early reading. Also the area that support is for."""

    name = models.CharField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in lists.")

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Phase(models.Model):
    """A phase of education, named as the register of schools names it, such as Primary."""

    name = models.CharField(max_length=40, unique=True, help_text="As it stands on a school’s page.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in lists.")

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
