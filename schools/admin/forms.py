"""What an administrator fills in: they check against what `schools.actions` and `schools.corrections` would refuse."""

from __future__ import annotations

from typing import Any

from django import forms

from schools.corrections import CORRECTABLE
from schools.models import Appointment, School
from sidebyside.accounts.models import User


class CorrectionForm(forms.ModelForm):
    """A school's register entry, to correct by hand: with a reason, and kept by every later import (S9)."""

    why = forms.CharField(
        label="Why it is corrected",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Needed when a field of the register is changed. From then on imports leave that field alone.",
    )

    class Meta:
        model = School
        fields = list(CORRECTABLE)

    def clean(self) -> dict[str, Any]:
        """A change of the register's fields needs its reason."""
        cleaned = super().clean() or self.cleaned_data
        if set(self.changed_data) & set(CORRECTABLE) and not cleaned.get("why", "").strip():
            self.add_error("why", "Say why the school’s entry is corrected.")
        return cleaned


class PersonForm(forms.ModelForm):
    """A person to invite or to change; the password is always the person's own affair."""

    class Meta:
        model = User
        fields = ["email", "name", "role", "telephone", "is_active"]

    def clean_email(self) -> str:
        """Small letters, as the sign-in looks for them."""
        return self.cleaned_data["email"].strip().lower()


class AppointmentForm(forms.ModelForm):
    """A headteacher's appointment; a new one ends the former by itself."""

    class Meta:
        model = Appointment
        fields = ["school", "head_name", "kind", "started_on", "ended_on"]

    def clean(self) -> dict[str, Any]:
        """A closed school gets no head."""
        cleaned = super().clean() or self.cleaned_data
        school, started_on = cleaned.get("school"), cleaned.get("started_on")
        if school and started_on and school.closed_on and started_on > school.closed_on:
            self.add_error("started_on", f"{school} closed on {school.closed_on:%-d %B %Y}. Enter an earlier date.")
        return cleaned
