"""Billing in the administration: rates and reminders to edit, accounts to find; what was issued is not here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from billing.models import Account, BrokerageRate, ChargeBand, ReminderStage, VatRate
from billing.models.rates import Dated
from billing.reminder_words import KNOWN
from sidebyside.audit.actions import record
from sidebyside.money import percent_text

PERCENT = "In per cent, from 0 to 100; up to two decimals."
STARTS_ON = "The first day on which it holds. It holds until the day before the next one begins."
SINGLE_LINE = forms.TextInput(attrs={"class": "vTextField"})


class Traced(SimpleHistoryAdmin):
    """Rows whose every change leaves a trail, with the values that decide about money (A3)."""

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool) -> None:
        """Save, and write down by whom and what."""
        super().save_model(request, obj, form, change)
        noun = str(obj._meta.verbose_name).replace(" ", "_").lower()
        now = {name: str(form.cleaned_data[name])[:200] for name in form.changed_data}
        record(f"admin.{noun}_{'changed' if change else 'added'}", obj, by=request.user, now=now)


class DatedForm(forms.ModelForm):
    """A percentage from a day on."""

    class Meta:
        help_texts = {"percent": PERCENT, "starts_on": STARTS_ON}


class DatedAdmin(Traced):
    """A percentage from a day on. A row that has begun is history: a new rate is a new row (M8)."""

    form = DatedForm
    list_display = ("starts_on", "in_percent", "state")
    fields = ("starts_on", "percent")
    date_hierarchy = "starts_on"
    ordering = ("-starts_on",)
    history_list_display = ("percent",)
    actions = None  # "Delete selected" would be offered for rows that have begun, and then refused

    @admin.display(description="per cent", ordering="percent")
    def in_percent(self, row: Dated) -> str:
        """The percentage without trailing noughts."""
        return percent_text(row.percent)

    @admin.display(description="", ordering="starts_on")
    def state(self, row: Dated) -> str:
        """Whether it is still to come."""
        return "still to begin" if row.starts_on > timezone.localdate() else ""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only of what has not begun; the database refuses the rest."""
        return super().has_change_permission(request, obj) and self._is_to_come(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what has not begun may go."""
        return super().has_delete_permission(request, obj) and self._is_to_come(obj)

    @staticmethod
    def _is_to_come(row: Dated | None) -> bool:
        return row is None or row.starts_on > timezone.localdate()


@admin.register(ChargeBand)
class ChargeBandAdmin(DatedAdmin):
    """How much of the day rate academies pay (M3)."""


@admin.register(BrokerageRate)
class BrokerageRateAdmin(DatedAdmin):
    """What is added for brokering (M5)."""


@admin.register(VatRate)
class VatRateAdmin(DatedAdmin):
    """The rate of each VAT treatment (M8)."""

    list_display = ("treatment", "starts_on", "in_percent", "state")
    list_display_links = ("treatment", "starts_on")
    list_filter = ("treatment",)
    fields = ("treatment", "starts_on", "percent")
    ordering = ("treatment", "-starts_on")


class ReminderStageForm(forms.ModelForm):
    """A stage and its words."""

    class Meta:
        widgets = {"subject": SINGLE_LINE}
        labels = {"days_after_due": "Days after the due date", "is_active": "Is in use"}
        help_texts = {
            "days_after_due": "−7 is a week before the due date. It goes on the next working day in England.",
            "subject": f"May use {KNOWN}.",
            "body": f"May use {KNOWN}. The invoice is attached by itself.",
        }


@admin.register(ReminderStage)
class ReminderStageAdmin(Traced):
    """When unpaid invoices are reminded of, and in which words (M14)."""

    form = ReminderStageForm
    list_display = ("name", "when", "subject", "is_active")
    ordering = ("days_after_due",)
    fields = ("name", "days_after_due", "subject", "body", "is_active")

    @admin.display(description="when", ordering="days_after_due")
    def when(self, stage: ReminderStage) -> str:
        """The stage's day in words."""
        days = abs(stage.days_after_due)
        if not days:
            return "on the due date"
        return f"{days} day{'' if days == 1 else 's'} {'before' if stage.days_after_due < 0 else 'after'} the due date"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A stage that was used stays: make it inactive."""
        return False


@admin.register(Account)
class AccountAdmin(SimpleHistoryAdmin):
    """To find an account and its history; it is changed on its own page, which checks it."""

    list_display = ("reference", "name", "vat_treatment", "is_po_required", "po_number", "is_paused")
    list_filter = ("vat_treatment", "is_po_required", "is_paused")
    search_fields = ("reference", "name", "school__urn")
    history_list_display = ("vat_treatment", "po_number", "is_paused")
    list_per_page = 50
    fields = (
        *("page", "reference", "name", "school", "trust", "address", "postcode", "vat_treatment", "vat_reason"),
        *("is_po_required", "po_number", "terms_days", "is_paused", "paused_why"),
    )
    readonly_fields = ("page",)

    @admin.display(description="to change it")
    def page(self, account: Account) -> str:
        """The account's own page."""
        return format_html('<a href="{}">Open the account’s page</a>', account.get_absolute_url())

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Opened on its own page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        """Changed on its own page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        """Never: invoices refer to it."""
        return False
