"""The school that a page is about: every page of a school begins here, so that none forgets whose it is (A1)."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from schools.models import School


def school_page(request: HttpRequest, urn: int) -> School:
    """The school with this URN, annotated with today's category, adviser, trust and head, in one query.

    Raises Http404 alike for a school that is not this person's and for one that does not exist.
    """
    today = timezone.localdate()
    return get_object_or_404(School.objects.visible_to(request.user).in_list(today).with_head(today), urn=urn)
