"""A champion's home school, checks, interests and availability."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from schools.models import Trust
from sidebyside.council.models import HalfTerm
from sidebyside.forms import Form
from sidebyside.govuk.dates import DateField
from sidebyside.once import OnceForm
from support.actions.availability import field_of
from support.forms.fields import DaysField, SchoolField, own_schools
from support.models import CheckKind

FROM_A_DAY, WRONG = "from a day", "wrong"
WHAT = [
    (FROM_A_DAY, "From a day on another school lends them, or other days a year are agreed"),
    (WRONG, "The school was entered wrongly, and no day was given yet"),
]
SCHOOL, TRUST = "school", "trust"


class HomeSchoolForm(Form):
    """Another home school: from a day on, or because the one that stands there is wrong."""

    reveals = {"what": {FROM_A_DAY: ["starts_on", "half_days_a_year"]}}

    school = SchoolField(label="Home school", help_text="The school that lends this person.")
    what = forms.ChoiceField(label="What has happened?", choices=WHAT, widget=forms.RadioSelect)
    starts_on = DateField(label="From", required=False, help_text="The former agreement’s last day is the day before.")
    half_days_a_year = DaysField(
        label="Days a year agreed with the home school",
        required=False,
        help_text="For each academic year. Leave it empty where nothing is agreed.",
    )
    why = forms.CharField(
        label="Why",
        required=False,
        max_length=500,
        help_text="Needed where something was wrong, or days have been given since.",
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = own_schools(on)

    def clean(self) -> dict[str, Any]:
        """From which day on it is another school."""
        values = super().clean() or self.cleaned_data
        if values.get("what") == FROM_A_DAY and not values.get("starts_on") and "starts_on" not in self.errors:
            self.add_error("starts_on", "Enter the first day on which it lends them")
        return values

    @property
    def is_correction(self) -> bool:
        """Whether what stands there was wrong all along."""
        return self.cleaned_data["what"] == WRONG


class EndLendingForm(Form):
    """The last day on which a school lends a champion."""

    ends_on = DateField(label="Last day", help_text="The last day on which the school lends this person.")
    why = forms.CharField(label="Why it ends", max_length=500)


class DaysAgreedForm(Form):
    """How many days a year the present home school agreed to."""

    half_days_a_year = DaysField(
        label="Days a year",
        required=False,
        help_text="For each whole academic year, this one too. Leave it empty where nothing is agreed.",
    )


class CheckForm(Form):
    """What was done, when, and until when it holds."""

    kind = forms.ModelChoiceField(
        label="What was done", queryset=CheckKind.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    done_on = DateField(label="Done on")
    expires_on = DateField(
        label="Holds until",
        required=False,
        help_text="The last day. Leave it empty to take as long as this kind of check is good for.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = list(CheckKind.objects.all())
        self.fields["kind"].queryset = CheckKind.objects.all()
        self.choice_hints = {"kind": {str(kind.pk): good_for(kind) for kind in kinds}}


def good_for(kind: CheckKind) -> str:
    """How long a check of this kind holds, in words."""
    if kind.good_for_months is None:
        return "Does not expire"
    return f"Good for {kind.good_for_months} month{'' if kind.good_for_months == 1 else 's'}"


class InterestForm(OnceForm):
    """What ties a champion to a school or a trust, in the champion's own words."""

    reveals = {"tied_to": {SCHOOL: ["school"], TRUST: ["trust"]}}

    tied_to = forms.ChoiceField(
        label="In what?", choices=[(SCHOOL, "A school"), (TRUST, "A trust")], widget=forms.RadioSelect
    )
    school = SchoolField(required=False)
    trust = forms.ModelChoiceField(queryset=Trust.objects.none(), required=False, empty_label="Choose a trust")
    what = forms.CharField(
        label="What the interest is",
        max_length=200,
        help_text="Such as a relative who works there. Only the team and the champion read this.",
    )
    declared_on = DateField(label="Declared on")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = own_schools(on)
        self.fields["trust"].queryset = Trust.objects.order_by("name")

    def clean(self) -> dict[str, Any]:
        """The school or the trust, whichever was chosen."""
        values = super().clean() or self.cleaned_data
        tied_to = values.pop("tied_to", "")
        if tied_to and not values.get(tied_to) and tied_to not in self.errors:
            self.add_error(tied_to, f"Choose the {tied_to}")
        for other in {SCHOOL, TRUST} - {tied_to}:
            values[other] = None
        return values


class EndInterestForm(Form):
    """The last day on which an interest ties a champion."""

    ended_on = DateField(label="Last day", help_text="The last day on which it tied this person.")


class AvailabilityForm(Form):
    """Days in each half term of a year; an empty box says nothing of that half term."""

    shows_optional = False

    def __init__(self, *args: Any, half_terms: Iterable[HalfTerm], **kwargs: Any) -> None:
        self.half_terms = list(half_terms)
        boxes = {term: DaysField(label=f"Days in {term.name}", required=False) for term in self.half_terms}
        self.base_fields = {field_of(term): box for term, box in boxes.items()}
        super().__init__(*args, **kwargs)

    @property
    def rows(self) -> list[tuple[HalfTerm, BoundField]]:
        """Each half term with its box, for the table."""
        return [(term, self[field_of(term)]) for term in self.half_terms]

    @property
    def said(self) -> dict[HalfTerm, int | None]:
        """The half days of each half term."""
        return {term: self.cleaned_data[field_of(term)] for term in self.half_terms}
