"""Fields that speak in days and clean to half days, and the choice of a school."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from schools.models import School
from schools.models.register import SchoolQuerySet
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
        """The name with the URN, and when it closed: names are not unique, least of all after a conversion."""
        closed = f", closed {obj.closed_on.year if obj.closed_on else ''}".rstrip()
        return f"{obj.name} (URN {obj.pk}{closed if getattr(obj, 'is_over', False) else ''})"


def own_schools(on: date) -> SchoolQuerySet:
    """The state-funded schools of the council's own authority; those that have closed come last, as `is_over`."""
    council = displayed_council()
    schools = School.objects.state_funded()
    own = schools.of_authority(council.authority_code) if council else schools
    closed = School.objects.closed_before(on).filter(pk=OuterRef("pk"))
    return own.annotate(is_over=Exists(closed)).order_by("is_over", "name", "urn")


def schools_still_open(on: date) -> SchoolQuerySet:
    """Those of them that have not closed."""
    return own_schools(on).filter(is_over=False)
