"""Visits in lists: all that a person may see, the same as a spreadsheet, and those of one school."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from schools.history import neighbours_of
from schools.pages import school_page
from sidebyside.accounts.access import requires
from sidebyside.accounts.models import User
from sidebyside.csv import csv_response
from sidebyside.paging import page_of
from support.models import Delivery
from visits.filters import VisitFilter, sorted_visits
from visits.models import AgreedAction, Note, NoteAnswer, Visit

MOST_ACTIONS = 100  # the open ones first, then those that were done last
HEADINGS = [
    *("date", "time", "urn", "school", "service", "adviser", "where", "minutes", "state"),
    *("note_shared", "note_accurate"),
]


@requires("visits.view_visit")
def visit_list(request: HttpRequest) -> HttpResponse:
    """The visits that a person may see, fifty at a time; an adviser begins with their own."""
    (chosen, visits), today = selection(request), timezone.localdate()
    context = {
        "title": "Visits",
        "page": page_of(with_deeds(visits, request.user, today, "pk"), request, ids_first=True),
        "filter": chosen,
        "today": today,
        "export_url": reverse("visit_export"),
        "noun": "visit",
        "may_subscribe": request.user.may("calendars.subscribe"),
        "empty_text": "No visit is planned or held yet.",
    }
    return render(request, "visits/visit_list.html", context)


@requires("visits.view_visit")
def visit_export(request: HttpRequest) -> StreamingHttpResponse:
    """The same selection in the same order, as CSV; never a word of a note."""
    _, visits = selection(request)
    return csv_response(f"visits-{timezone.localdate()}.csv", HEADINGS, cells(visits))


@requires("visits.view_visit", "support.view_entitlement")
def school_visits(request: HttpRequest, urn: int) -> HttpResponse:
    """One school's visits and its open actions. Who may not read visits sees only that they happened."""
    school, user, today = school_page(request, urn), request.user, timezone.localdate()
    context: dict[str, Any] = {"school": school, "title": "Visits", "today": today}
    if school.closed_on:  # S7: its work goes on elsewhere
        context["successor"] = next(iter(neighbours_of(school, user=user).after), None)
    deliveries = Delivery.objects.visible_to(user).filter(school=school, service__is_visit=True)
    deliveries = with_deeds(deliveries.select_related("service", "adviser", "visit"), user, today)
    context["page"] = page_of(with_notes(deliveries), request)
    if user.may("visits.view_visit"):
        actions = AgreedAction.objects.visible_to(user).filter(school=school)
        context |= {
            "reads_visits": True,
            "actions": actions.order_by(F("done_on").desc(nulls_first=True), "due_on", "id")[:MOST_ACTIONS],
            "can_plan": user.may("visits.plan_visit") and school.sector is not None,
            "can_close": user.may("visits.log_visit"),
        }
    return render(request, "visits/school_visits.html", context)


def selection(request: HttpRequest) -> tuple[VisitFilter, QuerySet[Visit]]:
    """What the address asks for, among the visits that are this person's to see (A1)."""
    visits = Visit.objects.visible_to(request.user)
    chosen = VisitFilter(request.GET, visits, user=request.user, on=timezone.localdate())
    return chosen, sorted_visits(
        with_notes(chosen.qs.select_related("delivery__school", "delivery__service", "delivery__adviser"), "pk"),
        request.GET.get("sort", ""),
    )


def with_notes(rows: QuerySet[Any], visit: str = "visit") -> QuerySet[Any]:
    """Each row with what it says of its note: `has_note`, and `is_accurate` when the school found the latest so.

    `visit` is the column that names the row's visit.
    """
    later = Note.objects.filter(visit=OuterRef("note__visit"), version__gt=OuterRef("note__version"))
    accurate = NoteAnswer.objects.filter(note__visit=OuterRef(visit), is_accurate=True).exclude(Exists(later))
    return rows.annotate(has_note=Exists(Note.objects.filter(visit=OuterRef(visit))), is_accurate=Exists(accurate))


def with_deeds(rows: QuerySet[Any], user: User, on: date, visit: str = "visit") -> QuerySet[Any]:
    """Each row with whether this person may log its visit: `can_log`. `visit` is as in `with_notes`."""
    return rows.annotate(can_log=Exists(Visit.objects.loggable_by(user, on=on).filter(pk=OuterRef(visit))))


def cells(visits: QuerySet[Visit]) -> Iterator[tuple[Any, ...]]:
    """A row for each visit."""
    for visit in visits.iterator():
        delivery = visit.delivery
        yield (
            delivery.happens_on,
            f"{visit.starts_at:%H:%M}" if visit.starts_at else None,
            delivery.school_id,
            delivery.school.name,
            delivery.service.code,
            delivery.adviser.name if delivery.adviser else None,
            visit.mode,
            visit.minutes,
            delivery.state,
            visit.has_note,  # type: ignore[attr-defined]
            visit.is_accurate,  # type: ignore[attr-defined]
        )
