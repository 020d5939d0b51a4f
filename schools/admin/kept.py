"""What the administration of things with a history has in common: no deleting, and each change leaves a trail."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.forms import BaseModelForm, ModelForm
from django.http import HttpRequest

from sidebyside.audit.actions import record

TRACED = {"role", "is_active", "post", "school", "trust", "started_on", "ended_on", "joined_on", "left_on", "kind"}


class Kept(admin.ModelAdmin):
    """Rows that are changed or ended, never deleted; who changed which fields is recorded (A3)."""

    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never: end it, close it or withdraw it instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: BaseModelForm, change: bool) -> None:
        """Save, and write down which fields were changed."""
        super().save_model(request, obj, form, change)
        record_change(request, obj, form, is_new=not change)


class ReadOnly(Kept):
    """Rows that the administration shows and pages or imports write."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never here."""
        return False


class KeptInline(admin.TabularInline):
    """Rows of a thing, on its page: added and ended there, never deleted. The page's admin records each change."""

    extra = 0
    can_delete = False
    show_change_link = False


def record_change(request: HttpRequest, row: Model, form: ModelForm | Any, *, is_new: bool) -> None:
    """Leave the trail of one saved form; a form that changed nothing leaves none.

    What decides access or money is recorded with its new value, anything else (names, addresses) by its name alone.
    """
    if not is_new and not form.changed_data:
        return
    meta = row._meta
    noun = str(meta.verbose_name).replace(" ", "_")
    urn = row.pk if meta.model_name == "school" else getattr(row, "school_id", None)
    now = {
        name: str(getattr(row, f"{name}_id", getattr(row, name, ""))) for name in form.changed_data if name in TRACED
    }
    verb = f"admin.{noun}_{'added' if is_new else 'changed'}"
    record(verb, row, by=request.user, school_urn=urn, fields=form.changed_data, now=now)
