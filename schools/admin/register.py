"""Schools and trusts as the register has them, and what the team has corrected or added."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import BaseFormSet, BaseModelForm
from django.http import HttpRequest

from schools.admin.forms import CorrectionForm
from schools.admin.kept import Kept, KeptInline, ReadOnly, record_change
from schools.corrections import CORRECTABLE, correct_school
from schools.models import AdviserAssignment, Appointment, Correction, School, SchoolLink, Trust, TrustMembership
from schools.sectors import ACADEMY_TYPES, MAINTAINED_TYPES, Sector

PLACE = ["street", "locality", "town", "county", "postcode"]
CONTACT = ["website", "telephone"]


class SectorFilter(admin.SimpleListFilter):
    """Sector, from the type code (S6)."""

    title = "sector"
    parameter_name = "sector"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The two sectors, and the rest."""
        return [*((sector.value, sector.value) for sector in Sector), ("none", "outside the offer")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[School]) -> QuerySet[School]:
        """The schools of the chosen one."""
        if self.value() == "none":
            return queryset.exclude(type_code__in=MAINTAINED_TYPES | ACADEMY_TYPES)
        return queryset.in_sector(self.value()) if self.value() else queryset


class TrustMembershipInline(KeptInline):
    """The trusts of a school, dated (S8)."""

    model = TrustMembership
    fields = ["trust", "joined_on", "left_on"]
    autocomplete_fields = ["trust"]


class AppointmentInline(KeptInline):
    """The heads of a school, dated (O8)."""

    model = Appointment
    fields = ["head_name", "kind", "started_on", "ended_on"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Under “Appointments”, where the former one is ended by itself."""
        return False


class AdviserInline(AppointmentInline):
    """The advisers of a school, dated; assigned on the school's page."""

    model = AdviserAssignment
    fields = ["adviser", "started_on", "ended_on"]
    readonly_fields = fields


class CorrectionInline(AppointmentInline):
    """Which fields the team has corrected."""

    model = Correction
    fields = ["field", "reason", "corrected_by", "corrected_at"]
    readonly_fields = fields


@admin.register(School)
class SchoolAdmin(Kept):
    """Schools come by import. A field that is changed here counts as corrected, and imports leave it alone (S9)."""

    form = CorrectionForm
    list_display = ["name", "urn", "type_name", "phase", "status", "town", "authority_code"]
    list_filter = ["status", SectorFilter, "phase", "authority_code"]
    search_fields = ["name", "urn", "town", "postcode"]
    search_help_text = "A name, URN, town or postcode"
    show_full_result_count = False
    inlines = [TrustMembershipInline, AppointmentInline, AdviserInline, CorrectionInline]
    readonly_fields = ["urn"]
    fieldsets = [
        (
            None,
            {"fields": ["why", "urn", "name", "type_code", "type_name", "phase", "status", "opened_on", "closed_on"]},
        ),
        ("Where it is", {"fields": PLACE}),
        ("How to reach it", {"fields": CONTACT}),
        (
            "Also in the register",
            {
                "fields": [
                    name
                    for name in CORRECTABLE
                    if name
                    not in {
                        "name",
                        "type_code",
                        "type_name",
                        "phase",
                        "status",
                        "opened_on",
                        "closed_on",
                        *PLACE,
                        *CONTACT,
                    }
                ],
                "classes": ["collapse"],
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Schools come from the register."""
        return False

    def save_model(self, request: HttpRequest, obj: School, form: BaseModelForm, change: bool) -> None:
        """Correct what was changed, with its reason."""
        school = School.objects.get(pk=obj.pk)
        given = {name: form.cleaned_data[name] for name in form.changed_data if name in CORRECTABLE}
        changed = {name: value for name, value in given.items() if value != getattr(school, name)}
        if changed:
            correct_school(school, by=request.user, why=form.cleaned_data["why"], **changed)

    def save_formset(self, request: HttpRequest, form: BaseModelForm, formset: BaseFormSet, change: bool) -> None:
        """Save the rows below, and record each that is new or changed."""
        super().save_formset(request, form, formset, change)
        record_rows(request, formset)


@admin.register(Trust)
class TrustAdmin(Kept):
    """Trusts come by import."""

    list_display = ["name", "uid", "kind", "is_open"]
    list_filter = ["is_open", "kind"]
    search_fields = ["name", "uid", "companies_house_number"]
    search_help_text = "A name, UID or company number"
    readonly_fields = ["uid", "group_id", "name", "companies_house_number", "kind", "is_open", "closed_on"]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Trusts come from the register."""
        return False


@admin.register(TrustMembership)
class TrustMembershipAdmin(Kept):
    """Which academy is in which trust, from a day to a day (S8)."""

    list_display = ["school", "trust", "joined_on", "left_on"]
    list_select_related = ["school", "trust"]
    search_fields = ["school__name", "school__urn", "trust__name"]
    search_help_text = "A school’s name or URN, or a trust’s name"
    autocomplete_fields = ["school", "trust"]
    date_hierarchy = "joined_on"


@admin.register(SchoolLink)
class SchoolLinkAdmin(ReadOnly):
    """Predecessors and successors, as the register links them (S7)."""

    list_display = ["urn", "kind", "linked_urn", "detail", "established_on"]
    list_filter = ["kind"]
    search_fields = ["urn", "linked_urn"]
    search_help_text = "A URN"


def record_rows(request: HttpRequest, formset: BaseFormSet) -> None:
    """Leave the trail of each row of a saved formset that is new or changed."""
    for row in formset.new_objects:
        form = next(form for form in formset.forms if form.instance is row)
        record_change(request, row, form, is_new=True)
    for row, _ in formset.changed_objects:
        form = next(form for form in formset.forms if form.instance is row)
        record_change(request, row, form, is_new=False)
