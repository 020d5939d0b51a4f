"""The standing lists in the administration: services, champion types, day rates; adjustments to read and add."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from sidebyside.audit.actions import record
from sidebyside.money import pounds
from support.actions.champions import record_person
from support.admin.forms import DayRateForm
from support.models import Adjustment, Champion, ChampionType, DayRate, Service


class ServiceAdmin(admin.ModelAdmin):
    """The kinds of support. A service that deliveries use keeps its unit."""

    list_display = ("code", "name", "unit", "position")
    list_editable = ("position",)
    search_fields = ("code", "name")
    ordering = ("position", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Service | None = None) -> tuple[str, ...]:
        """Code and unit stand in spreadsheets and sums: they are fixed once a delivery uses them."""
        return ("code", "unit") if obj and obj.deliveries.exists() else ()


class ChampionTypeAdmin(admin.ModelAdmin):
    """The types of champion; what a type is called is data."""

    list_display = ("code", "name", "service")


class DayRateAdmin(SimpleHistoryAdmin):
    """What a day costs from a day on. A rate that has begun is history: a new rate is a new row (M3)."""

    form = DayRateForm
    list_display = ("champion_type", "starts_on", "in_pounds")
    list_filter = ("champion_type",)
    date_hierarchy = "starts_on"
    actions = None  # "Delete selected" would be offered for rates that have begun, and then refused

    @admin.display(description="a day", ordering="rate")
    def in_pounds(self, row: DayRate) -> str:
        """The rate as money."""
        return pounds(row.rate)

    def has_delete_permission(self, request: HttpRequest, obj: DayRate | None = None) -> bool:
        """Only what has not begun may go."""
        return obj is None or obj.starts_on > timezone.localdate()

    def save_model(self, request: HttpRequest, obj: DayRate, form: Any, change: bool) -> None:
        """With a trail: a rate changes money (A3)."""
        super().save_model(request, obj, form, change)
        verb = "day_rate.changed" if change else "day_rate.set"
        details = {"type": obj.champion_type.code, "starts_on": obj.starts_on.isoformat(), "pence": obj.rate}
        record(verb, obj, by=request.user, **details)


class ChampionAdmin(admin.ModelAdmin):
    """Which person signs in as which champion; the register has its own pages."""

    list_display = ("code", "name", "type", "home_school", "user", "is_active")
    list_filter = ("type", "is_active")
    list_select_related = ("type", "home_school", "user")
    search_fields = ("code", "name", "home_school__name")
    fields = ("code", "name", "type", "home_school", "email", "user", "is_active")
    readonly_fields = ("code", "name", "type", "home_school", "email", "is_active")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Champions are registered on their own page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Champion | None = None) -> bool:
        """A champion stays: their days keep their name."""
        return False

    def save_model(self, request: HttpRequest, obj: Champion, form: Any, change: bool) -> None:
        """With a trail: it opens a champion's pages to a person (A3)."""
        super().save_model(request, obj, form, change)
        record_person(obj, form.initial.get("user"), by=request.user)


class AdjustmentAdmin(admin.ModelAdmin):
    """To read: an adjustment is made on the school's own page, with a reason."""

    list_display = ("school", "service", "amount", "starts_on", "ends_on", "allowed_by", "reason")
    list_select_related = ("school", "service", "allowed_by")
    search_fields = ("school__name", "school__urn")
    date_hierarchy = "starts_on"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made on the school's page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Adjustment | None = None) -> bool:
        """Never changed: another one answers it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Adjustment | None = None) -> bool:
        """Never deleted."""
        return False


admin.site.register(Service, ServiceAdmin)
admin.site.register(ChampionType, ChampionTypeAdmin)
admin.site.register(DayRate, DayRateAdmin)
admin.site.register(Champion, ChampionAdmin)
admin.site.register(Adjustment, AdjustmentAdmin)
