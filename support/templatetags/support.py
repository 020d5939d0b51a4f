"""How pages speak of half days, and of the state of a delivery or deployment."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms, template

from sidebyside.days import days_text
from sidebyside.govuk.templatetags.govuk import error_summary
from sidebyside.money import pounds
from support.entitlements import DAYS, amount_text
from support.models import Delivery, Deployment

register = template.Library()
COLOURS: dict[str, str] = {
    Delivery.State.PLANNED: "blue",
    Delivery.State.DELIVERED: "yellow",
    Delivery.State.CONFIRMED: "green",
    Delivery.State.CANCELLED: "grey",
    Deployment.State.PROPOSED: "yellow",
    Deployment.State.AGREED: "green",
    Deployment.State.DECLINED: "orange",
    Deployment.State.ENDED: "grey",
}


@register.filter
def days(half_days: int) -> str:
    """Half days as days: 3 is `1.5` (O6)."""
    return days_text(half_days)


@register.filter
def in_days(half_days: int) -> str:
    """Half days in words: `1.5 days`, `1 day`."""
    return amount_text(half_days, DAYS)


@register.filter(name="pounds")
def in_pounds(pence: int) -> str:
    """Pence as `£1,234.50`."""
    return pounds(pence)


@register.filter
def extent(delivery: Delivery) -> str:
    """How much a delivery is: `1 day`, `6 places`, `1 visit`."""
    if delivery.service.unit == DAYS:
        return amount_text(delivery.half_days, DAYS)
    attended = f", a champion for {amount_text(delivery.half_days, DAYS)}" if delivery.half_days else ""
    return f"{amount_text(delivery.units, delivery.service.unit)}{attended}"


@register.inclusion_tag("components/tag.html")
def state_tag(row: Delivery | Deployment, on: date | None = None) -> dict[str, str]:
    """The tag of a state; a delivered row says what it waits for. A deployment's state is that `on` a day."""
    state = row.state_on(on) if isinstance(row, Deployment) and on else type(row).State(row.state)
    text = "To be confirmed" if state == Delivery.State.DELIVERED else f"{state.label}"
    if state == Delivery.State.DELIVERED and getattr(row, "dispute_open", None):
        return {"text": "Disputed", "colour": "orange"}
    return {"text": text, "colour": COLOURS.get(state, "grey")}


@register.filter
def is_open_on(deployment: Deployment, day: date) -> bool:
    """Whether a day can be planned: it is agreed, and its last day is not over."""
    return deployment.state_on(day) == Deployment.State.AGREED


@register.inclusion_tag("govuk/error_summary.html")
def week_errors(key: forms.BaseForm, rows: list[forms.BaseForm]) -> dict[str, Any]:
    """The errors of a week's page: its own, then those of its rows."""
    return error_summary(key, *rows)
