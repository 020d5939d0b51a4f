"""The trail, for those who audit: who did what, when, to what, and why."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sidebyside.accounts.access import requires
from sidebyside.audit.filters import EventFilter
from sidebyside.audit.models import Event
from sidebyside.audit.subjects import in_chunks, name_subjects
from sidebyside.csv import csv_response
from sidebyside.paging import page_of

HEADINGS = ["at", "who", "email", "deed", "subject", "about", "urn", "why", "details"]


@requires("audit.view_event")
def event_list(request: HttpRequest) -> HttpResponse:
    """Every deed, the latest first, fifty at a time."""
    chosen = EventFilter(request.GET, Event.objects.select_related("by"))
    page = page_of(chosen.qs, request)
    page.object_list = name_subjects(page.object_list)
    context = {
        "title": "What was done",
        "filter": chosen,
        "page": page,
        "export_url": reverse("event_export"),
        "empty_text": "Nothing has been recorded yet.",
    }
    return render(request, "audit/event_list.html", context)


@requires("audit.view_event")
def event_export(request: HttpRequest) -> StreamingHttpResponse:
    """The same deeds as CSV, with their details."""
    chosen = EventFilter(request.GET, Event.objects.select_related("by")).qs
    rows = (
        (
            event.at,
            event.by.name if event.by else "",
            event.by.email if event.by else "",
            event.verb,
            event.subject,
            event.about,
            event.school_urn,
            event.why,
            json.dumps(event.details, ensure_ascii=False) if event.details else "",
        )
        for event in in_chunks(chosen.iterator())
    )
    return csv_response(f"deeds-{timezone.localdate()}.csv", HEADINGS, rows)
