"""Agreeing a deployment."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from sidebyside.govuk.dates import DateField
from sidebyside.once import OnceForm
from support.agreements import Intended, faults_of
from support.forms.fields import DaysField, SchoolField, schools_still_open
from support.models import Champion, Deployment


class ChampionField(forms.ModelChoiceField):
    """One of the champions who can be deployed."""

    def label_from_instance(self, obj: Champion) -> str:
        """The name, the type and the home school: what a match is made on."""
        return f"{obj.name}, {obj.type.code}, of {obj.home_school}"


class DeploymentForm(OnceForm):
    """The agreement: who, where, what for, how many days, when."""

    champion = ChampionField(queryset=Champion.objects.none(), empty_label="Choose a champion")
    school = SchoolField()
    focus = forms.CharField(max_length=200, help_text="Such as early reading.")
    outcomes = forms.CharField(
        label="Outcomes",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What will be better when it ends, a line each.",
    )
    half_days_agreed = DaysField(label="Days agreed", help_text="In steps of half a day, such as 4.5.")
    starts_on = DateField(label="First day")
    ends_on = DateField(label="Last day")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champions = Champion.objects.active().select_related("type", "home_school")
        self.fields["champion"].queryset = champions  # type: ignore[attr-defined]
        self.fields["school"].queryset = schools_still_open(on)  # type: ignore[attr-defined]
        self.deployment: Deployment | None = None
        if self.is_bound and "override" in self.data:
            self.ask_why()

    def clean(self) -> dict[str, Any]:
        """All that is wrong with the days and dates is said at once, beside what is missing."""
        values = super().clean() or self.cleaned_data
        days, first, last = (values.get(name) for name in ("half_days_agreed", "starts_on", "ends_on"))
        for field, sentence in faults_of(half_days=days, starts_on=first, ends_on=last).items():
            self.add_error(field, sentence)
        return values

    def clean_outcomes(self) -> list[Intended]:
        """One for each line."""
        return [Intended(line.strip()[:300]) for line in self.cleaned_data["outcomes"].splitlines() if line.strip()]

    def ask_why(self) -> None:
        """Add the reason for going on despite a conflict."""
        self.fields["override"] = forms.CharField(
            label="Why it should go on all the same", required=False, max_length=500
        )
