"""The people who sign in, with the posts that say for which school or trust; and headteachers' appointments.

Here rather than beside the User, because the posts and the trail lie above it.
"""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import BaseFormSet, BaseModelForm
from django.http import HttpRequest

from schools.actions import record_appointment
from schools.admin.forms import AppointmentForm, PersonForm
from schools.admin.kept import Kept, KeptInline
from schools.admin.register import record_rows
from schools.invitations import invite
from schools.models import Appointment, Membership
from sidebyside.accounts.models import User


class MembershipInline(KeptInline):
    """The schools and trusts that a person signs in for."""

    model = Membership
    fields = ["school", "trust", "post", "started_on", "ended_on"]
    autocomplete_fields = ["school", "trust"]
    verbose_name = "post"
    verbose_name_plural = "posts at schools and trusts"


@admin.register(User)
class PersonAdmin(Kept):
    """People are invited, changed, and kept from signing in; never deleted, because their work keeps their name."""

    form = PersonForm
    list_display = ["name", "email", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["name", "email"]
    search_help_text = "A name or an email address"
    readonly_fields = ["last_login", "joined_at"]
    inlines = [MembershipInline]
    actions = ["invite_again"]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """A new person can sign in by definition."""
        asked = ["name", "email", "role", "telephone"]
        return [*asked, "is_active", "last_login", "joined_at"] if obj else asked

    def save_model(self, request: HttpRequest, obj: User, form: BaseModelForm, change: bool) -> None:
        """A new person starts without a password and gets a mail that says how to set one."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            invite(obj, by=request.user)
            messages.info(request, f"{obj.name} gets a mail that says how to set a password.")

    def save_formset(self, request: HttpRequest, form: BaseModelForm, formset: BaseFormSet, change: bool) -> None:
        """Save the posts, and record each that is new or changed: they are access (A3)."""
        super().save_formset(request, form, formset, change)
        record_rows(request, formset)

    @admin.action(description="Send the invitation again")
    def invite_again(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Another mail to each who can sign in."""
        invited = [invite(person, by=request.user) for person in people.filter(is_active=True)]
        messages.success(request, f"Invitations sent: {len(invited)}.")


@admin.register(Appointment)
class AppointmentAdmin(Kept):
    """Who leads which school. A new appointment ends the former one on the day before."""

    form = AppointmentForm
    list_display = ["head_name", "school", "kind", "started_on", "ended_on"]
    list_filter = ["kind"]
    list_select_related = ["school"]
    search_fields = ["head_name", "school__name", "school__urn"]
    search_help_text = "A head’s name, or a school’s name or URN"
    autocomplete_fields = ["school"]
    date_hierarchy = "started_on"

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """The last day of a new appointment follows from the next one."""
        asked = ["school", "head_name", "kind", "started_on"]
        return [*asked, "ended_on"] if obj else asked

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """An appointment stays with its school."""
        return ["school"] if obj else []

    def save_model(self, request: HttpRequest, obj: Appointment, form: BaseModelForm, change: bool) -> None:
        """A new one through the action, so that the former ends; a changed one as it is."""
        if change:
            super().save_model(request, obj, form, change)
            return
        made = record_appointment(
            obj.school, head_name=obj.head_name, kind=obj.kind, started_on=obj.started_on, by=request.user
        )
        obj.pk, obj.ended_on = made.pk, made.ended_on
