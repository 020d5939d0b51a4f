"""The pages of one champion: who it is and what is free, home school and checks, the calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from schools.models import School
from sidebyside.accounts.access import requires
from sidebyside.months import FIRST_YEAR, LAST_YEAR, Month, month_grid
from sidebyside.years import AcademicYear
from support.capacity import capacity_of, with_capacity
from support.champion_months import marks_of
from support.checked import checks_of, with_checks
from support.models import Champion, Deployment
from support.sight import Sight, seen_by, sight_of
from support.traits import PHASE, SKILL, TYPE, traits_of

TABS = (
    ("Overview", "champion_detail"),
    ("Home school and checks", "champion_checks"),
    ("Calendar", "champion_calendar"),
)


@requires("support.view_deployment")
def champion_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One champion: what they are, how many days are free and why, and the deployments that this person may see."""
    today = timezone.localdate()
    year = year_asked_for(request, today)
    seen = with_checks(with_capacity(seen_by(request.user), year=year, on=today), on=today)
    champion = get_object_or_404(seen.select_related("type", "home_school"), code=code)
    sight, traits = sight_of(request.user, champion), traits_of(champion)
    context = {
        **_page(request, champion, sight, "champion_detail"),
        "today": today,
        "year": year,
        "types": [name for _, name in traits.get(TYPE, [])],
        "skills": [name for _, name in traits.get(SKILL, [])],
        "phases": [name for _, name in traits.get(PHASE, [])],
        "capacity": capacity_of(champion, year=year) if sight.sees_days else None,
        "deployments": _deployments(request, champion, sight),
        "is_lent_only": sight.is_home and not sight.is_team and not sight.is_own,
        "may_say_availability": request.user.may("support.change_champion") or sight.is_own,
        "may_deploy": request.user.may("support.change_deployment") and champion.is_active,
    }
    return render(request, "support/champion_detail.html", context)


@requires("schools.view_all", "support.log_delivery")
def champion_checks(request: HttpRequest, code: str) -> HttpResponse:
    """Which schools lent a champion when, the checks, and the interests that were declared."""
    today = timezone.localdate()
    champion = get_object_or_404(seen_by(request.user).select_related("type", "home_school"), code=code)
    sight, lendings = sight_of(request.user, champion), list(champion.lendings.select_related("school"))
    context = _page(request, champion, sight, "champion_checks") | {
        "lendings": lendings,
        "lending": next((each for each in lendings if each.holds_on(today)), None),
    }
    if sight.sees_vetting:
        interests = champion.interests.select_related("school", "trust")
        context |= {"checks": checks_of(champion, today), "interests": interests}
    return render(request, "support/champion_checks.html", context)


@requires("support.view_deployment")
def champion_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """A month of a champion: where and when, as much of it as this person may see."""
    today = timezone.localdate()
    month = Month.asked_for(request.GET.get("month", ""), on=today)
    champion = get_object_or_404(seen_by(request.user).select_related("type", "home_school"), code=code)
    sight = sight_of(request.user, champion)
    marks = marks_of(champion, month, user=request.user, sight=sight)
    context = _page(request, champion, sight, "champion_calendar") | {
        "month": month,
        "weeks": month_grid(month, marks, on=today),
        "is_empty": all(mark.is_quiet for found in marks.values() for mark in found),
    }
    return render(request, "support/champion_calendar.html", context)


def year_asked_for(request: HttpRequest, on: date) -> AcademicYear:
    """The academic year of `?year=2026-27`, or the present one."""
    try:
        year = AcademicYear.parse(request.GET.get("year", ""))
    except ValueError:
        return AcademicYear.containing(on)
    return year if FIRST_YEAR <= year.start < LAST_YEAR else AcademicYear.containing(on)


def _page(request: HttpRequest, champion: Champion, sight: Sight, current: str) -> dict[str, Any]:
    """What the pages of one champion share."""
    tabs = [(label, name) for label, name in TABS if name != "champion_checks" or sight.sees_history]
    return {
        "title": champion.name,
        "caption": f"{champion.type} {champion.code}",
        "champion": champion,
        "sight": sight,
        "tabs": [
            {"label": label, "url": reverse(name, args=[champion.code]), "is_current": name == current}
            for label, name in tabs
        ],
        "back_url": reverse("champion_list"),
        "back_text": "Champions",
        "may_change": request.user.may("support.change_champion"),
    }


def _deployments(request: HttpRequest, champion: Champion, sight: Sight) -> QuerySet[Deployment]:
    """The deployments that this person may see, and a home school's head also those of its people (M16).

    Each with `is_own_school`: at a school of the person's own. Of any other the home school's head sees where and when.
    """
    rows = Deployment.objects.visible_to(request.user)
    if sight.is_home:
        rows = rows | Deployment.objects.lent_by(request.user)
    own = Exists(School.objects.visible_to(request.user).filter(pk=OuterRef("school")))
    rows = rows.filter(champion=champion).with_half_days().annotate(is_own_school=own)
    return rows.select_related("school", "champion__type").order_by("-starts_on", "-id")
