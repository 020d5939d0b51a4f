"""Logging days, and what becomes of each delivery: confirmed, withdrawn, priced."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from schools.pages import school_page
from sidebyside.accounts.access import requires
from sidebyside.accounts.models import User
from sidebyside.audit.models import Event
from support.actions.adjusting import room_words
from support.actions.confirming import (
    agree_price,
    cancel_delivery,
    has_a_part_in,
    withdraw_delivery,
)
from support.actions.deliveries import mark_delivered, plan_delivery, record_support
from support.forms import BeyondForm
from support.forms.deliveries import (
    DayForm,
    PriceForm,
    SupportForm,
    TookPlaceForm,
    WhyForm,
)
from support.models import Delivery, Dispute, OfferLine
from support.price_notes import note_of
from support.views.acting import done

State = Delivery.State
TAKEN_BACK = ("delivery.denied", "delivery.cancelled", "delivery.withdrawn")  # nobody denies any more; some did


@requires("support.log_delivery", "visits.log_visit")
def delivery_deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that planned support took place: a champion's day, a meeting, places. A visit has a log of its own (V1)."""
    delivery = delivery_of(request, pk)
    if hasattr(delivery, "visit"):
        return redirect("visit_log", pk=delivery.visit.pk)
    if not may_deliver(request.user, delivery):
        raise PermissionDenied
    initial = {"happens_on": delivery.happens_on, "half_days": delivery.half_days, "summary": delivery.summary}
    kind = DayForm if delivery.deployment_id else TookPlaceForm
    form = kind(request.POST or None, by=request.user, initial=initial)
    if form.is_valid() and done(form, lambda: deliver(delivery, form, request)):
        messages.success(request, "It is in the record.")
        return redirect("delivery_detail", pk=pk)
    context = {"form": form, "title": "Say that it took place", "caption": str(delivery), "button": "Save"}
    return render(request, "layouts/form.html", context | {"cancel_url": reverse("delivery_detail", args=[pk])})


def may_deliver(user: User, delivery: Delivery) -> bool:
    """Whether this person says that it took place: of a deployment who logs its days, otherwise who plans support.

    Of a visit its log says it, also where a champion of a deployment is part of it (V1).
    """
    is_day = delivery.deployment_id and not delivery.service.is_visit
    return user.may("support.log_delivery" if is_day else "visits.log_visit")


def deliver(delivery: Delivery, form: BeyondForm, request: HttpRequest) -> None:
    """Carry out what the form says."""
    given = form.booking() | {"answer": form.answer(), "override": form.override_why()}
    mark_delivered(delivery, **given, by=request.user, on=timezone.localdate())


@requires("visits.log_visit")
def support_new(request: HttpRequest, urn: int) -> HttpResponse:
    """Record or plan support without a deployment or a visit: a meeting, an inspection, conference places."""
    school, today = school_page(request, urn), timezone.localdate()
    form = SupportForm(request.POST or None, request=request, by=request.user, initial={"happens_on": today})
    if form.is_valid() and done(form, lambda: record_or_plan(school, form, request)):
        messages.success(request, f"The support is {said_of(form)}.")
        return redirect("school_deployments", urn=urn)
    context = {"form": form, "title": "Record other support", "caption": school.name, "button": "Save"}
    return render(request, "layouts/form.html", context | {"cancel_url": reverse("school_deployments", args=[urn])})


def said_of(form: BeyondForm) -> str:
    """What a saved form made of a day: a later one is planned, others are in the record."""
    return "planned" if form.cleaned_data["happens_on"] > timezone.localdate() else "in the record"


def record_or_plan(school: Any, form: SupportForm, request: HttpRequest) -> None:
    """A date up to today has happened; a later one is planned."""
    today, values = timezone.localdate(), form.booking()
    act = record_support if values["happens_on"] <= today else plan_delivery
    act(school, **values, adviser=request.user, by=request.user, on=today, answer=form.answer())


