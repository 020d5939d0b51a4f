"""How pages speak of a school's category."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from schools.models import School
from schools.names import readable
from schools.risk import is_provisional

register = template.Library()
register.filter("readable", readable)


@register.inclusion_tag("components/tag.html")
def school_category(row: Any, on: date | None = None) -> dict[str, str]:
    """The tag of the category in force, of a school annotated by `with_category`; not provisional after its closing."""
    if not row.category_name:
        return {"text": "No category yet", "colour": "grey"}
    today = on or timezone.localdate()
    waits = is_provisional(row.category_since, on=today) and not row.has_closed(today)
    ending = " (provisional)" if waits else ""
    return {"text": f"{row.category_name}{ending}", "colour": row.category_colour}


@register.filter
def sector_label(school: School) -> str:
    """The sector in words (S6)."""
    return school.sector.capitalize() if school.sector else "Outside the offer"


@register.filter
def opening_notice(school: School) -> str:
    """What a school's pages say first when it is not simply open: that it has closed, will close, or is to open."""
    today, status = timezone.localdate(), School.Status
    if school.closed_on:
        verb = "closed" if school.closed_on < today else "closes"
        return f"This school {verb} on {date_format(school.closed_on)}."
    if school.status == status.CLOSED:
        return "This school has closed."
    if school.opened_on and school.opened_on > today:
        return f"This school opens on {date_format(school.opened_on)}."
    if school.status == status.PROPOSED and not school.opened_on:
        return "This school is proposed and has no opening date yet."
    return "This school is proposed to close." if school.status == status.CLOSING else ""
