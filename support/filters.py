"""The filters of the champion register and of the deployments."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from sidebyside.forms import FilterForm
from support.models import Champion, ChampionType, Deployment
from support.traits import PHASE, SKILL, TYPE, all_traits
from support.vetting import SOON

YES_NO = [("yes", "Yes"), ("no", "No")]
DAYS_FREE = [
    ("free", "Some are free"),
    ("five", "5 or more are free"),
    ("none", "None is free"),
    ("over", "More given than agreed"),
    ("unknown", "Nothing agreed with the home school"),
]
BY_DAYS: dict[str, dict[str, Any]] = {  # in half days
    "free": {"half_days_free__gt": 0},
    "five": {"half_days_free__gte": 10},
    "none": {"half_days_free__lte": 0},
    "over": {"half_days_free__lt": 0},
    "unknown": {"half_days_free__isnull": True},
}
CHECKS = [
    ("lacking", "Missing or expired"),
    ("soon", f"Expire within {SOON.days} days"),
    ("held", "All required ones hold"),
]
BY_CHECKS: dict[str, dict[str, Any]] = {
    "lacking": {"lacks_check": True},
    "soon": {"check_expires_soon": True},
    "held": {"lacks_check": False},
}
WHEN = [("running", "Running today"), ("coming", "Still to begin"), ("over", "Past their last day")]


class ChampionFilter(FilterSet):
    """Narrows the register; whoever may not read checks has no filter for them."""

    q = CharFilter(label="Name, code or home school", method="by_words", max_length=100)
    type = ChoiceFilter(label="Type, main or further", method="by_type", empty_label="All")
    skill = ChoiceFilter(label="Good at", method="by_trait", empty_label="All")
    phase = ChoiceFilter(label="Phase", method="by_trait", empty_label="All")
    days = ChoiceFilter(label="Days this academic year", choices=DAYS_FREE, method="by_days", empty_label="All")
    checks = ChoiceFilter(label="Checks", choices=CHECKS, method="by_checks", empty_label="All")
    active = ChoiceFilter(label="Can be deployed", choices=YES_NO, method="by_active", empty_label="All")

    class Meta:
        model = Champion
        fields: list[str] = []
        form = FilterForm

    def __init__(self, data: QueryDict, queryset: QuerySet[Champion], *, may_vet: bool) -> None:
        super().__init__(data, queryset)
        lists = all_traits()
        for name in (TYPE, SKILL, PHASE):
            self.filters[name].extra["choices"] = lists.get(name, [])
        if not may_vet:
            del self.filters["checks"]

    def by_words(self, champions: QuerySet[Champion], name: str, value: str) -> QuerySet[Champion]:
        """Champions whose name, code or home school holds every word."""
        for word in value.split():
            found = Q(name__icontains=word) | Q(code__icontains=word) | Q(home_school__name__icontains=word)
            champions = champions.filter(found)
        return champions

    def by_type(self, champions: QuerySet[Champion], name: str, value: str) -> QuerySet[Champion]:
        """Champions of this type, be it the main one or a further one."""
        further = Exists(Champion.other_types.through.objects.filter(champion=OuterRef("pk"), championtype=value))
        return champions.filter(Q(type=value) | further)

    def by_trait(self, champions: QuerySet[Champion], name: str, value: str) -> QuerySet[Champion]:
        """Champions with this skill, or for this phase."""
        through = {SKILL: Champion.skills.through, PHASE: Champion.phases.through}[name]
        return champions.filter(Exists(through.objects.filter(champion=OuterRef("pk"), **{name: value})))

    def by_days(self, champions: QuerySet[Champion], name: str, value: str) -> QuerySet[Champion]:
        """Champions by what is left of the days agreed with the home school (`with_capacity`)."""
        return champions.filter(**BY_DAYS[value])

    def by_checks(self, champions: QuerySet[Champion], name: str, value: str) -> QuerySet[Champion]:
        """Champions by how their checks stand today (`with_checks`)."""
        return champions.filter(**BY_CHECKS[value])

    def by_active(self, champions: QuerySet[Champion], name: str, value: str) -> QuerySet[Champion]:
        """Champions who can be deployed, or who cannot."""
        return champions.filter(is_active=value == "yes")


class DeploymentFilter(FilterSet):
    """Narrows the deployments that a person may see."""

    school = CharFilter(label="School or champion", method="by_words", max_length=100)
    type = ModelChoiceFilter(
        label="Champion’s type", field_name="champion__type", queryset=ChampionType.objects.all(), empty_label="All"
    )
    state = ChoiceFilter(choices=Deployment.State.choices, method="by_state", empty_label="All")
    when = ChoiceFilter(label="When", choices=WHEN, method="by_time", empty_label="Any time")

    class Meta:
        model = Deployment
        fields: list[str] = []
        form = FilterForm

    def __init__(self, data: QueryDict, queryset: QuerySet[Deployment], *, on: date) -> None:
        super().__init__(data, queryset)
        self.on = on

    def by_words(self, deployments: QuerySet[Deployment], name: str, value: str) -> QuerySet[Deployment]:
        """Deployments whose school or champion holds every word, or has that URN or code."""
        for word in value.split():
            found = Q(school__name__icontains=word) | Q(champion__name__icontains=word) | Q(champion__code__iexact=word)
            if word.isascii() and word.isdigit() and len(word) == 6:
                found |= Q(school=int(word))
            deployments = deployments.filter(found)
        return deployments

    def by_state(self, deployments: Any, name: str, value: str) -> QuerySet[Deployment]:
        """Deployments that are in this state today."""
        return deployments.in_state(value, on=self.on)

    def by_time(self, deployments: Any, name: str, value: str) -> QuerySet[Deployment]:
        """Deployments that run today, that begin later, or whose last day is past."""
        if value == "running":
            return deployments.running_on(self.on)
        return (
            deployments.filter(starts_on__gt=self.on) if value == "coming" else deployments.filter(ends_on__lt=self.on)
        )
