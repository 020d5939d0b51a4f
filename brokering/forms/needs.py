"""Asking for support, and closing a need."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from brokering.asking import faults_of
from brokering.models import Need
from schools.models.register import SchoolQuerySet
from sidebyside.forms import Form
from sidebyside.govuk.dates import DateField
from sidebyside.once import OnceForm
from support.forms.fields import DaysField, SchoolField
from support.models import ChampionType, Skill

WANTED = ("what", "why", "skill", "champion_type", "starts_on", "ends_on", "half_days")


class NeedForm(OnceForm):
    """What a school needs, why, when, and how many days. `school` is asked for where the page is of none."""

    school = SchoolField()
    what = forms.CharField(
        label="What support is needed?",
        max_length=200,
        error_messages={"required": "Say what support is needed", "max_length": "Say it in 200 characters or fewer"},
        help_text="In a few words, such as the teaching of early reading in Years 1 and 2.",
    )
    why = forms.CharField(
        label="Why?",
        max_length=2000,
        error_messages={"required": "Say why it is needed", "max_length": "Say why in 2,000 characters or fewer"},
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The headteacher and the school improvement team read this, and nobody else.",
    )
    skill = forms.ModelChoiceField(
        label="Area", queryset=Skill.objects.all(), required=False, empty_label="Not sure, or another one"
    )
    champion_type = forms.ModelChoiceField(
        label="Type of champion", queryset=ChampionType.objects.all(), required=False, empty_label="Any"
    )
    starts_on = DateField(label="From", help_text="The first day on which support is wanted. For example, 9 1 2027.")
    ends_on = DateField(label="Until", help_text="The last day, in the same academic year.")
    half_days = DaysField(
        label="How many days?",
        error_messages={"required": "Say how many days are needed"},
        help_text="In steps of half a day, such as 4.5.",
    )

    def __init__(self, *args: Any, on: date, schools: SchoolQuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        if schools is None:
            del self.fields["school"]
        else:
            self.fields["school"].queryset = schools

    def clean(self) -> dict[str, Any]:
        """All that is wrong with the days and dates is said at once, beside what is missing."""
        values = super().clean() or self.cleaned_data
        asked = {name: values.get(name) for name in ("half_days", "starts_on", "ends_on")}
        for field, sentence in faults_of(**asked, on=self.on).items():
            self.add_error(field, sentence)
        return values


def wanted_of(need: Need) -> dict[str, Any]:
    """What a need asks for, to begin a form with."""
    return {name: getattr(need, name) for name in WANTED}


class CloseForm(Form):
    """Why a need is withdrawn or declined."""

    why = forms.CharField(
        label="Why?",
        widget=forms.Textarea,
        max_length=2000,
        error_messages={"required": "Say why", "max_length": "Say why in 2,000 characters or fewer"},
        help_text="The headteacher reads this.",
    )
