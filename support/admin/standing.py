"""The standing lists in the administration: services, champion types, day rates; adjustments to read and add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from sidebyside.audit.actions import record
from sidebyside.money import pounds
from support.actions.champions import record_person
from support.admin.forms import DayRateForm
from support.models import (
    Adjustment,
    Champion,
    ChampionType,
    CheckKind,
    DayRate,
    Offer,
    OfferLine,
    Phase,
    Service,
    Skill,
)


class Standing(admin.ModelAdmin):
    """A row of a standing list. What decides about its meaning is fixed once it is used; each change leaves a trail.

    `is_used` says of a row whether a published offer, a delivery or a champion goes by it.
    """

    fixed: tuple[str, ...] = ()
    is_used: Callable[[Any], bool]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What is fixed, once it is used."""
        return self.fixed if obj and self.is_used(obj) else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the reason why some of it is fixed."""
        found = super().get_fieldsets(request, obj)
        if obj and self.is_used(obj):
            found = [(name, options | {"description": FIXED}) for name, options in found]
        return found

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not once it is used."""
        return super().has_delete_permission(request, obj) and not (obj and self.is_used(obj))

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool) -> None:
        """With a trail: it can change what a school gets, and what that costs (A3)."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            noun = str(obj._meta.verbose_name).replace(" ", "_")
            now = {name: str(form.cleaned_data[name])[:200] for name in form.changed_data}
            record(f"{noun}.{'changed' if change else 'added'}", obj, by=request.user, now=now)


FIXED = (
    "What cannot be changed here is fixed, because a published offer, a delivery or a champion goes by it: a published "
    "offer would otherwise come to mean something else. For a new meaning, add a new row and use it in the next offer."
)


class ServiceAdmin(Standing):
    """The kinds of support."""

    list_display = ("code", "name", "unit", "position")
    list_editable = ("position",)
    search_fields = ("code", "name")
    ordering = ("position", "code")
    actions = None  # "Delete selected" would be offered for services that are used, and then refused
    fixed = ("code", "unit", "is_visit", "is_for_new_heads")

    def is_used(self, row: Service) -> bool:
        """Whether a delivery is one, or a published offer has it in a line or a pool."""
        return is_used(row)


def is_used(service: Service) -> bool:
    """Whether a delivery is one, or a published offer has it in a line or a pool."""
    lines = OfferLine.objects.filter(service=service).exclude(offer__state=Offer.State.DRAFT)
    pools = service.pools.exclude(offer__state=Offer.State.DRAFT)
    return service.deliveries.exists() or lines.exists() or pools.exists()


class ChampionTypeAdmin(Standing):
    """The types of champion; what a type is called is data."""

    list_display = ("code", "name", "service")
    actions = None
    fixed = ("code", "service")

    def is_used(self, row: ChampionType) -> bool:
        """Whether somebody is such a champion or was on a day, or its service is used."""
        return row.champions.exists() or row.deliveries.exists() or is_used(row.service)


class SkillAdmin(Standing):
    """What champions are good at, and the areas that support is for."""

    list_display = ("name", "position")
    list_editable = ("position",)
    actions = None

    def is_used(self, row: Skill) -> bool:
        """Whether a champion has it or a deployment is for it."""
        return row.champions.exists() or row.deployments.exists()


class PhaseAdmin(Standing):
    """The phases of education, as the register names them."""

    list_display = ("name", "position")
    list_editable = ("position",)
    actions = None

    def is_used(self, row: Phase) -> bool:
        """Whether a champion works in it."""
        return row.champions.exists()


class CheckKindAdmin(Standing):
    """What champions must have done before they go into schools."""

    list_display = ("name", "is_required", "good_for_months", "position")
    list_editable = ("position",)
    actions = None

    def is_used(self, row: CheckKind) -> bool:
        """Whether somebody has done it."""
        return row.checks.exists()


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

    def has_change_permission(self, request: HttpRequest, obj: DayRate | None = None) -> bool:
        """Only of what has not begun; the database refuses the rest."""
        return super().has_change_permission(request, obj) and self._is_to_come(obj)

    def has_delete_permission(self, request: HttpRequest, obj: DayRate | None = None) -> bool:
        """Only what has not begun may go."""
        return super().has_delete_permission(request, obj) and self._is_to_come(obj)

    @staticmethod
    def _is_to_come(row: DayRate | None) -> bool:
        return row is None or row.starts_on > timezone.localdate()

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
admin.site.register(Skill, SkillAdmin)
admin.site.register(Phase, PhaseAdmin)
admin.site.register(CheckKind, CheckKindAdmin)
admin.site.register(DayRate, DayRateAdmin)
admin.site.register(Champion, ChampionAdmin)
admin.site.register(Adjustment, AdjustmentAdmin)
