"""The filters of the champion register and of the deployments."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from sidebyside.forms import FilterForm
from support.models import Champion, ChampionType, Deployment

YES_NO = [("yes", "Yes"), ("no", "No")]
WHEN = [("running", "Running today"), ("coming", "Still to begin"), ("over", "Past their last day")]


class ChampionFilter(FilterSet):
    """Narrows the register."""

    q = CharFilter(label="Name, code or home school", method="by_words", max_length=100)
    type = ModelChoiceFilter(queryset=ChampionType.objects.all(), empty_label="All")
    active = ChoiceFilter(label="Can be deployed", choices=YES_NO, method="by_active", empty_label="All")

    class Meta:
        model = Champion
        fields: list[str] = []
        form = FilterForm

    def by_words(self, champions: QuerySet[Champion], name: str, value: str) -> QuerySet[Champion]:
        """Champions whose name, code or home school holds every word."""
        for word in value.split():
            found = Q(name__icontains=word) | Q(code__icontains=word) | Q(home_school__name__icontains=word)
            champions = champions.filter(found)
        return champions

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
