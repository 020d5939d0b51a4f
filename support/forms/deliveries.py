"""Logging, planning and confirming support. The champion's form takes two minutes on a telephone."""

from __future__ import annotations

from typing import Any

from django import forms

from sidebyside.forms import Form
from sidebyside.govuk.dates import DateField
from sidebyside.govuk.money import MoneyField
from sidebyside.once import OnceForm
from support.forms.beyond import BeyondForm
from support.forms.fields import DaysField
from support.models import Service

LENGTHS = [("2", "A whole day"), ("1", "Half a day")]


class LengthField(forms.TypedChoiceField):
    """Half a day or a whole one, as half days (O6)."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(**{"choices": LENGTHS, "coerce": int, "widget": forms.RadioSelect, "label": "How long"} | rest)


class DayForm(BeyondForm):
    """A champion's day: a date up to today is logged, a later one is planned."""

    asks_why_twice = True

    happens_on = DateField(label="Date", help_text="A date that is still to come is planned, not logged.")
    half_days = LengthField()
    summary = forms.CharField(
        label="What was done, or is planned", max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    effect = forms.CharField(label="What effect it has had", required=False, max_length=1000)
    next_step = forms.CharField(label="Next step", required=False, max_length=500)


class NewDayForm(OnceForm, DayForm):
    """A day that is not in the record yet: pressing twice puts it there once."""


class SupportForm(OnceForm, BeyondForm):
    """Support without a deployment or a visit: a meeting, an inspection, places at a conference."""

    service = forms.ModelChoiceField(queryset=Service.objects.none(), empty_label="Choose")
    happens_on = DateField(label="Date", help_text="A date that is still to come is planned, not recorded.")
    units = forms.IntegerField(
        label="How many",
        initial=1,
        min_value=1,
        max_value=500,
        help_text="Meetings or places.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )
    summary = forms.CharField(label="What it was", required=False, max_length=2000, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = Service.objects.filter(champion_type__isnull=True, is_visit=False).exclude(unit=Service.Unit.DAYS)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]


class TookPlaceForm(BeyondForm):
    """That planned support without a deployment took place: a meeting, an inspection, places."""

    happens_on = DateField(label="Date")
    summary = forms.CharField(label="What it was", required=False, max_length=2000, widget=forms.Textarea)


class WhyForm(Form):
    """A reason, for what cannot be undone quietly."""

    why = forms.CharField(label="Reason", max_length=500)


class PriceForm(Form):
    """The price that a school's leaders agreed to (O11)."""

    pence = MoneyField(label="Price, without VAT")
    agreed_with = forms.CharField(label="Agreed with", max_length=120, help_text="Name and post.")
    agreed_on = DateField(label="Agreed on")


class AdjustmentForm(OnceForm):
    """More or less of a service for one school (S5, O13)."""

    service = forms.ModelChoiceField(
        queryset=Service.objects.none(),
        empty_label="Choose",
        help_text="A service that shares a pool adjusts the whole pool.",
    )
    direction = forms.ChoiceField(
        label="More or less", choices=[("1", "More"), ("-1", "Less")], widget=forms.RadioSelect, initial="1"
    )
    amount = DaysField(
        label="How much",
        help_text="Days in steps of 0.5, or whole visits.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "decimal"}),
    )
    starts_on = DateField(label="From")
    ends_on = DateField(label="To")
    reason = forms.CharField(max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The amount in the service's own unit, below nought for less."""
        values = super().clean() or self.cleaned_data
        service, amount = values.get("service"), values.get("amount")
        if service and amount is not None and service.unit != Service.Unit.DAYS:
            if amount % 2:
                self.add_error("amount", "Enter a whole number of visits")
            amount //= 2
        if amount is not None:
            values["amount"] = amount * int(values.pop("direction", "1") or 1)
        return values
