"""The filters of the list of needs. Every choice comes from one query, whatever the number of filters."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import CharField, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet

from brokering.models import Need
from brokering.models.needs import NeedQuerySet
from sidebyside.accounts.models import User
from sidebyside.accounts.roles import Role
from sidebyside.forms import FilterForm
from support.models import ChampionType, Skill

Choices = dict[str, list[tuple[str, str]]]


class NeedFilter(FilterSet):
    """Narrows the needs that a person may see."""

    school = CharFilter(label="School or URN", method="by_school", max_length=100)
    state = ChoiceFilter(label="State", choices=Need.Standing.choices, method="by_standing", empty_label="All")
    skill = ChoiceFilter(label="Area", field_name="skill", empty_label="All")
    type = ChoiceFilter(label="Type of champion", field_name="champion_type", empty_label="All")
    adviser = ChoiceFilter(label="Adviser", field_name="adviser_id", empty_label="All")

    class Meta:
        model = Need
        fields: list[str] = []
        form = FilterForm

    def __init__(self, data: QueryDict, queryset: NeedQuerySet) -> None:
        super().__init__(data, queryset)
        found = filter_choices()
        for name in ("skill", "type", "adviser"):
            self.filters[name].extra["choices"] = found[name]

    def by_school(self, needs: NeedQuerySet, name: str, value: str) -> NeedQuerySet:
        """Needs of schools whose name holds every word, or of the one with this URN."""
        text = value.strip()
        if len(text) == 6 and text.isascii() and text.isdigit():
            return needs.filter(school=int(text))
        words = Q()
        for word in text.split():
            words &= Q(school__name__icontains=word)
        return needs.filter(words)

    def by_standing(self, needs: NeedQuerySet, name: str, value: str) -> NeedQuerySet:
        """Needs that stand so today."""
        return needs.standing(value)


def filter_choices() -> Choices:
    """The areas, types and advisers to choose from, in one query."""
    advisers = User.objects.filter(role__in=[Role.ADVISER, Role.LEAD], is_active=True)
    rows = _choices("skill", Skill.objects.all(), place="position").union(
        _choices("type", ChampionType.objects.all()), _choices("adviser", advisers)
    )
    found: Choices = defaultdict(list)
    for kind, _, label, key in sorted(rows):
        found[kind].append((str(key), label))
    return found


def _choices(kind: str, rows: QuerySet[Any], place: str = "") -> QuerySet[Any]:
    number = IntegerField()
    return (
        rows.order_by()
        .annotate(
            choice_kind=Value(kind, CharField()),
            choice_place=Cast(place, number) if place else Value(0, number),
            choice_label=Cast("name", CharField()),
        )
        .values_list("choice_kind", "choice_place", "choice_label", "pk")
    )
