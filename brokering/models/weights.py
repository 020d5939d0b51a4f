"""How much each reason counts when champions are ranked for a need: data, edited in the administration."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from brokering.matching import Kind, Weights
from support.offer_files import STANDING, read


class MatchWeight(models.Model):
    """How many points one kind of reason counts; for a conflict, how many it takes away."""

    kind = models.CharField("reason", max_length=10, unique=True, choices=[(kind.value, kind.label) for kind in Kind])
    points = models.PositiveSmallIntegerField(help_text="The most that it counts. 0: it is said, and counts nothing.")

    class Meta:
        ordering = ["-points", "kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["type", "skill", "phase", "days", "district", "area", "impact", "conflict"]),
                name="match_weight_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.points}"


def weights_in_force() -> Weights:
    """What the administration says, and the standing defaults for what it does not mention. One query."""
    found = dict(MatchWeight.objects.values_list("kind", "points"))
    return Weights(**{row["kind"]: found.get(row["kind"], row["points"]) for row in read(STANDING)["match_weights"]})
