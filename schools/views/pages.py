"""A school's own pages: the overview and the history."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from schools.actions import OPEN_STATES
from schools.history import neighbours_of, people_of, stretches_of
from schools.models import CategoryEntry, School
from schools.pages import school_page
from schools.risk import is_provisional
from sidebyside.accounts.access import requires
from sidebyside.accounts.models import User
from sidebyside.audit.models import Event
from sidebyside.paging import PER_PAGE

State = CategoryEntry.State


@requires("schools.view_school")
def school_detail(request: HttpRequest, urn: int) -> HttpResponse:
    """What the school is, its category and what that means, and who leads it and looks after it."""
    school, today = school_page(request, urn), timezone.localdate()
    user = request.user
    context = {"school": school, "can": deeds(user, school), **neighbours(school, user), **categories(school, user)}
    context["people"] = people_of(school, on=today) if user.is_council_staff else None
    return render(request, "schools/school_detail.html", context)


@requires("schools.view_school")
def school_history(request: HttpRequest, urn: int) -> HttpResponse:
    """Everything dated about the school; council staff and auditors see who did what, and why (A3)."""
    school, user = school_page(request, urn), request.user
    entries = CategoryEntry.objects.visible_to(user).filter(school=school)
    context = {
        "title": "History",
        "school": school,
        "can": deeds(user, school),
        "entries": entries.select_related("category", "proposed_by", "confirmed_by"),
        "stretches": stretches_of(school),
        "events": None,
        **neighbours(school, user),
    }
    if user.is_council_staff or user.may("audit.view_event"):
        context |= deeds_at(school, user, before=request.GET.get("before", ""))
    return render(request, "schools/school_history.html", context)


def deeds_at(school: School, user: User, *, before: str) -> dict[str, Any]:
    """The latest deeds, or those before the one whose number an older page's link carries; whether there are more.

    Deeds on notes, whose reasons speak of what notes say, are for those who read notes and those who audit; deeds on
    needs, for those who read needs.
    """
    events = Event.objects.filter(school_urn=school.urn).select_related("by").order_by("-id")
    if not (user.may("visits.view_visit") or user.may("audit.view_event")):
        events = events.exclude(verb__startswith="note.")
    if not user.may("brokering.view_need"):
        events = events.exclude(verb__startswith="need.")
    if not (user.may("support.view_vetting") or user.may("audit.view_event")):
        events = events.exclude(verb__startswith="champion.check")
    if before.isascii() and before.isdigit():
        events = events.filter(id__lt=int(before[:18]))
    found = list(events[: PER_PAGE + 1])
    return {"events": found[:PER_PAGE], "has_older": len(found) > PER_PAGE}


def deeds(user: User, school: School) -> dict[str, bool]:
    """What this person may do on a school's pages: a closed one gets no category and no adviser any more."""
    goes_on = not school.has_closed(timezone.localdate())
    return {
        "propose": goes_on and school.sector is not None and user.may("schools.propose_category"),
        "confirm": user.may("schools.confirm_category"),
        "assign": goes_on and user.may("schools.assign_adviser"),
    }


def neighbours(school: School, user: User) -> dict[str, Any]:
    """The schools before and after, for the layout's notices and the summary."""
    found = neighbours_of(school, user=user)
    return {
        "neighbours": found,
        "predecessor": next(iter(found.before), None),
        "successor": next(iter(found.after), None),
    }


def categories(school: School, user: User) -> dict[str, Any]:
    """The entry in force today, those that are confirmed for later, and the open proposals."""
    today = timezone.localdate()
    entries = CategoryEntry.objects.visible_to(user).filter(school=school).exclude(state=State.WITHDRAWN)
    entries = list(entries.select_related("category", "proposed_by"))
    confirmed = [entry for entry in entries if entry.state == State.CONFIRMED]
    entry = next((entry for entry in confirmed if entry.starts_on <= today), None)
    has_closed = school.has_closed(today)
    return {
        "entry": entry,
        "has_closed": has_closed,
        "is_provisional": entry is not None and not has_closed and is_provisional(entry.starts_on, on=today),
        "coming": [entry for entry in confirmed if entry.starts_on > today],
        "proposals": [entry for entry in entries if entry.state in OPEN_STATES],
    }
