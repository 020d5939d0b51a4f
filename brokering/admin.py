"""Brokering in the administration: how matches are weighed. Needs have their own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from brokering.models import MatchWeight
from support.admin.standing import Standing


class MatchWeightAdmin(Standing):
    """How many points each kind of reason counts. One that is not listed counts as in the standing list."""

    list_display = ("kind", "points")
    actions = None
    fixed = ("kind",)

    def is_used(self, row: MatchWeight) -> bool:
        """Whether it is of a kind already: a reason keeps its meaning."""
        return row.pk is not None

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the words about published offers: this is about matches."""
        return admin.ModelAdmin.get_fieldsets(self, request, obj)


admin.site.register(MatchWeight, MatchWeightAdmin)
