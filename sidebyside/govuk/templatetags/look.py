"""Parts of pages that need a little arithmetic: bars, charts, pagination, sortable headings, tabs."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.formats import date_format

from sidebyside.clock import clock_text

register = template.Library()
Number = int | Decimal
CATEGORY_COLOURS = {"enhancement": "green", "prevention": "blue", "intervention": "orange"}
SCHOOL_TABS = (
    ("Overview", "school_detail"),
    ("Entitlement", "school_entitlement"),
    ("Costs", "school_costs"),
    ("Visits", "school_visits"),
    ("Deployments", "school_deployments"),
    ("History", "school_history"),
)
CHART_HEIGHT = 120
BAR_WIDTH = 90
BAR_GAP = 20


def share(part: Number, whole: Number) -> float:
    """A part as a percentage of the whole, between 0 and 100, to one decimal: the width of a bar, never a sum."""
    return round(min(100.0, max(0.0, 100 * float(part) / float(whole))), 1) if whole else 0.0


@register.filter
def clock(at: time | datetime | None) -> str:
    """A time of day, or the London time of a moment: `9:30am`; nothing for none."""
    if at is None:
        return ""
    return clock_text(timezone.localtime(at) if isinstance(at, datetime) else at)


@register.filter
def moment(at: datetime | None) -> str:
    """A moment in London: `9 November 2026, 9:30am`; nothing for none."""
    return f"{day(at)}, {clock(at)}" if at else ""


def day(at: datetime) -> str:
    """The day of a moment in London, with its month in full."""
    return date_format(timezone.localtime(at).date())


@register.inclusion_tag("components/progress.html")
def progress(used: Number, of: Number, booked: Number = 0) -> dict[str, Any]:
    """A bar that repeats for the eye what the words beside it say: used, then booked, of a ceiling.

    Beyond the ceiling the bar is full and ends in amber.
    """
    whole = max(of, used + booked)
    used_share, booked_share = share(min(used, of), whole), share(min(booked, max(of - used, 0)), whole)
    over = share(whole - of, whole)
    return {"used": used_share, "booked": booked_share, "over": over, "over_from": round(100 - over, 1)}


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(title: str, rows: list[tuple[str, Number]], label: str, value: str, unit: str = "") -> dict[str, Any]:
    """Upright bars with their table beneath. `rows` are (label, number); `label` and `value` head the table."""
    most = max((number for _, number in rows), default=0)
    bars = []
    for index, (name, number) in enumerate(rows):
        height = round(share(number, most) * CHART_HEIGHT / 100)
        left = 10 + index * (BAR_WIDTH + BAR_GAP)
        bars.append(
            {
                "name": name,
                "number": f"{number:,}",
                "x": left,
                "middle": left + BAR_WIDTH // 2,
                "y": 25 + CHART_HEIGHT - height,
                "value_y": 25 + CHART_HEIGHT - height - 7,
                "height": height,
            }
        )
    width = max(len(rows), 1) * (BAR_WIDTH + BAR_GAP) + BAR_GAP - 10
    return {
        "title": title,
        "bars": bars,
        "width": width,
        "bar_width": BAR_WIDTH,
        "headings": (label, value),
        "unit": unit,
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page) -> dict[str, Any]:
    """Links to the other pages of a list; they keep the filters in the address. Nothing when there is one page."""
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "pages": list(pages), "gap": page.paginator.ELLIPSIS, "request": context.get("request")}


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, label: str, field: str, css: str = "", parameter: str = "sort") -> dict[str, Any]:
    """A column heading that sorts the list: once upwards, again downwards."""
    request: HttpRequest = context["request"]
    current = request.GET.get(parameter, "")
    is_up, is_down = current == field, current == f"-{field}"
    query = request.GET.copy()
    query.pop("page", None)
    query[parameter] = f"-{field}" if is_up else field
    direction = "ascending" if is_up else "descending" if is_down else "none"
    arrow = "▲" if is_up else "▼" if is_down else ""
    return {"label": label, "query": query.urlencode(), "direction": direction, "arrow": arrow, "css": css}


@register.inclusion_tag("components/tag.html")
def category_tag(category: str | None, *, is_provisional: bool = False) -> dict[str, Any]:
    """The tag of a category (S1); `is_provisional` says that last year's still stands (S2)."""
    colour = CATEGORY_COLOURS.get(str(category or "").lower(), "grey")
    text = str(category).capitalize() if category else "No category yet"
    return {"text": f"{text} (provisional)" if is_provisional else text, "colour": colour}


@register.inclusion_tag("components/tabs.html", takes_context=True)
def school_tabs(context: Context, urn: str | int) -> dict[str, Any]:
    """The pages of one school, each owned by its own app; one that this person's role does not open is left out."""
    request: HttpRequest = context["request"]
    addresses = [(label, school_url(name, urn)) for label, name in SCHOOL_TABS]
    found = [{"label": label, "url": url} for label, url in addresses if url and is_open_to(request.user, url)]
    current = max((tab["url"] for tab in found if request.path.startswith(tab["url"])), key=len, default="")
    return {"tabs": [tab | {"is_current": tab["url"] == current} for tab in found], "label": "This school"}


def is_open_to(person: Any, url: str) -> bool:
    """Whether the policy of the view at this address lets a person in."""
    policy = getattr(resolve(url).func, "policy", None)
    return not isinstance(policy, tuple) or any(person.may(permission) for permission in policy)


def school_url(name: str, urn: str | int) -> str:
    """The address of one page of a school; empty when there is no such page."""
    try:
        return reverse(name, kwargs={"urn": urn})
    except NoReverseMatch:
        return ""
