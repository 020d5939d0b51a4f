"""Narrowing the findings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from impact.models import Finding
from sidebyside.forms import FilterForm
from sidebyside.years import AcademicYear
from support.models import ChampionType

DEPLOYMENT = "sampled__deployment"
YEARS = 6


class FindingFilter(FilterSet):
    """By year, grade and type of champion. The years offered are this one and the five before it: no query."""

    year = ChoiceFilter(label="Began in academic year", method="by_year", empty_label="Any")
    grade = ChoiceFilter(choices=Finding.Grade.choices, empty_label="All")
    type = ModelChoiceFilter(
        label="Type of champion",
        field_name=f"{DEPLOYMENT}__champion_type",
        queryset=ChampionType.objects.all(),
        empty_label="All",
    )

    class Meta:
        model = Finding
        fields: list[str] = []
        form = FilterForm

    def __init__(self, data: QueryDict, queryset: QuerySet[Finding], *, on: date) -> None:
        super().__init__(data, queryset)
        now = AcademicYear.containing(on).start
        years = [AcademicYear(start) for start in range(now, now - YEARS, -1)]
        self.filters["year"].extra["choices"] = [(str(year.start), str(year)) for year in years]

    def by_year(self, findings: QuerySet[Finding], name: str, value: str) -> Any:
        """About deployments that began in an academic year."""
        year = AcademicYear(int(value))
        return findings.filter(**{f"{DEPLOYMENT}__starts_on__range": (year.first_day, year.last_day)})
