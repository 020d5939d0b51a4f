"""The reviews of a deployment on its own page, which is another room's."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from impact.due import dues, may_be_written
from impact.habits import review_habits
from impact.models import Kind, Party
from impact.parties import is_reviewed, party_of
from support.models import Deployment

register = template.Library()


@register.inclusion_tag("impact/parts/on_deployment.html", takes_context=True)
def deployment_reviews(context: Context, deployment: Deployment) -> dict[str, Any]:
    """Which reviews are in, and what this person has to write: two queries at most, none for whoever may read none."""
    user, on = context["request"].user, timezone.localdate()
    party = party_of(user, deployment)
    if party is None and not user.may("impact.view_impact"):
        return {}
    there = set(deployment.reviews.order_by().values_list("kind", "party"))
    is_asked, habits, days = is_reviewed(deployment), review_habits(), (deployment.starts_on, deployment.ends_on)
    rows = []
    for due in dues(*days, habits):
        count = sum((due.kind, each) in there for each in Party)
        is_open = is_asked and may_be_written(due.kind, *days, habits, on=on)
        may_write = is_open and party is not None and (due.kind, party) not in there
        if is_asked or count:
            rows.append({"kind": Kind(due.kind), "due": due, "count": count, "may_write": may_write})
    return {"deployment": deployment, "rows": rows, "of": len(Party), "today": on}
