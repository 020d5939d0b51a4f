"""Narrowing the trail."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django_filters import CharFilter, DateFilter, FilterSet

from sidebyside.audit.models import Event
from sidebyside.forms import FilterForm
from sidebyside.govuk.dates import DateField


class DayFilter(DateFilter):
    """A day in three boxes."""

    field_class = DateField


class EventFilter(FilterSet):
    """By person, school, deed and day."""

    who = CharFilter(method="by_person", label="Person", max_length=100)
    urn = CharFilter(method="by_school", label="School’s URN", max_length=6)
    deed = CharFilter(method="by_deed", label="What was done", max_length=60)
    since = DayFilter(field_name="at", lookup_expr="date__gte", label="From")
    until = DayFilter(field_name="at", lookup_expr="date__lte", label="To")

    class Meta:
        model = Event
        fields: list[str] = []
        form = FilterForm

    def by_person(self, events: Any, name: str, value: str) -> Any:
        """What somebody did whose name or address holds these words."""
        return events.filter(Q(by__name__icontains=value) | Q(by__email__icontains=value))

    def by_school(self, events: Any, name: str, value: str) -> Any:
        """What was done at one school; nothing when this is no URN."""
        return events.filter(school_urn=int(value)) if value.isascii() and value.isdigit() else events.none()

    def by_deed(self, events: Any, name: str, value: str) -> Any:
        """Deeds whose words hold these: “category confirmed”."""
        return events.filter(verb__icontains=value.strip().replace(" ", "_"))