@requires("support.view_deployment")
def delivery_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One delivery: what was done, its state, its price where it has one, and what can be done with it."""
    delivery, user = delivery_of(request, pk), request.user
    is_open = delivery.state in (State.PLANNED, State.DELIVERED)
    may_answer = user.may("support.confirm_delivery") or user.may("support.confirm_for_school")
    has_come = delivery.happens_on <= timezone.localdate()
    is_waiting = delivery.state == State.DELIVERED and not (delivery.dispute_open and user.is_council_staff)
    context = {
        "title": f"{delivery.service}",
        "caption": delivery.school.name,
        "delivery": delivery,
        "price": note_of(delivery),
        "is_agreed_price": is_priced_each_time(delivery),
        "may_confirm": may_answer and is_waiting and not has_a_part_in(delivery, user),
        "may_resolve": user.may("support.resolve_dispute"),
        "disputes": Dispute.objects.filter(delivery=delivery).select_related("raised_by", "resolved_by"),
        "may_deliver": delivery.state == State.PLANNED and has_come and may_deliver(user, delivery),
        "may_withdraw": may_take_back(request, delivery) and (is_open or user.may("support.confirm_for_school")),
        "may_rebook": delivery.state == State.PLANNED and may_rebook(user, delivery),
        "may_leave": is_open and may_leave(user, delivery),
        "may_price": user.may("support.agree_price") and delivery.state != State.CANCELLED,
        "today": timezone.localdate(),
        "taken_back": taken_back(delivery),
    }
    return render(request, "support/delivery_detail.html", context)


def taken_back(delivery: Delivery) -> Event | None:
    """Who took a cancelled delivery back, when, and how; None when nobody did."""
    deeds = Event.objects.filter(subject=f"delivery:{delivery.pk}", verb__in=TAKEN_BACK).select_related("by")
    return deeds.first() if delivery.state == State.CANCELLED else None


def may_take_back(request: HttpRequest, delivery: Delivery) -> bool:
    """Whether this person's role takes support back, and there is something left to take back.

    A booked day of a champion is cancelled, which is offered apart; a visit is the team's.
    """
    user, is_booked_day = request.user, delivery.state == State.PLANNED and may_rebook(request.user, delivery)
    is_mine_to = user.is_council_staff or not delivery.service.is_visit
    return user.may("support.log_delivery") and delivery.state != State.CANCELLED and is_mine_to and not is_booked_day


def may_rebook(user: User, delivery: Delivery) -> bool:
    """Whether this person moves and cancels it: a champion's own day, or the team any; a visit has pages of its own."""
    if delivery.champion is None or delivery.service.is_visit or not user.may("support.log_delivery"):
        return False
    return user.is_council_staff or bool(delivery.deployment_id and delivery.champion.user_id == user.pk)


def may_leave(user: User, delivery: Delivery) -> bool:
    """Whether this person takes the champion's part in a visit back."""
    if delivery.champion is None or not delivery.service.is_visit or not user.may("support.log_delivery"):
        return False
    return user.is_council_staff or delivery.champion.user_id == user.pk


def is_priced_each_time(delivery: Delivery) -> bool:
    """Whether the offer says that this has a price agreed each time (O11)."""
    lines = OfferLine.objects.filter(charge=OfferLine.Charge.AGREED, service=delivery.service)
    return lines.filter(sector=delivery.school.sector, offer__state="published").exists()


@requires("support.log_delivery")
def delivery_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a delivery back with a reason: a planned one is cancelled, a delivered one withdrawn."""
    delivery = delivery_of(request, pk)
    if delivery.service.is_visit and not request.user.is_council_staff:
        return redirect("delivery_leave", pk=pk)  # a champion takes back the own part, and not the visit
    if delivery.state == State.PLANNED and hasattr(delivery, "visit"):
        return redirect("visit_cancel", pk=delivery.visit.pk)  # which asks for the notice, and tells the school
    if delivery.state == State.PLANNED and delivery.champion_id:
        return redirect("delivery_cancel", pk=pk)  # which tells the school
    act = cancel_delivery if delivery.state == State.PLANNED else withdraw_delivery
    form = WhyForm(request.POST or None)
    on = timezone.localdate()
    if form.is_valid() and done(form, lambda: act(delivery, **form.cleaned_data, by=request.user, on=on)):
        messages.success(request, "It is cancelled. The reason stays in the record.")
        return redirect("delivery_detail", pk=pk)
    verb = "Cancel" if delivery.state == State.PLANNED else "Withdraw"
    consequences = ["It no longer uses the allowance.", *room_words(delivery), "It is not charged."]
    consequences.append("The reason stays in the record.")
    context = {"form": form, "title": f"{verb} this support?", "caption": str(delivery), "consequences": consequences}
    context |= {"button": verb, "is_warning": True, "cancel_url": reverse("delivery_detail", args=[pk])}
    return render(request, "layouts/confirm.html", context)


@requires("support.agree_price")
def delivery_price(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the price that a school's leaders agreed to (O11)."""
    delivery = delivery_of(request, pk)
    initial = {"agreed_with": delivery.agreed_with, "agreed_on": delivery.agreed_on or timezone.localdate()}
    form = PriceForm(request.POST or None, initial=initial | {"pence": delivery.agreed_price})
    if form.is_valid() and done(form, lambda: agree_price(delivery, **form.cleaned_data, by=request.user)):
        messages.success(request, "The price is in the record.")
        return redirect("delivery_detail", pk=pk)
    context = {"form": form, "title": "Record an agreed price", "caption": str(delivery), "button": "Save the price"}
    return render(request, "layouts/form.html", context | {"cancel_url": reverse("delivery_detail", args=[pk])})


def delivery_of(request: HttpRequest, pk: int) -> Delivery:
    """The delivery, if this person may see it; 404 alike for foreign and absent (A1)."""
    deliveries = Delivery.objects.visible_to(request.user).with_dispute()
    wanted = deliveries.select_related(
        "school", "service", "champion", "champion_type", "deployment__champion", "adviser", "visit"
    )
    return get_object_or_404(wanted, pk=pk)
