"""Days agreed and used, put together in four ways, as a page and as a spreadsheet; and the pools that run out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from brokering.days_used import By, Line, in_order, lines_of, total_of
from brokering.watch_filter import GROUPS, WatchFilter
from brokering.watching import deployed, over_used, pools_running_out, running_out
from sidebyside.accounts.access import requires
from sidebyside.council.models import Council
from sidebyside.csv import csv_response
from sidebyside.days import days_cell
from sidebyside.paging import PER_PAGE
from support.models import Champion

MOST = 2000  # lines on one page, for paper
WARNINGS = 5  # that stand above the lines unless all is asked for
FIGURES = ("agreed", "booked", "delivered", "confirmed", "left")
WHO = {
    By.DEPLOYMENT: ("champion", "code", "type", "urn", "school", "home_school", "starts_on", "ends_on"),
    By.SCHOOL: ("urn", "school", "deployments"),
    By.CHAMPION: ("code", "champion", "deployments"),
    By.HOME: ("urn", "home_school", "deployments"),
}


@requires("brokering.watch")
def watch(request: HttpRequest) -> HttpResponse:
    """The days of a year's deployments, a line for each or for all of a school, champion or home school."""
    chosen, lines = selection(request)
    today, year = timezone.localdate(), chosen.academic_year
    rows = [row for line in lines for row in line.members]
    champions = Champion.objects.visible_to(request.user).filter(pk__in=chosen.qs.order_by().values("champion"))
    warnings = running_out(rows, Council.current(), on=today) + over_used(champions, year, on=today)
    is_whole = "all" in request.GET
    context = {
        "title": f"Days agreed and used, {year}",
        "filter": chosen,
        "group": dict(GROUPS)[chosen.group],
        "by": chosen.group,
        "page": Paginator(lines, MOST if is_whole else PER_PAGE).get_page(request.GET.get("page")),
        "total": total_of(lines),
        "warnings": warnings,
        "shown": warnings if is_whole else warnings[:WARNINGS],
        "today": today,
        "export_url": reverse("watch_export"),
        "empty_text": f"No deployment of {year} has been agreed.",
        "back_url": reverse("deployment_list"),
        "back_text": "Deployments",
    }
    return render(request, "brokering/watch_list.html", context)


@requires("brokering.watch")
def watch_export(request: HttpRequest) -> StreamingHttpResponse:
    """The same lines in the same order, as CSV; days with one decimal."""
    chosen, lines = selection(request)
    headings = (*WHO[chosen.group], *FIGURES)
    return csv_response(f"days-by-{chosen.group}-{chosen.academic_year.slug}.csv", headings, cells(lines, chosen.group))


@requires("brokering.watch")
def watch_pools(request: HttpRequest) -> HttpResponse:
    """The schools that have used most of their days or all, each with its pools (O5)."""
    today = timezone.localdate()
    context = {
        "title": "Pools of days that run out",
        "schools": pools_running_out(request.user, Council.current(), on=today),
        "today": today,
        "back_url": reverse("watch"),
        "back_text": "Days agreed and used",
    }
    return render(request, "brokering/watch_pools.html", context)


def selection(request: HttpRequest) -> tuple[WatchFilter, list[Line]]:
    """What the address asks for, among the deployments that are this person's to see (A1)."""
    today = timezone.localdate()
    chosen = WatchFilter(request.GET, user=request.user, on=today)
    lines = lines_of(deployed(chosen.qs, on=today), chosen.group)
    return chosen, in_order(lines, request.GET.get("sort", ""))


def cells(lines: Sequence[Line], by: By) -> Iterator[tuple[Any, ...]]:
    """A row for each line."""
    for line in lines:
        yield (*who(line, by), *(Decimal(days_cell(getattr(line.used, figure))) for figure in FIGURES))


def who(line: Line, by: By) -> tuple[Any, ...]:
    """What a line is about."""
    row, count = line.first, len(line.members)
    if by == By.SCHOOL:
        return row.urn, row.school, count
    if by == By.CHAMPION:
        return row.code, row.champion, count
    if by == By.HOME:
        return row.home_urn, row.home, count
    return row.champion, row.code, row.kind, row.urn, row.school, row.home, row.starts_on, row.ends_on
