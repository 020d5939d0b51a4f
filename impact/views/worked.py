"""What worked, for the Board: by area and type of champion, on a page that prints, and as CSV; and the findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from impact.charts import STEP, bars_of
from impact.facts import facts_of
from impact.filters import FindingFilter
from impact.forms.worked import WorkedForm
from impact.habits import category_months
from impact.models import Finding
from impact.populations import years_with_deployments
from impact.worked import Worked, summed, what_worked
from sidebyside.accounts.access import requires
from sidebyside.csv import csv_response
from sidebyside.days import days_text
from sidebyside.paging import page_of

SAID = {"area": ("Area",), "type": ("Type of champion",), "both": ("Area", "Type of champion")}
FIGURES = (
    "deployments", "ended", "running", "days delivered", "outcomes rated", "average from 0 to 3",
    "mostly or fully reached", "category lower", "category the same", "category higher", "found strong", "found secure",
    "found to need work",
)  # fmt: skip
TOO_FEW = "too few to say"


@requires("impact.view_impact")
def worked_report(request: HttpRequest) -> HttpResponse:
    """The report, with a chart and the table below it."""
    form, rows, whole = report(request)
    bars = bars_of(rows)
    context = {
        "title": "What worked",
        "form": form,
        "rows": rows,
        "whole": whole,
        "headings": SAID[form.cut],
        "bars": bars,
        "chart_height": len(bars) * STEP,
        "period": form.period,
        "months": category_months(),
        "today": timezone.localdate(),
        "export_url": reverse("worked_export"),
    }
    return render(request, "impact/worked_report.html", context)


@requires("impact.view_impact")
def worked_export(request: HttpRequest) -> StreamingHttpResponse:
    """The same lines as CSV; where there are too few deployments it says so, too."""
    form, rows, _ = report(request)
    headings = [heading.lower() for heading in SAID[form.cut]] + list(FIGURES)
    return csv_response(f"what-worked-{timezone.localdate()}.csv", headings, cells(rows))


def report(request: HttpRequest) -> tuple[WorkedForm, list[Worked], Worked]:
    """What was asked for, its lines, and all of it in one line."""
    today = timezone.localdate()
    form = WorkedForm.of(request, years_with_deployments(on=today))
    facts = facts_of(form.years, on=today)
    return form, what_worked(facts, by=form.cut), summed(facts, ("All",))


def cells(rows: list[Worked]) -> Iterator[list[Any]]:
    """Each line of the report as the cells of a spreadsheet."""
    for row in rows:
        counts = [row.deployments, row.ended, row.running, days_text(row.half_days)]
        reached = [row.outcomes.rated, row.average, row.outcomes.well] if row.says_outcomes else [TOO_FEW] * 3
        moved = [row.lowered, row.kept, row.raised] if row.says_category else [TOO_FEW] * 3
        grades = [TOO_FEW] * len(row.grades) if row.is_too_few else row.grades.values()
        yield [*row.labels, *counts, *reached, *moved, *grades]


@requires("impact.view_impact")
def finding_list(request: HttpRequest) -> HttpResponse:
    """What quality assurance found, the latest first, and how many of each grade."""
    findings = Finding.objects.visible_to(request.user).select_related(
        "found_by", "sampled__sample", "sampled__deployment__champion", "sampled__deployment__school",
        "sampled__deployment__champion_type", "sampled__deployment__skill",
    )  # fmt: skip
    chosen = FindingFilter(request.GET, findings, on=timezone.localdate())
    counted = dict(chosen.qs.order_by().values_list("grade").annotate(count=Count("pk")))
    context = {
        "title": "Findings",
        "caption": "Quality assurance",
        "filter": chosen,
        "page": page_of(chosen.qs.order_by("-found_on", "-id"), request),
        "noun": "finding",
        "grades": [(label, counted.get(value, 0)) for value, label in Finding.Grade.choices],
        "empty_text": "Nothing has been found yet.",
        "today": timezone.localdate(),
        "back_url": reverse("sample_list"),
        "back_text": "Quality assurance",
    }
    return render(request, "impact/finding_list.html", context)
