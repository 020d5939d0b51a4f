"""Categories, and each school's entries."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from schools.admin.kept import Kept, ReadOnly
from schools.models import Category, CategoryEntry


@admin.register(Category)
class CategoryAdmin(Kept):
    """The levels of support, in words that heads read."""

    list_display = ["name", "rank", "colour", "meaning"]
    fields = ["name", "rank", "colour", "meaning"]


@admin.register(CategoryEntry)
class CategoryEntryAdmin(ReadOnly):
    """Every school's categories. They are proposed, confirmed and withdrawn on the school's own pages."""

    list_display = ["school", "category", "starts_on", "state", "proposed_by", "confirmed_by"]
    list_filter = ["state", "category", "starts_on"]
    list_select_related = ["school", "category", "proposed_by", "confirmed_by"]
    search_fields = ["school__name", "school__urn"]
    search_help_text = "A school’s name or URN"
    date_hierarchy = "starts_on"
    fields = [
        "school",
        "category",
        "starts_on",
        "state",
        "reason",
        "evidence",
        "proposed_by",
        "proposed_at",
        "confirmed_by",
        "confirmed_at",
        "page",
    ]
    readonly_fields = ["page"]

    @admin.display(description="Where to change it")
    def page(self, entry: CategoryEntry) -> SafeString:
        """A link to the school's history."""
        return format_html('<a href="{}history/">{}</a>', entry.school.get_absolute_url(), entry.school)
