"""The visit that a page is about, and how pages speak of a moment."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from sidebyside.clock import clock_text
from visits.models import Visit


def visit_page(request: HttpRequest, pk: int) -> Visit:
    """The visit, with its facts, in one query. Raises Http404 alike for a stranger's and for none (A1)."""
    return get_object_or_404(Visit.objects.visible_to(request.user).with_facts(), pk=pk)


def moment_words(at: datetime) -> str:
    """A moment in London: `2:02pm` today, `3 March at 2:02pm` on another day."""
    local, today = timezone.localtime(at), timezone.localdate()
    if local.date() == today:
        return clock_text(local)
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%B}{year} at {clock_text(local)}"
