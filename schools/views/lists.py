"""The list of schools, and the same selection as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from schools.filters import SchoolFilter, sorted_schools
from schools.models import School
from schools.risk import is_provisional
from sidebyside.accounts.access import requires
from sidebyside.council.models import displayed_council
from sidebyside.csv import csv_response
from sidebyside.paging import page_of

HEADINGS = [
    *("urn", "school", "category", "category_since", "provisional", "sector", "type", "phase"),
    *("adviser", "trust", "headteacher", "opened_on", "closed_on", "postcode"),
]


@requires("schools.view_school")
def school_list(request: HttpRequest) -> HttpResponse:
    """The schools that a person may see, fifty at a time; those who see all may narrow them."""
    chosen, schools = selection(request)
    context = {
        "title": "Schools" if chosen else "Your schools",
        "page": page_of(schools, request),
        "filter": chosen,
        "today": timezone.localdate(),
        "mine_url": f"{request.path}?adviser={request.user.pk}" if request.user.may("visits.log_visit") else "",
        "export_url": reverse("school_export"),
        "empty_text": "No school is yours to see. Ask the team that invited you.",
    }
    return render(request, "schools/school_list.html", context)


@requires("schools.view_school")
def school_export(request: HttpRequest) -> StreamingHttpResponse:
    """The same selection in the same order, as CSV."""
    _, schools = selection(request)
    return csv_response(f"schools-{timezone.localdate()}.csv", HEADINGS, cells(schools))


def selection(request: HttpRequest) -> tuple[SchoolFilter | None, QuerySet[School]]:
    """What the address asks for, among the schools that are this person's (A1)."""
    today = timezone.localdate()
    schools = School.objects.visible_to(request.user).in_list(today)
    by = request.GET.get("sort", "")
    if not request.user.may("schools.view_all"):
        return None, sorted_schools(schools, by)
    council = displayed_council()
    chosen = SchoolFilter(request.GET, schools, authority=council.authority_code if council else "", on=today)
    return chosen, sorted_schools(chosen.qs, by)


def cells(schools: QuerySet[School]) -> Iterator[tuple[Any, ...]]:
    """A row for each school."""
    today = timezone.localdate()
    for school in schools.with_head(today).iterator():  # type: ignore[attr-defined]
        since = school.category_since
        yield (
            school.urn,
            school.name,
            school.category_name,
            since,
            is_provisional(since, on=today) and not school.has_closed(today) if since else None,
            school.sector,
            school.type_name,
            school.phase,
            school.adviser_name,
            school.trust_name,
            school.head_name,
            school.opened_on,
            school.closed_on,
            school.postcode,
        )
