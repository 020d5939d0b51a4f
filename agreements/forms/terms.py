"""The terms of a deployment and who is asked to agree: what a new one and a change share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest

from agreements.forms.rows import outcome_rows
from agreements.models import ASKED, Party
from agreements.people import Person, heads_of
from schools.models import School
from sidebyside.govuk.dates import DateField
from sidebyside.once import OnceForm
from support.agreements import Intended, Terms, faults_of
from support.forms.fields import DaysField

ADD = "add"


def name_field(label: str) -> forms.CharField:
    """The name of a head who is asked."""
    hint = "Leave empty to ask the head who signs in for the school."
    return forms.CharField(label=label, required=False, max_length=120, help_text=hint)


class TermsForm(OnceForm):
    """What for, how many days, when; and the two heads."""

    focus = forms.CharField(max_length=200, help_text="Such as early reading.")
    half_days_agreed = DaysField(label="Days", help_text="In steps of half a day, such as 4.5.")
    starts_on = DateField(label="First day")
    ends_on = DateField(label="Last day")
    supported_name = name_field("Who agrees for the supported school")
    supported_email = forms.EmailField(label="Their email address", required=False)
    home_name = name_field("Who agrees for the champion’s home school")
    home_email = forms.EmailField(label="Their email address", required=False)

    def clean(self) -> dict[str, Any]:
        """All that is wrong with the days and dates is said at once, beside what is missing."""
        values = super().clean() or self.cleaned_data
        days, first, last = (values.get(name) for name in ("half_days_agreed", "starts_on", "ends_on"))
        for field, sentence in faults_of(half_days=days, starts_on=first, ends_on=last).items():
            self.add_error(field, sentence)
        for party in ASKED:
            if bool(values.get(f"{party}_name")) != bool(values.get(f"{party}_email")):
                missing = "email" if values.get(f"{party}_name") else "name"
                if f"{party}_{missing}" not in self.errors:
                    self.add_error(f"{party}_{missing}", "Enter a name and an email address, or neither")
        return values

    def ask_for(self, schools: dict[Party, School], *, on: date) -> dict[Party, Person]:
        """Who is asked: whoever was typed, otherwise the heads who sign in; an error where there is nobody."""
        typed = {
            party: Person(self.cleaned_data[f"{party}_name"], self.cleaned_data[f"{party}_email"]) for party in ASKED
        }
        heads = heads_of({school.pk for school in schools.values()}, on)
        asked = {}
        for party in ASKED:
            known = heads.get(schools[party].pk)
            if typed[party].name:
                asked[party] = typed[party]
            elif known:
                asked[party] = known
            else:
                said = f"Nobody signs in as the head of {schools[party]}. Enter who agrees for it."
                self.add_error(f"{party}_name", said)
        return asked


class TermsPage:
    """The form and the rows of outcomes together."""

    def __init__(self, form: TermsForm, request: HttpRequest, *, there: Sequence[Intended] = ()) -> None:
        self.form = form
        posted = request.POST if request.method == "POST" else None
        self.rows = outcome_rows(posted, there=there, more=int(bool(posted and ADD in posted)))

    def is_valid(self) -> bool:
        """Checks both parts, so that every error is shown."""
        return all([self.form.is_valid(), self.rows.is_valid()])

    @property
    def terms(self) -> Terms:
        """What was entered, once it is valid."""
        values = self.form.cleaned_data
        return Terms(
            values["focus"], values["half_days_agreed"], values["starts_on"], values["ends_on"], self.rows.intended()
        )  # fmt: skip
