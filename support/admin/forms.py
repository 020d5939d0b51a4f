"""The administration's forms: days instead of half days, pounds instead of pence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from sidebyside.days import days_text, half_days
from sidebyside.govuk.money import MoneyField
from support.models import DayRate, OfferLine, Pool, Service
from support.offer_words import unit_of


class BareMoneyField(MoneyField):
    """Pounds in the administration, which has no prefix before its boxes."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(**{"widget": forms.TextInput(attrs={"inputmode": "decimal", "class": "vIntegerField"})} | rest)


class OfferLineForm(forms.ModelForm):
    """A line of the offer; its allowance in days where the service counts days (O6)."""

    allowance = forms.DecimalField(
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(400),
        label="How much",
        help_text="Days in steps of 0.5, or whole visits or places. Only where the line gives a number.",
    )
    hlv_half_days = forms.DecimalField(
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(2),
        label="Days for each Headline Visit",
        help_text="Only where every Headline Visit uses these days.",
    )
    fixed_price = BareMoneyField(required=False, label="Fixed price in pounds", help_text="Without VAT.")

    class Meta:
        model = OfferLine
        fields = [
            "sector", "category", "service", "pool", "basis", "allowance", "hlv_use", "hlv_half_days", "charge",
            "fixed_price", "late_start_after", "late_use_until", "note", "position",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        line = self.instance
        if line.allowance is not None and unit_of(line) == Service.Unit.DAYS:
            self.initial["allowance"] = days_text(line.allowance)
        if "hlv_half_days" in self.fields:
            self.initial["hlv_half_days"] = days_text(line.hlv_half_days)

    def clean(self) -> dict[str, Any]:
        """Both amounts as the row keeps them: half days, visits or places."""
        values = super().clean() or self.cleaned_data
        allowance = values.get("allowance")
        if allowance is not None:
            self._whole("allowance", allowance, counts_days=self._unit(values) == Service.Unit.DAYS)
        if "hlv_half_days" in self.fields:
            self._whole("hlv_half_days", values.get("hlv_half_days") or Decimal(0), counts_days=True)
        return self.cleaned_data

    def _unit(self, values: dict[str, Any]) -> str:
        """What the chosen service or pool counts."""
        pool: Pool | None = values.get("pool")
        service: Service | None = pool.services.first() if pool else values.get("service")
        return service.unit if service else Service.Unit.DAYS

    def _whole(self, name: str, amount: Decimal, *, counts_days: bool) -> None:
        try:
            self.cleaned_data[name] = half_days(amount) if counts_days else whole(amount)
        except ValueError as error:
            self.add_error(name, f"{error}.")


class DayRateForm(forms.ModelForm):
    """A day rate in pounds."""

    rate = BareMoneyField(
        label="A day, in pounds", min_value=Decimal("0.01"), help_text="Without VAT. Half a day is half."
    )

    class Meta:
        model = DayRate
        fields = ["champion_type", "starts_on", "rate"]


class PublishForm(forms.Form):
    """The reason for a version that replaces another."""

    why = forms.CharField(
        label="Why this version replaces the one in force",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class CloneForm(forms.Form):
    """The year that a clone is for."""

    year_start = forms.IntegerField(
        label="Academic year begins in",
        min_value=2000,
        max_value=2099,
        help_text="2023 for 2023/24. The same year makes its next version.",
    )


def whole(amount: Decimal) -> int:
    """A whole number. Raises ValueError with a sentence."""
    if amount != amount.to_integral_value():
        raise ValueError(f"{amount} is not a whole number of visits or places")
    return int(amount)
