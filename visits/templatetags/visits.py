"""How pages speak of a visit's state."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils import timezone

from support.models import Delivery

register = template.Library()


@register.inclusion_tag("components/tag.html")
def visit_state(delivery: Delivery, on: date | None = None) -> dict[str, str]:
    """The tag of a visit: planned, due for its note once its day has come, held, cancelled (V1)."""
    today = on or timezone.localdate()
    if delivery.state == Delivery.State.CANCELLED:
        return {"text": "Cancelled", "colour": "grey"}
    if delivery.state != Delivery.State.PLANNED:
        return {"text": "Held", "colour": "green"}
    if delivery.happens_on > today:
        return {"text": "Planned", "colour": "blue"}
    if delivery.happens_on == today:
        return {"text": "Today", "colour": "yellow"}
    return {"text": "Note due", "colour": "orange"}


@register.filter
def log_words(delivery: Delivery, on: date) -> str:
    """What leads to the log of a visit that has no note; empty while its day is to come, and when it was cancelled."""
    if delivery.state == Delivery.State.PLANNED:
        return "Log this visit" if delivery.happens_on <= on else ""
    return "" if delivery.state == Delivery.State.CANCELLED else "Add a note"


@register.filter
def is_overdue(action: Any, on: date) -> bool:
    """Whether an agreed action should have been done before a day (V5)."""
    return bool(action.is_overdue(on))
