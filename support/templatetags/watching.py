"""What a deployment's page shows of its days: the chart, and what runs out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from sidebyside.council.models import displayed_council
from support.balances import SchoolBalances
from support.burn_down_chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Dated, chart_of, points_text
from support.models import Delivery, Deployment
from support.watched import limits_of, pool_warnings, warnings_of

register = template.Library()
State = Delivery.State
WAS_AGREED = (Deployment.State.AGREED, Deployment.State.ENDED)


@register.inclusion_tag("components/burn_down.html")
def burn_down_chart(
    deployment: Deployment, deliveries: Iterable[Delivery], on: date, versions: Iterable[Any] = ()
) -> dict[str, Any]:
    """The days left of a deployment against time, with the table that says the same; nothing of one never agreed.

    `versions` of its agreement say since when how many days are agreed.
    """
    if deployment.state not in WAS_AGREED:
        return {}
    rows, changes = list(deliveries), _agreed(versions)
    chart = chart_of(
        changes[0].half_days if changes else deployment.half_days_agreed,
        deployment.starts_on,
        deployment.ends_on,
        delivered=_dated(rows, State.DELIVERED, State.CONFIRMED),
        booked=_dated(rows, State.PLANNED),
        on=on,
        changes=changes[1:],
    )
    lines = {"pace": chart.even_pace, "actual": chart.actual, "booked": chart.booked}
    box = {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "top": TOP,
        "bottom": HEIGHT - BOTTOM,
    }
    return {"chart": chart, **box, **{name: points_text(points) for name, points in lines.items()}}


def _agreed(versions: Iterable[Any]) -> list[Dated]:
    """The days that each version agreed, from the day on which it was; the first one first."""
    agreed = [version for version in versions if version.state == "agreed"]
    return [
        Dated(timezone.localdate(version.decided_at), version.half_days)
        for version in sorted(agreed, key=lambda version: version.decided_at)
    ]


def _dated(deliveries: Iterable[Delivery], *states: str) -> list[Dated]:
    return [Dated(each.happens_on, each.half_days) for each in deliveries if each.state in states]


@register.inclusion_tag("support/parts/warnings.html", takes_context=True)
def deployment_warnings(
    context: Context, deployment: Deployment, deliveries: Iterable[Delivery], on: date
) -> dict[str, Any]:
    """What runs out or stands still of a deployment, and what its reader can do; nothing of one that is over."""
    council = displayed_council()
    if council is None or deployment.state_on(on) != Deployment.State.AGREED:
        return {"warnings": []}
    warnings = warnings_of(deployment, deliveries, limits_of(council), on=on)
    return {"warnings": warnings, "is_team": context["request"].user.may("support.change_deployment")}


@register.inclusion_tag("support/parts/warnings.html", takes_context=True)
def balance_warnings(context: Context, found: SchoolBalances) -> dict[str, Any]:
    """Which of a school's allowances of days run out, and what its reader can do."""
    council = displayed_council()
    warnings = pool_warnings(found, limits_of(council)) if council else []
    return {"warnings": warnings, "is_team": context["request"].user.is_council_staff}
