"""The council in the administration: its one row."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from sidebyside.audit.actions import record
from sidebyside.council.models import Council, HalfTerm

MONEY = {
    "vat_number",
    "bank_name",
    "bank_account_name",
    "sort_code",
    "account_number",
    "terms_days",
    "reimbursement_cost_centre",
}


@admin.register(Council)
class CouncilAdmin(SimpleHistoryAdmin):
    """What pages, mails and invoices say of the council. Issued invoices keep what they said (M11)."""

    list_display = ("name", "authority_code", "email", "finance_email")
    history_list_display = ("sort_code", "account_number", "vat_number")
    fieldsets = (
        (None, {"fields": ("name", "authority_code", "team_name", "address", "email", "telephone")}),
        (
            "On invoices",
            {
                "fields": ("finance_email", "vat_number", "terms_days", "invoice_prefix", "credit_note_prefix"),
                "description": "A change counts for invoices issued from now on. Issued ones never change.",
            },
        ),
        (
            "Champions and deployments",
            {
                "fields": (
                    "silent_after_days",
                    "consent_link_days",
                    "warn_at_percent",
                    "warn_days_before_end",
                    "warn_after_idle_weeks",
                ),
                "description": "How long people have to answer, and when the portal begins to warn.",
            },
        ),
        (
            "To home schools",
            {
                "fields": ("reimbursement_prefix", "reimbursement_cost_centre"),
                "description": "What stands on statements and journals that pay home schools for their champions.",
            },
        ),
        (
            "Reviews of deployments",
            {
                "fields": (
                    "midpoint_from_weeks",
                    "midpoint_review_days",
                    "closing_review_days_before",
                    "closing_review_days",
                    "category_after_months",
                ),
                "description": "When the champion, the school and the adviser are asked what a deployment changes.",
            },
        ),
        ("How schools pay", {"fields": ("bank_name", "bank_account_name", "sort_code", "account_number")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The first-run page makes it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Council | None = None) -> bool:
        """A portal without its council could issue nothing."""
        return False

    def save_model(self, request: HttpRequest, obj: Council, form: forms.ModelForm, change: bool) -> None:
        """With a trail, and shown at once. What decides where money goes is recorded with its new value (A3)."""
        super().save_model(request, obj, form, change)
        now: dict[str, Any] = {name: form.cleaned_data[name] for name in form.changed_data if name in MONEY}
        record("council.changed", obj, by=request.user, fields=form.changed_data, now=now)
        transaction.on_commit(lambda: cache.delete("council"))


@admin.register(HalfTerm)
class HalfTermAdmin(admin.ModelAdmin):
    """The term dates: champions say how many days they have in each half term."""

    list_display = ("name", "first_day", "last_day")
    date_hierarchy = "first_day"

    def save_model(self, request: HttpRequest, obj: HalfTerm, form: forms.ModelForm, change: bool) -> None:
        """With a trail (A3)."""
        super().save_model(request, obj, form, change)
        days = {"first_day": obj.first_day.isoformat(), "last_day": obj.last_day.isoformat()}
        record(f"half_term.{'changed' if change else 'added'}", obj, by=request.user, **days)
