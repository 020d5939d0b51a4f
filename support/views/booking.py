"""A champion's calendar at a school: book days, move one, call one off."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from sidebyside.accounts.access import requires
from sidebyside.council.models import HalfTerm
from sidebyside.months import Month
from sidebyside.years import AcademicYear
from support.actions.adjusting import room_words
from support.actions.booking import DaysRefused, book_days, cancel_day, move_day
from support.booking_days import Bounds, Taken, booking_days
from support.entitlements import DAYS, amount_text
from support.forms.booking import BookDaysForm, MoveForm
from support.forms.deliveries import WhyForm
from support.models import Delivery, Deployment
from support.views.acting import done
from support.views.deliveries import delivery_of, may_rebook
from support.views.deployments import deployment_of

State = Delivery.State


@requires("support.log_delivery")
def deployment_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A month of a deployment: each free day has a box, and all that are ticked are booked at once."""
    deployment, today = deployment_of(request, pk), timezone.localdate()
    first = min(max(today, deployment.starts_on), deployment.ends_on)
    month = Month.asked_for(request.GET.get("month", ""), on=first)
    days = booking_days(month, bounds_of(deployment, month, today), taken_in(deployment, month))
    free = [each.day for each in days.values() if each.is_free]
    form = BookDaysForm(request.POST or None, request=request, by=request.user, month=month, free=free)
    if form.is_valid() and done(form, lambda: book(deployment, form, request)) and not form.errors:
        count = len(form.days())
        messages.success(request, f"{'1 day is' if count == 1 else f'{count} days are'} booked.")
        return redirect(deployment)
    weeks = [[day and (days[day], form.box(day)) for day in week] for week in month.weeks]
    context = {"form": form, "title": "Book days", "caption": str(deployment), "deployment": deployment}
    context |= {"month": month, "weeks": weeks, "today": today, "has_free": bool(free)}
    context |= {"is_open": deployment.state_on(today) == Deployment.State.AGREED}
    context |= {"back_url": deployment.get_absolute_url(), "back_text": "The deployment"}
    return render(request, "support/deployment_calendar.html", context)


def book(deployment: Deployment, form: BookDaysForm, request: HttpRequest) -> None:
    """Book what is ticked; each day that is refused says why, beside its box."""
    try:
        book_days(
            deployment, days=form.days(), **form.booking(), by=request.user, on=timezone.localdate(),
            answer=form.answer(), override=form.override_why(),
        )  # fmt: skip
    except DaysRefused as refused:
        form.refuse(refused)


def bounds_of(deployment: Deployment, month: Month, today: date) -> Bounds:
    """The agreement's days from today on, while the school is open, and the terms as far as they are known."""
    year, school = AcademicYear.containing(month.first_day), deployment.school
    terms = HalfTerm.objects.in_year(year).values_list("first_day", "last_day")
    first = max(day for day in (deployment.starts_on, today, school.opened_on) if day)
    last = min(day for day in (deployment.ends_on, school.closed_on) if day)
    if deployment.state != Deployment.State.AGREED:
        last = date.min
    return Bounds(first, last, list(terms))


def taken_in(deployment: Deployment, month: Month) -> dict[date, list[Taken]]:
    """What the champion has in a month, at every school: who books for them knows of it."""
    there = Delivery.objects.counting().filter(champion=deployment.champion_id, half_days__gt=0)
    there = there.filter(happens_on__range=(month.first_day, month.last_day)).select_related("school")
    found: dict[date, list[Taken]] = defaultdict(list)
    for each in there.order_by("happens_on", "pk"):
        length = amount_text(each.half_days, DAYS).capitalize()
        text = f"{length} at {each.school}, {'booked' if each.state == State.PLANNED else each.state}"
        found[each.happens_on].append(Taken(each.half_days, text, reverse("delivery_detail", args=[each.pk])))
    return found


@requires("support.log_delivery")
def delivery_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a booked day another date; the school gets a mail."""
    delivery = booked_day_of(request, pk)
    if delivery is None:
        return redirect("delivery_detail", pk=pk)
    form = MoveForm(request.POST or None, by=request.user, initial={"happens_on": delivery.happens_on})
    if form.is_valid() and done(form, lambda: move(delivery, form, request)):
        messages.success(request, f"The day is moved to {delivery.happens_on:%-d %B %Y}. The school gets a mail.")
        return redirect("delivery_detail", pk=pk)
    context = {"form": form, "title": "Move this day", "caption": str(delivery), "button": "Move the day"}
    return render(request, "layouts/form.html", context | {"cancel_url": reverse("delivery_detail", args=[pk])})


def move(delivery: Delivery, form: MoveForm, request: HttpRequest) -> None:
    """Carry out what the form says."""
    values: dict[str, Any] = form.booking() | {"override": form.override_why()}
    move_day(delivery, **values, answer=form.answer(), by=request.user, on=timezone.localdate())


@requires("support.log_delivery")
def delivery_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a booked day off, with the reason; notice counts from today."""
    delivery = booked_day_of(request, pk)
    if delivery is None:
        return redirect("delivery_detail", pk=pk)
    form, today = WhyForm(request.POST or None), timezone.localdate()
    if form.is_valid() and done(form, lambda: cancel_day(delivery, **form.cleaned_data, by=request.user, on=today)):
        messages.success(request, "It is cancelled. The reason stays in the record.")
        return redirect("delivery_detail", pk=pk)
    notice = (delivery.happens_on - today).days
    consequences = ["It no longer uses the allowance.", *room_words(delivery), "The reason stays in the record."]
    if notice >= 0:
        said = f"{notice} day{'' if notice == 1 else 's'}"
        consequences.insert(0, f"That is {said} of notice. The school gets a mail that says who and when, not why.")
    context = {"form": form, "title": "Cancel this day?", "caption": str(delivery), "consequences": consequences}
    context |= {"button": "Cancel the day", "is_warning": True, "cancel": "Keep it"}
    return render(request, "layouts/confirm.html", context | {"cancel_url": reverse("delivery_detail", args=[pk])})


def booked_day_of(request: HttpRequest, pk: int) -> Delivery | None:
    """The champion's day that is booked; None, with a word about it, where it is none any more."""
    delivery = delivery_of(request, pk)
    if not may_rebook(request.user, delivery):
        raise PermissionDenied
    if delivery.state != State.PLANNED:
        messages.info(
            request, f"This is {delivery.get_state_display().lower()}: only a booked day is moved or cancelled."
        )
        return None
    return delivery
