"""What the page of days agreed and used can be narrowed by."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet

from brokering.days_used import By
from brokering.filters import filter_choices
from brokering.watching import deployments_of
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.forms import FilterForm
from sidebyside.years import AcademicYear
from support.models import Deployment

YEARS_BACK = 8
GROUPS = [
    (By.DEPLOYMENT.value, "Deployment"),
    (By.SCHOOL.value, "School"),
    (By.CHAMPION.value, "Champion"),
    (By.HOME.value, "Home school"),
]


class WatchFilter(FilterSet):
    """Narrows the deployments of one academic year. The year and the group stand beside the rest, for the form only."""

    by = ChoiceFilter(label="A line for each", choices=GROUPS, method="by_itself", empty_label=None)
    year = ChoiceFilter(label="Academic year", method="by_itself", empty_label=None)
    q = CharFilter(label="School, champion or URN", method="by_words", max_length=100)
    type = ChoiceFilter(label="Type of champion", field_name="champion_type", empty_label="All")
    adviser = ChoiceFilter(label="Adviser of the school", method="by_adviser", empty_label="All")

    class Meta:
        model = Deployment
        fields: list[str] = []
        form = FilterForm

    def __init__(self, data: QueryDict, *, user: User, on: date) -> None:
        self.on = on
        self.academic_year, self.group = _year(data.get("year", ""), on), _group(data.get("by", ""))
        given = {name: value for name, value in data.items() if value}
        chosen = {"by": self.group.value, "year": self.academic_year.slug}
        super().__init__(given | chosen, deployments_of(user, self.academic_year))
        found = filter_choices()
        self.filters["year"].extra["choices"] = [(year.slug, str(year)) for year in _years(self.academic_year, on)]
        for name in ("type", "adviser"):
            self.filters[name].extra["choices"] = found[name]

    def by_itself(self, deployments: QuerySet[Deployment], name: str, value: str) -> QuerySet[Deployment]:
        """The rows are of the year already, and the group puts them together afterwards."""
        return deployments

    def by_words(self, deployments: QuerySet[Deployment], name: str, value: str) -> QuerySet[Deployment]:
        """Deployments whose school or champion holds every word, or has that URN or code."""
        for word in value.split():
            found = Q(school__name__icontains=word) | Q(champion__name__icontains=word) | Q(champion__code__iexact=word)
            if word.isascii() and word.isdigit() and len(word) == 6:
                found |= Q(school=int(word))
            deployments = deployments.filter(found)
        return deployments

    def by_adviser(self, deployments: QuerySet[Deployment], name: str, value: str) -> QuerySet[Deployment]:
        """Deployments at the schools that this person looks after today."""
        schools: Any = School.objects.with_adviser(self.on)
        return deployments.filter(school__in=schools.filter(adviser_id=int(value)).order_by().values("pk"))


def _year(text: str, on: date) -> AcademicYear:
    """The year that an address asks for, this one where it asks for none or for what is none."""
    this_year = AcademicYear.containing(on)
    try:
        asked = AcademicYear.parse(text)
    except ValueError:
        return this_year
    return asked if 0 <= this_year.start + 1 - asked.start <= YEARS_BACK + 1 else this_year


def _years(chosen: AcademicYear, on: date) -> list[AcademicYear]:
    """The next year, this one and those before, the latest first."""
    this_year = AcademicYear.containing(on)
    return [AcademicYear(start) for start in range(this_year.start + 1, this_year.start - YEARS_BACK - 1, -1)]


def _group(text: str) -> By:
    return By(text) if text in list(By) else By.DEPLOYMENT
