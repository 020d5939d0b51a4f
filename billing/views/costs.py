"""What the support of a school has cost (O14)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from billing.costs import costs_of, sums_of
from schools.pages import school_page
from sidebyside.accounts.access import requires
from sidebyside.years import AcademicYear


@requires("billing.view_invoice")
def school_costs(request: HttpRequest, urn: int) -> HttpResponse:
    """Each delivery of an academic year (`?year=2022-23`) with its price, the reason, and where it is invoiced."""
    school, today = school_page(request, urn), timezone.localdate()
    this_year = AcademicYear.containing(today)
    year = _year(request.GET.get("year")) or this_year
    costs = costs_of(school, year, user=request.user)
    context = {
        "title": f"What the support of {year} cost",
        "school": school,
        "today": today,
        "year": year,
        "later": year.next if year < this_year else None,
        "costs": costs,
        "sums": sums_of(costs),
        "net": sum(cost.net for cost in costs),
    }
    return render(request, "billing/school_costs.html", context)


def _year(text: str | None) -> AcademicYear | None:
    try:
        return AcademicYear.parse(text) if text else None
    except ValueError:
        raise Http404 from None
