"""Reimbursing in the administration: the rates. Payees, statements and files have pages of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from reimbursing.models import ReimbursementRate
from sidebyside.audit.actions import record
from sidebyside.money import pounds
from support.admin.forms import BareMoneyField


class ReimbursementRateForm(forms.ModelForm):
    """A rate in pounds."""

    rate = BareMoneyField(label="A day, in pounds", help_text="Half a day is half.")

    class Meta:
        model = ReimbursementRate
        fields = ["champion_type", "school", "starts_on", "rate"]

    def clean_rate(self) -> int:
        """More than nothing."""
        if self.cleaned_data["rate"] <= 0:
            raise forms.ValidationError("Enter an amount above £0.00.")
        return int(self.cleaned_data["rate"])


@admin.register(ReimbursementRate)
class ReimbursementRateAdmin(SimpleHistoryAdmin):
    """What home schools get for a day. A rate that has begun is history: a new rate is a new row (M16)."""

    form = ReimbursementRateForm
    list_display = ("champion_type", "for_whom", "starts_on", "in_pounds")
    list_filter = ("champion_type",)
    list_select_related = ("champion_type", "school")
    raw_id_fields = ("school",)
    date_hierarchy = "starts_on"
    actions = None  # "Delete selected" would be offered for rates that have begun, and then refused

    @admin.display(description="home school", ordering="school")
    def for_whom(self, row: ReimbursementRate) -> str:
        """The school whose own rate it is."""
        return str(row.school or "Every school")

    @admin.display(description="a day", ordering="rate")
    def in_pounds(self, row: ReimbursementRate) -> str:
        """The rate as money."""
        return pounds(row.rate)

    def has_change_permission(self, request: HttpRequest, obj: ReimbursementRate | None = None) -> bool:
        """Only of what has not begun; the database refuses the rest."""
        return super().has_change_permission(request, obj) and _is_to_come(obj)

    def has_delete_permission(self, request: HttpRequest, obj: ReimbursementRate | None = None) -> bool:
        """Only what has not begun may go."""
        return super().has_delete_permission(request, obj) and _is_to_come(obj)

    def save_model(self, request: HttpRequest, obj: ReimbursementRate, form: Any, change: bool) -> None:
        """With a trail: a rate changes money (A3)."""
        super().save_model(request, obj, form, change)
        verb = "reimbursement_rate.changed" if change else "reimbursement_rate.set"
        details = {"type": obj.champion_type.code, "starts_on": obj.starts_on.isoformat(), "pence": obj.rate}
        record(verb, obj, by=request.user, school_urn=obj.school_id, **details)


def _is_to_come(row: ReimbursementRate | None) -> bool:
    return row is None or row.starts_on > timezone.localdate()
