"""Drawing a sample, picking for it, and writing down what was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from impact.models import Finding, Sample
from schools.models import Category
from sidebyside.forms import Form
from sidebyside.govuk.dates import DateField
from sidebyside.once import OnceForm
from sidebyside.years import AcademicYear
from support.models import ChampionType, Deployment


class PopulationForm(Form):
    """What to draw from; the page's address carries it."""

    shows_optional = False

    year = forms.TypedChoiceField(label="Began in academic year", coerce=lambda start: AcademicYear(int(start)))
    champion_type = forms.ModelChoiceField(
        label="Type of champion", queryset=ChampionType.objects.all(), required=False, empty_label="Any"
    )
    category = forms.ModelChoiceField(
        label="School’s category on the first day", queryset=Category.objects.all(), required=False, empty_label="Any"
    )

    def __init__(self, *args: Any, years: Iterable[AcademicYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year.start), str(year)) for year in years]


class DrawForm(OnceForm):
    """How many, and why. `seen` tells which deployments the page showed."""

    size = forms.IntegerField(label="How many to draw", min_value=1)
    reason = forms.CharField(
        label="Why you draw this sample", max_length=500, help_text="Such as the spring term’s checks."
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sample: Sample | None = None


class DeploymentField(forms.ModelChoiceField):
    """One of the deployments."""

    def label_from_instance(self, obj: Deployment) -> str:
        """Who, where and from when."""
        return f"{obj.champion} at {obj.school}, from {obj.starts_on:%-d %B %Y}"


class PickForm(Form):
    """A deployment that is looked at on purpose."""

    deployment = DeploymentField(queryset=Deployment.objects.none(), empty_label="Choose a deployment")
    why = forms.CharField(label="Why you pick it", max_length=500)

    def __init__(self, *args: Any, deployments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deployment"].queryset = deployments


class FindingForm(Form):
    """What was found."""

    grade = forms.ChoiceField(
        label="How good is the support?",
        choices=Finding.Grade.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how good the support is"},
    )
    text = forms.CharField(label="What you found", max_length=3000, widget=forms.Textarea)
    visited_on = DateField(
        label="When you were there", required=False, help_text="Leave it empty if you looked at the papers alone."
    )
