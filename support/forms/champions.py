"""Registering and correcting a champion."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from sidebyside.forms import Form
from sidebyside.govuk.dates import DateField
from sidebyside.once import OnceForm
from support.forms.fields import DaysField, SchoolField, own_schools
from support.models import Champion, ChampionType, Phase, Skill
from support.traits import PHASE, SKILL, TYPE, all_traits, traits_of

code_validator = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", "A code is letters, figures and hyphens, such as CH01")
SOURCES = {"champion_type": TYPE, "other_types": TYPE, "skills": SKILL, "phases": PHASE}


class TraitsField(forms.TypedMultipleChoiceField):
    """Some of a standing list, as checkboxes; cleans to their numbers."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(**{"coerce": int, "required": False, "widget": forms.CheckboxSelectMultiple} | rest)


class ChampionForm(Form):
    """A champion's entry in the register. All standing lists are read in one query."""

    name = forms.CharField(max_length=120)
    champion_type = forms.TypedChoiceField(label="Main type", coerce=int, widget=forms.RadioSelect)
    other_types = TraitsField(label="Further types", help_text="As what else this person can go to a school.")
    skills = TraitsField(label="Good at")
    phases = TraitsField(label="Phases", help_text="In which kinds of school.")
    email = forms.EmailField(
        label="Email address", required=False, help_text="Whoever signs in with it sees this champion’s deployments."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = all_traits()
        for name, kind in SOURCES.items():
            if choices := lists.get(kind):
                self.fields[name].choices = choices
            else:
                del self.fields[name]

    def clean_champion_type(self) -> ChampionType:
        """The type itself."""
        return ChampionType.objects.get(pk=self.cleaned_data["champion_type"])

    def clean_other_types(self) -> list[ChampionType]:
        """The types themselves."""
        return list(ChampionType.objects.filter(pk__in=self.cleaned_data["other_types"]))

    def clean_skills(self) -> list[Skill]:
        """The skills themselves."""
        return list(Skill.objects.filter(pk__in=self.cleaned_data["skills"]))

    def clean_phases(self) -> list[Phase]:
        """The phases themselves."""
        return list(Phase.objects.filter(pk__in=self.cleaned_data["phases"]))


class NewChampionForm(OnceForm, ChampionForm):
    """With the code, which never changes, and the home school, which has pages of its own later."""

    code = forms.CharField(
        max_length=20,
        validators=[code_validator],
        help_text="Stands in spreadsheets, and never changes.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )
    home_school = SchoolField(label="Home school", help_text="The school that lends this person.")
    lent_since = DateField(
        label="Lent since", required=False, help_text="For example, 1 9 2026. Leave it empty if nobody knows."
    )
    half_days_a_year = DaysField(
        label="Days a year agreed with the home school", required=False, help_text="For each academic year."
    )
    field_order = ["code", "name", "champion_type", "other_types", "home_school", "lent_since", "half_days_a_year"]

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["home_school"].queryset = own_schools(on)

    def clean_lent_since(self) -> date | None:
        """A day that has come: whoever is registered is lent now."""
        day = self.cleaned_data["lent_since"]
        if day and day > self.on:
            raise ValidationError("Lent since must be today or in the past")
        return day


class ChampionChangeForm(ChampionForm):
    """With whether the champion can be deployed."""

    is_active = forms.BooleanField(label="Can be deployed", required=False)

    @classmethod
    def of(cls, champion: Champion, data: Any) -> ChampionChangeForm:
        """The form as it was sent, otherwise as the entry stands."""
        traits = {name: [pk for pk, _ in found] for name, found in traits_of(champion).items()} if not data else {}
        initial = {
            "name": champion.name,
            "champion_type": champion.type_id,
            "other_types": traits.get(TYPE, []),
            "skills": traits.get(SKILL, []),
            "phases": traits.get(PHASE, []),
            "email": champion.email,
            "is_active": champion.is_active,
        }
        return cls(data or None, initial=initial)
