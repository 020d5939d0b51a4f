"""The trail in the administration: to read, to search, never to write."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model
from django.http import HttpRequest

from sidebyside.audit.models import Event
from sidebyside.audit.subjects import name_subjects


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """Who did what, when, to what, and why (A3)."""

    list_display = ["at", "by", "verb", "about", "school_urn", "why"]
    list_filter = ["verb", "at"]
    list_select_related = ["by"]
    list_per_page = 50
    search_fields = ["school_urn", "by__name", "by__email", "subject"]
    search_help_text = "A school’s URN, a person, or a subject such as school:100001"
    show_full_result_count = False

    @admin.display(description="about", ordering="subject")
    def about(self, event: Event) -> str:
        """The name of what it is about."""
        return event.about

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """A page of events, with the names of what they are about."""
        page = super().get_changelist_instance(request)
        page.result_list = name_subjects(page.result_list)
        return page

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Deeds write it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False
