"""How pages speak of needs."""

from __future__ import annotations

from django import template

from brokering.matching import Reason, Side
from brokering.models import Need

register = template.Library()
COLOURS = {
    Need.Standing.OPEN: "yellow",
    Need.Standing.MATCHED: "blue",
    Need.Standing.MET: "green",
    Need.Standing.WITHDRAWN: "grey",
    Need.Standing.DECLINED: "orange",
}


@register.inclusion_tag("components/tag.html")
def need_tag(need: Need) -> dict[str, str]:
    """The tag of how a need stands."""
    return {"text": need.standing.label, "colour": COLOURS[need.standing]}


SPEAKS = {Side.FOR: "For", Side.AGAINST: "Against", Side.UNKNOWN: "Not known"}


@register.filter
def speaks(reason: Reason) -> str:
    """Which way a reason speaks, for those who do not see its sign."""
    return SPEAKS[reason.side]


@register.filter
def points(number: int) -> str:
    """Points with a real minus sign."""
    return f"{number}".replace("-", "−")
