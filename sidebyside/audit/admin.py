"""The trail in the administration: to read, to search, never to write."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from sidebyside.audit.models import Event


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """Who did what, when, to what, and why (A3)."""

    list_display = ["at", "by", "verb", "subject", "school_urn", "why"]
    list_filter = ["verb", "at"]
    list_select_related = ["by"]
    list_per_page = 50
    search_fields = ["school_urn", "by__name", "by__email", "subject"]
    search_help_text = "A school’s URN, a person, or a subject such as school:100001"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Deeds write it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False
