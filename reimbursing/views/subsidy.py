"""The subsidy: what champions' days cost the council once supported schools have paid their part (M16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from reimbursing.subsidy import Row, Subsidy, subsidy
from reimbursing.subsidy_sums import By
from sidebyside.accounts.access import requires
from sidebyside.csv import csv_response
from sidebyside.days import days_cell
from sidebyside.forms import FilterForm
from sidebyside.money import decimal_pounds
from sidebyside.years import FinancialYear, Period

YEARS_BACK, SHOWN, BARS, BELOW_A_BAR = 6, 100, 8, 12
EVERY_YEAR = "all"
LABELS = {By.SCHOOL: "Supported school", By.TRUST: "Trust", By.TYPE: "Champion type", By.YEAR: "Financial year"}
HEADINGS = ["days", "cost", "stated", "income", "charged", "subsidy", "brokerage", "days_without_a_rate"]


class SubsidyForm(FilterForm):
    """By what, and of which financial year."""

    by = forms.ChoiceField(label="Group by", choices=[(by.value, label) for by, label in LABELS.items()])
    year = forms.ChoiceField(label="Financial year")

    def __init__(self, data: Any, *, on: date) -> None:
        this = FinancialYear.containing(on)
        self.years = [FinancialYear(this.start - back) for back in range(YEARS_BACK)]
        chosen = {"by": data.get("by") or By.TYPE.value, "year": data.get("year") or this.slug}
        super().__init__(chosen)
        years = [(year.slug, str(year)) for year in self.years]
        self.fields["year"].choices = [*years, (EVERY_YEAR, "All of them")]  # type: ignore[attr-defined]

    @property
    def by_what(self) -> By:
        """By what, once the form is valid."""
        return By(self.cleaned_data["by"])

    @property
    def period(self) -> Period:
        """Its days, once the form is valid."""
        if self.cleaned_data["year"] == EVERY_YEAR:
            return Period(self.years[-1].first_day, self.years[0].last_day)
        year = FinancialYear.parse(self.cleaned_data["year"])
        return Period(year.first_day, year.last_day)


@requires("reimbursing.view_subsidy")
def subsidy_page(request: HttpRequest) -> HttpResponse:
    """The sums, a chart of the largest, and the table."""
    form = SubsidyForm(request.GET, on=timezone.localdate())
    context: dict[str, Any] = {"title": "Subsidy", "form": form, "export_url": reverse("subsidy_export")}
    if form.is_valid():
        found = _named(subsidy(form.by_what, form.period), form.by_what)
        chart = sorted(found.rows, key=lambda row: row.subsidy, reverse=form.by_what in (By.SCHOOL, By.TRUST))
        chart = list(found.rows) if form.by_what in (By.TYPE, By.YEAR) else chart
        context |= {"rows": found.rows[:SHOWN], "more": max(0, len(found.rows) - SHOWN), "total": found.total}
        context |= {"label": LABELS[form.by_what], "period": form.period}
        context["chart"] = [(_short(row.label), decimal_pounds(row.subsidy)) for row in chart[:BARS]]
    return render(request, "reimbursing/subsidy.html", context)


@requires("reimbursing.view_subsidy")
def subsidy_export(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a spreadsheet, whole."""
    form = SubsidyForm(request.GET, on=timezone.localdate())
    rows: tuple[Row, ...] = ()
    label = "group"
    if form.is_valid():
        label, rows = form.by_what.value, _named(subsidy(form.by_what, form.period), form.by_what).rows
    return csv_response("subsidy.csv", ["key", label, *HEADINGS], cells(rows))


def cells(rows: tuple[Row, ...]) -> Iterator[tuple[Any, ...]]:
    """A row for each group; money in pounds, days in steps of 0.5."""
    for row in rows:
        amounts = (row.cost, row.stated, row.income, row.charged, row.subsidy, row.brokerage)
        money = (decimal_pounds(amount) for amount in amounts)
        yield (row.key, row.label, Decimal(days_cell(row.half_days)), *money, Decimal(days_cell(row.unpriced)))


def _short(label: str) -> str:
    """As much of a name as stands below a bar; the table below has all of it."""
    return label if len(label) <= BELOW_A_BAR else f"{label[: BELOW_A_BAR - 1]}…"


def _named(found: Subsidy, by: By) -> Subsidy:
    """Financial years as they are written."""
    if by == By.YEAR:
        for row in found.rows:
            row.label = str(FinancialYear(int(row.key)))
    return found
