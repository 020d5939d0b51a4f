"""Offers in the administration: edited as drafts, published and cloned on pages of their own (O1, O15)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear
from support.actions.offers import clone_offer, differences, publish_offer
from support.admin.forms import CloneForm, OfferLineForm, PublishForm
from support.models import Offer, OfferLine, Pool
from support.offer_words import line_words, price_words

PRICES: dict[str, str] = {
    OfferLine.Charge.UNSET: "Not decided",
    OfferLine.Charge.DAY_RATE: "Day rate",
    OfferLine.Charge.AGREED: "Agreed each time",
}


class OfDraftOnly:
    """What belongs to an offer can be changed while the offer is a draft (O1)."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not once the offer is published."""
        return request.user.is_staff and not is_frozen(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not once the offer is published."""
        return self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not once the offer is published."""
        return self.has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Always."""
        return request.user.is_staff


def is_frozen(obj: Any) -> bool:
    """Whether this is a published offer, or part of one."""
    offer = obj.offer if isinstance(obj, OfferLine | Pool) else obj
    return isinstance(offer, Offer) and offer.is_frozen


class PoolInline(OfDraftOnly, admin.TabularInline):
    """Services that share one allowance (O5)."""

    model = Pool
    extra = 0
    fields = ("position", "code", "name", "services")
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    verbose_name_plural = "Pools: services that share one allowance. Save a new pool before a line uses it."


class LineInline(OfDraftOnly, admin.TabularInline):
    """What each sector and category gets."""

    model = OfferLine
    form = OfferLineForm
    extra = 0
    show_change_link = True
    readonly_fields = ("gives", "costs")
    verbose_name_plural = "Lines: what each sector and category gets. “Change” opens the rest of a line."

    def get_fields(self, request: HttpRequest, obj: Offer | None = None) -> tuple[str, ...]:
        """In words once it is published."""
        if is_frozen(obj):
            return ("sector", "category", "service", "pool", "gives", "costs")
        return ("position", "sector", "category", "service", "pool", "basis", "allowance", "costs")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[OfferLine]:
        """With what each line names, in the offer's order."""
        rows = super().get_queryset(request).select_related("service", "pool", "category")
        return rows.prefetch_related("pool__services").order_by("position", "id")

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """A line uses the pools of its own offer."""
        if db_field.name == "pool":
            offer = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            kwargs["queryset"] = Pool.objects.filter(offer=offer)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Each choice without Django's icons."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(
            db_field, models.ForeignKey
        ):  # the row is wide enough without a pencil, a plus and an eye beside each choice
            field.widget.can_add_related = field.widget.can_change_related = False
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    @admin.display(description="gives")
    def gives(self, line: OfferLine) -> str:
        """What the line gives, in words."""
        return line_words(line) if line.pk else ""

    @admin.display(description="price")
    def costs(self, line: OfferLine) -> str:
        """What it costs, in words."""
        return PRICES.get(line.charge) or price_words(line) if line.pk else ""


@admin.register(Offer)
class OfferAdmin(OfDraftOnly, SimpleHistoryAdmin):
    """An offer with its pools and lines."""

    list_display = ("year", "version", "state", "published_on", "reason")
    list_filter = ("state",)
    ordering = ("-year_start", "-version")
    inlines = (PoolInline, LineInline)
    actions = None  # the only one would be to delete several at once, and published offers stay

    class Media:
        css = {"all": ("css/support-admin.css",)}

    readonly_fields = ("state", "published_on", "published_by")
    fieldsets = (
        (None, {"fields": (("year_start", "version"), "introduction")}),
        ("Publication", {"fields": (("state", "published_on", "published_by"), "reason")}),
    )

    def get_urls(self) -> list[URLPattern]:
        """With the pages of the two decisions."""
        own = [
            path("<path:object_id>/publish/", self.admin_site.admin_view(self.publish), name="support_offer_publish"),
            path("<path:object_id>/clone/", self.admin_site.admin_view(self.clone), name="support_offer_clone"),
        ]
        return own + super().get_urls()

    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The decision to publish, with what changes."""
        offer = self.offer(request, object_id)
        former = Offer.objects.published().filter(year_start=offer.year_start).exclude(pk=offer.pk).first()
        form = PublishForm(request.POST if request.method == "POST" else None)
        if not former:
            del form.fields["why"]
        today = timezone.localdate()
        if request.method == "POST" and form.is_valid():
            try:
                publish_offer(offer, by=request.user, on=today, why=form.cleaned_data.get("why", ""))
            except Refusal as refusal:
                form.add_error(refusal.field, refusal.sentence)
            else:
                messages.success(request, f"{offer} is published.")
                return redirect(reverse("admin:support_offer_change", args=[offer.pk]))
        changes = differences(offer, former) if former else [f"{line}: {line_words(line)}" for line in lines_of(offer)]
        intro = f"What changes against version {former.version}:" if former else "What it gives:"
        intro = intro if changes else "It gives what the version in force gives, line by line."
        return self.decide(
            request, offer, form, title=f"Publish {offer}?", button="Publish", lines=changes, intro=intro
        )

    def clone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The year of the copy."""
        offer = self.offer(request, object_id)
        form = CloneForm(
            request.POST if request.method == "POST" else None, initial={"year_start": offer.year_start + 1}
        )
        if request.method == "POST" and form.is_valid():
            clone = clone_offer(offer, year=AcademicYear(form.cleaned_data["year_start"]), by=request.user)
            messages.success(request, f"{clone} is a draft: edit it, then publish it.")
            return redirect(reverse("admin:support_offer_change", args=[clone.pk]))
        intro = "A draft with the same pools and lines. The days of late starts move with the year."
        return self.decide(request, offer, form, title=f"Clone {offer}", button="Clone", lines=[], intro=intro)

    def decide(self, request: HttpRequest, offer: Offer, form: forms.Form, **context: Any) -> HttpResponse:
        """A decision's own page."""
        page = self.admin_site.each_context(request) | {"opts": self.opts, "original": offer, "form": form}
        return render(request, "admin/support/offer/decide.html", page | context)

    def offer(self, request: HttpRequest, object_id: str) -> Offer:
        """The offer of the address. Raises PermissionDenied, Http404."""
        if not request.user.is_staff:
            raise PermissionDenied
        offer = self.get_object(request, unquote(object_id))
        if offer is None:
            raise Http404
        return offer


@admin.register(OfferLine)
class OfferLineAdmin(OfDraftOnly, admin.ModelAdmin):
    """One line with everything about it; reached from its offer."""

    form = OfferLineForm
    fieldsets = (
        ("For whom", {"fields": (("sector", "category"), ("service", "pool"))}),
        ("How much", {"fields": (("basis", "allowance"), ("hlv_use", "hlv_half_days"))}),
        ("Price", {"fields": (("charge", "fixed_price"),)}),
        ("Late starts of new heads", {"fields": (("late_start_after", "late_use_until"),)}),
        ("On the public page", {"fields": ("note", "position")}),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not in the list of what can be edited: its offer is."""
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Lines are added on their offer's page."""
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """With the pools of the line's own offer."""
        form = super().get_form(request, obj, change, **kwargs)
        if obj and "pool" in form.base_fields:
            form.base_fields["pool"].queryset = Pool.objects.filter(offer=obj.offer)
        return form


def lines_of(offer: Offer) -> models.QuerySet[OfferLine]:
    """An offer's lines with what they name."""
    return offer.lines.select_related("service", "pool", "category").prefetch_related("pool__services")
