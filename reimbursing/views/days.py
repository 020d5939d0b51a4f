"""A champion's own days: what the home school gets for each."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from reimbursing.coming import PLANNED, days_of
from sidebyside.accounts.access import requires
from sidebyside.years import AcademicYear


@requires("reimbursing.view_own_days")
def my_days(request: HttpRequest) -> HttpResponse:
    """The days of an academic year (`?year=2022-23`), and what the home school is paid for them."""
    this_year = AcademicYear.containing(timezone.localdate())
    year = _year(request.GET.get("year")) or this_year
    days = days_of(request.user, year)
    context = {
        "title": "What my home school is paid for my days",
        "year": year,
        "later": year.next if year < this_year else None,
        "days": days,
        "half_days": sum(own.day.half_days for own in days if own.status != PLANNED),
        "amount": sum(own.amount or 0 for own in days if own.status != PLANNED),
    }
    return render(request, "reimbursing/my_days.html", context)


def _year(text: str | None) -> AcademicYear | None:
    try:
        return AcademicYear.parse(text) if text else None
    except ValueError:
        raise Http404 from None
