"""Brokering's part of the standing lists: how much each reason counts in a match. What was edited since stays."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from brokering.models import MatchWeight


@transaction.atomic
def load_brokering_standing(data: dict[str, Any]) -> None:
    """Make the weights of `data/standing.json` that are not there yet."""
    for row in data["match_weights"]:
        MatchWeight.objects.get_or_create(kind=row["kind"], defaults={"points": row["points"]})
