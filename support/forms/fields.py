"""Fields that speak in days and clean to half days, and the choice of a school."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from schools.models import School
from sidebyside.council.models import displayed_council
from sidebyside.days import days_text, half_days

MOST_DAYS = 400


class DaysField(forms.CharField):
    """Days in steps of 0.5; cleans to half days (O6)."""

    def __init__(self, **rest: Any) -> None:
        width = {"class": "govuk-input--width-3", "data-suffix": "days", "inputmode": "decimal"}
        super().__init__(**{"widget": forms.TextInput(attrs=width)} | rest)

    def prepare_value(self, value: Any) -> Any:
        """Half days as days; what was typed stays as it is."""
        return days_text(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """The half days, None for an empty field that may be empty. Raises ValidationError."""
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            found = half_days(text)
        except ValueError as error:
            raise ValidationError(f"{error}") from None
        if found > MOST_DAYS * 2:
            raise ValidationError(f"That is more than {MOST_DAYS} days")
        return found


class SchoolField(forms.ModelChoiceField):
    """One of the council's own schools that the offer is for."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(**{"queryset": School.objects.none(), "empty_label": "Choose a school"} | rest)

    def label_from_instance(self, obj: School) -> str:
        """The name with the URN: names are not unique."""
        return f"{obj.name} (URN {obj.pk})"


def own_schools() -> Any:
    """The state-funded schools of the council's own authority, those that have closed too."""
    council = displayed_council()
    schools = School.objects.state_funded()
    return schools.of_authority(council.authority_code) if council else schools
