"""The filters and orders of the list of visits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet
from django_filters.filters import Filter

from sidebyside.accounts.models import User
from sidebyside.accounts.roles import Role
from sidebyside.forms import FilterForm
from sidebyside.govuk.dates import DateField
from visits.models import Visit
from visits.models.visits import VisitQuerySet

EVERYBODY, NOBODY = "all", "none"
STATES = [("coming", "Coming"), ("due", "Note due"), ("held", "Held"), ("cancelled", "Cancelled")]
SORTS = {
    "date": "delivery__happens_on",
    "school": "delivery__school__name",
    "adviser": "delivery__adviser__name",
    "kind": "delivery__service__position",
}


class DayFilter(Filter):
    """A day in three boxes, or `?from=2023-03-01` in a link."""

    field_class = DateField


class VisitFilter(FilterSet):
    """Narrows the visits that a person may see. An adviser begins with their own."""

    adviser = ChoiceFilter(field_name="delivery__adviser", method="by_adviser", label="Adviser", empty_label=None)
    school = CharFilter(method="by_school", label="School or URN", max_length=100)
    state = ChoiceFilter(method="by_state", label="State", choices=STATES, empty_label="All")
    since = DayFilter(field_name="delivery__happens_on", lookup_expr="gte", label="From")
    until = DayFilter(field_name="delivery__happens_on", lookup_expr="lte", label="To")

    class Meta:
        model = Visit
        fields: list[str] = []
        form = FilterForm

    def __init__(self, data: QueryDict, queryset: VisitQuerySet, *, user: User, on: date) -> None:
        self.on = on
        given = data.copy()
        own = str(user.pk) if user.role == Role.ADVISER else EVERYBODY
        if not given.get("adviser"):
            given["adviser"] = own
        super().__init__(given, queryset)
        if user.may("schools.view_all"):
            self.filters["adviser"].extra |= {"choices": adviser_choices(), "initial": own}
        else:
            del self.filters["adviser"]

    def by_adviser(self, visits: VisitQuerySet, name: str, value: str) -> VisitQuerySet:
        """Visits of one adviser, of all, or of nobody yet: a spreadsheet does not say whose they are."""
        if value == NOBODY:
            return visits.filter(**{name: None})
        return visits if value == EVERYBODY else visits.filter(**{name: value})

    def by_school(self, visits: VisitQuerySet, name: str, value: str) -> VisitQuerySet:
        """Visits to schools whose name holds every word, or to the one with this URN."""
        text = value.strip()
        if len(text) == 6 and text.isascii() and text.isdigit():
            return visits.filter(delivery__school=int(text))
        for word in text.split():
            visits = visits.filter(delivery__school__name__icontains=word)
        return visits

    def by_state(self, visits: VisitQuerySet, name: str, value: str) -> VisitQuerySet:
        """Visits to come, waiting for their note, held or cancelled."""
        on_a_day = {"coming": visits.coming, "due": visits.due}
        if value in on_a_day:
            return on_a_day[value](self.on)
        return visits.held() if value == "held" else visits.cancelled()


def adviser_choices() -> list[tuple[str, str]]:
    """Everybody who logs visits, in one query; those who left too, for their visits stay."""
    people = User.objects.filter(role__in=[Role.ADVISER, Role.LEAD]).values_list("pk", "name")
    return [(EVERYBODY, "All advisers"), (NOBODY, "No adviser yet"), *((str(pk), name) for pk, name in people)]


def sorted_visits(visits: QuerySet[Visit], by: str) -> QuerySet[Visit]:
    """In the order that the address asks for: `date`, or `-date` downwards; the latest first without one."""
    field: Any = SORTS.get(by.removeprefix("-"))
    if field is None:
        return visits.order_by("-delivery__happens_on", "-delivery_id")
    sign = "-" if by.startswith("-") else ""
    return visits.order_by(f"{sign}{field}", f"{sign}delivery__happens_on", f"{sign}delivery_id")
