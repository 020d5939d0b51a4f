"""Billing's part of the standing lists: VAT rates and the stages of reminders. What was edited since stays."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from billing.models import ReminderStage, VatRate


@transaction.atomic
def load_billing_standing(data: dict[str, Any]) -> None:
    """Make the VAT rates and reminder stages of `data/standing.json` that are not there yet."""
    for row in data["vat_rates"]:
        key = {name: row[name] for name in ("treatment", "starts_on")}
        VatRate.objects.get_or_create(**key, defaults={"percent": row["percent"]})
    for row in data["reminder_stages"]:
        ReminderStage.objects.get_or_create(days_after_due=row["days_after_due"], defaults=row)
