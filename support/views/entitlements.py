"""What a school is entitled to on a day, as a page and as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from schools.history import neighbours_of
from schools.models import School
from schools.models.register import SchoolQuerySet
from schools.pages import school_page
from sidebyside.accounts.access import requires
from sidebyside.csv import csv_response
from sidebyside.years import AcademicYear
from support.actions.adjusting import adjust_allowance
from support.balances import balances_in_detail, balances_of
from support.entitlement_words import groups_of
from support.entitlements import DAYS
from support.forms.dates import OnForm
from support.forms.deliveries import AdjustmentForm
from support.models import Delivery
from support.models.deliveries import DeliveryQuerySet
from support.views.acting import done

HEADINGS = (
    "urn", "school", "sector", "category", "line", "unit", "allowance", "adjustment", "delivered", "booked", "left",
)  # fmt: skip
State = Delivery.State


@requires("support.view_entitlement")
def school_entitlement(request: HttpRequest, urn: int) -> HttpResponse:
    """Each service or pool: allowance, delivered, booked, left, and why (A2)."""
    school, today = school_page(request, urn), timezone.localdate()
    form = OnForm.of(request)
    on = form.chosen or today
    found = balances_in_detail(school, on=on)
    after = neighbours_of(school, user=request.user).after if school.closed_on else []
    year = AcademicYear.containing(on)
    aside = list(not_counted(school, on))
    context = {
        "title": "Entitlement",
        "school": school,
        "today": today,
        "on": on,
        "year": year,
        "year_is_past": year.last_day < today,
        "left_out": delivered_after(aside, on),
        "form": form,
        "found": found,
        "groups": groups_of(found, aside),
        "successor": next(iter(after), None),
        "may_adjust": request.user.may("support.exceed_allowance"),
        "may_see_cost": school.is_academy and request.user.may("billing.view_invoice"),
    }
    return render(request, "support/school_entitlement.html", context)


def not_counted(school: School, on: date) -> DeliveryQuerySet:
    """The year's deliveries that use no allowance on the day: cancelled, bought, or delivered after it."""
    later = Q(happens_on__gt=on) & ~Q(state=State.PLANNED)
    aside = Q(state=State.CANCELLED) | Q(funding=Delivery.Funding.BOUGHT) | later
    rows = school.deliveries.in_year(AcademicYear.containing(on)).filter(aside)
    return rows.select_related("service").order_by("happens_on", "id")


def delivered_after(aside: list[Delivery], on: date) -> int:
    """How many of these a later day would count: delivered after this one, and within the offer."""
    set_aside = (State.PLANNED, State.CANCELLED)
    within = (row for row in aside if row.state not in set_aside and row.funding != Delivery.Funding.BOUGHT)
    return sum(row.happens_on > on for row in within)


@requires("support.view_entitlement")
def entitlement_export(request: HttpRequest) -> HttpResponseBase:
    """Every school that a person may see: a row for each service or pool, in a constant number of queries."""
    form = OnForm.of(request)
    if form.is_bound and not form.is_valid():
        return HttpResponse("Write the day as on=2023-03-31, a real date.", status=400, content_type="text/plain")
    on = form.chosen or timezone.localdate()
    year = AcademicYear.containing(on)
    schools = School.objects.visible_to(request.user).state_funded().open_between(year.first_day, on)
    return csv_response(f"entitlements-{on}.csv", HEADINGS, cells(schools.order_by("name", "urn"), on))


def cells(schools: SchoolQuerySet, on: date) -> Iterator[tuple[Any, ...]]:
    """A row for each service or pool of each school; days with one decimal, nothing where there is no limit."""
    for urn, found in balances_of(schools, on=on).items():
        category = found.category.name if found.category else None
        for each in found.balances:
            amounts = (each.allowance, each.adjustment, each.delivered, each.booked, each.left)
            yield (
                urn, found.school.name, found.school.sector, category, each.code, each.unit,
                *(amount_cell(amount, each.unit) for amount in amounts),
            )  # fmt: skip


def amount_cell(amount: int | None, unit: str) -> Decimal | int | None:
    """An amount as a spreadsheet's number: half days as days with one decimal, visits whole."""
    if amount is None or unit != DAYS:
        return amount
    return (Decimal(amount) / 2).quantize(Decimal("0.1"))


@requires("support.exceed_allowance")
def adjustment_new(request: HttpRequest, urn: int) -> HttpResponse:
    """Give one school more or less of a service, with a reason (S5, O13)."""
    school, today = school_page(request, urn), timezone.localdate()
    initial = {"starts_on": today, "ends_on": AcademicYear.containing(today).last_day}
    form = AdjustmentForm(request.POST or None, request=request, initial=initial)
    if form.is_valid() and done(form, lambda: adjust_allowance(school, **form.cleaned_data, by=request.user)):
        messages.success(request, "The allowance is adjusted.")
        return redirect("school_entitlement", urn=urn)
    context = {"form": form, "title": "Adjust an allowance", "caption": school.name, "button": "Adjust the allowance"}
    context["cancel_url"] = reverse("school_entitlement", args=[urn])
    return render(request, "layouts/form.html", context)
