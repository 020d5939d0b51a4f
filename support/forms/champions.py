"""Registering and correcting a champion."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from sidebyside.forms import Form
from sidebyside.once import OnceForm
from support.forms.fields import SchoolField, own_schools
from support.models import ChampionType

code_validator = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", "A code is letters, figures and hyphens, such as CH01")


class ChampionForm(Form):
    """A champion's entry in the register."""

    name = forms.CharField(max_length=120)
    champion_type = forms.ModelChoiceField(
        label="Type", queryset=ChampionType.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    home_school = SchoolField(label="Home school", help_text="The school that lends this person.")
    email = forms.EmailField(
        label="Email address", required=False, help_text="Whoever signs in with it sees this champion’s deployments."
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["champion_type"].queryset = ChampionType.objects.all()  # type: ignore[attr-defined]
        self.fields["home_school"].queryset = own_schools(on)  # type: ignore[attr-defined]


class NewChampionForm(OnceForm, ChampionForm):
    """With the code, which never changes."""

    code = forms.CharField(
        max_length=20,
        validators=[code_validator],
        help_text="Stands in spreadsheets, and never changes.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )
    field_order = ["code"]


class ChampionChangeForm(ChampionForm):
    """With whether the champion can be deployed."""

    is_active = forms.BooleanField(label="Can be deployed", required=False)
