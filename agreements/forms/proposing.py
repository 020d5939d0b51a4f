"""A new deployment, and other terms for one that is there."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from agreements.forms.terms import TermsForm
from support.forms.fields import SchoolField, schools_still_open
from support.models import Champion, ChampionType, Skill


class ChampionField(forms.ModelChoiceField):
    """One of the champions who can be deployed."""

    def label_from_instance(self, obj: Champion) -> str:
        """The name, the main type and the home school: what a match is made on."""
        return f"{obj.name}, {obj.type.code}, of {obj.home_school}"


class ProposalForm(TermsForm):
    """Who, as what, where, in which area; then the terms and who is asked."""

    champion = ChampionField(queryset=Champion.objects.none(), empty_label="Choose a champion")
    champion_type = forms.ModelChoiceField(
        label="As which of their types",
        queryset=ChampionType.objects.all(),
        required=False,
        empty_label="The main one",
        help_text="It decides from which days the support is taken, and at which rate.",
    )
    school = SchoolField()
    skill = forms.ModelChoiceField(label="Area", queryset=Skill.objects.all(), required=False, empty_label="None")
    signed = forms.CharField(
        label="Agreed on paper already: who signed it, and when",
        required=False,
        max_length=300,
        help_text="Such as: both heads and Robin Fairweather, 12 September 2026. Leave it empty to ask both heads.",
    )

    field_order = ["champion", "champion_type", "school", "skill"]

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["champion"].queryset = Champion.objects.active().select_related("type", "home_school")
        self.fields["school"].queryset = schools_still_open(on)
        if self.is_bound and "override" in self.data:
            self.ask_why()

    def ask_why(self) -> None:
        """Add the reason for going on despite a conflict."""
        self.fields["override"] = forms.CharField(
            label="Why it should go on all the same", required=False, max_length=500
        )


class ChangeForm(TermsForm):
    """Other terms, and why."""

    why = forms.CharField(
        label="Why the terms change", max_length=500, help_text="Both schools read it.", widget=forms.Textarea
    )

    field_order = ["focus", "half_days_agreed", "starts_on", "ends_on", "why"]
