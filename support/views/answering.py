"""The supported school's answer: confirmed, several at once, or disputed; and how the broker settles a dispute (M1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from sidebyside.accounts.access import requires
from sidebyside.paging import PER_PAGE, page_of
from support.actions.confirming import confirm_chosen, confirm_delivery
from support.actions.disputing import dispute_delivery, resolve_dispute
from support.forms.answering import ChosenForm, ConfirmForm, ConfirmForSchoolForm, ResolveForm
from support.models import Delivery, Dispute
from support.models.deliveries import DeliveryQuerySet
from support.price_notes import note_of, price_notes
from support.silence import broker_must_wait
from support.views.acting import done, number_of
from support.views.deliveries import delivery_of

State = Delivery.State
SHOWN = ("school", "service", "champion", "champion_type")


@requires("support.confirm_delivery", "support.confirm_for_school")
def delivery_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The supported school's answer: it took place, or something is wrong; or the team's confirmation in its place."""
    delivery = delivery_of(request, pk)
    if delivery.state != State.DELIVERED:
        messages.info(request, f"This is {delivery.get_state_display().lower()}: it does not wait for an answer.")
        return redirect("delivery_detail", pk=pk)
    is_team, today = request.user.may("support.confirm_for_school"), timezone.localdate()
    form = (ConfirmForSchoolForm if is_team else ConfirmForm)(request.POST or None)
    if form.is_valid() and done(form, lambda: answer(delivery, form.cleaned_data, request)):
        is_no = form.cleaned_data.get("happened") == "no"
        thanks = "The council’s team looks into it. Nothing is charged meanwhile." if is_no else "It is confirmed."
        messages.success(request, f"Thank you. {thanks}")
        return redirect(next_url(request, reverse("delivery_detail", args=[pk])))
    title = "Confirm this for the school?" if is_team else "Did this take place?"
    context = {"form": form, "title": title, "caption": delivery.school.name, "delivery": delivery}
    context |= {"button": "Confirm it" if is_team else "Save the answer", "price": note_of(delivery)}
    context |= {"cancel_url": reverse("delivery_detail", args=[pk]), "has_dispute": bool(delivery.dispute_open)}
    context["must_wait"] = broker_must_wait(delivery, on=today) if is_team and not delivery.dispute_open else ""
    return render(request, "support/delivery_confirm.html", context)


def answer(delivery: Delivery, values: dict[str, str], request: HttpRequest) -> None:
    """Confirm it, or say what is wrong with it."""
    by, on = request.user, timezone.localdate()
    if values.get("happened") == "no":
        dispute_delivery(delivery, reason=values["why"], by=by, on=on)
    else:
        confirm_delivery(delivery, by=by, on=on, why=values["why"])


def next_url(request: HttpRequest, otherwise: str) -> str:
    """The page of ours that a form asks to go back to."""
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else otherwise


@requires("support.confirm_delivery")
def confirmation_list(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this person's confirmation, the oldest first; on request what is disputed only."""
    waiting = waiting_for(request).order_by("happens_on", "id")
    is_disputed = bool(request.GET.get("disputed"))
    if is_disputed:
        waiting = waiting.disputed()
    context = {"title": "Disputed" if is_disputed else "Waiting for confirmation", "page": page_of(waiting, request)}
    context |= {"may_confirm": not request.user.is_council_staff, "is_disputed": is_disputed}
    context["may_resolve"] = request.user.may("support.resolve_dispute")
    return render(request, "support/confirmation_list.html", context)


@requires("support.confirm_delivery")
def deliveries_confirm(request: HttpRequest) -> HttpResponse:
    """The decision to confirm all that was chosen in the list, each with what the school should know of its price."""
    numbers = [number for text in (request.POST or request.GET).getlist("chosen") if (number := number_of(text))]
    chosen = waiting_for(request).undisputed().filter(pk__in=numbers[:PER_PAGE])
    deliveries = list(chosen.order_by("happens_on", "id")) if not request.user.is_council_staff else []
    if not deliveries:
        messages.info(request, "Choose what you want to confirm. What was confirmed already is not in the list.")
        return redirect("confirmation_list")
    form = ChosenForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(form, lambda: confirm_chosen(deliveries, by=request.user, on=timezone.localdate())):
        said = "1 delivery is" if len(deliveries) == 1 else f"{len(deliveries)} deliveries are"
        messages.success(request, f"Thank you. {said} confirmed.")
        return redirect("confirmation_list")
    notes = price_notes(deliveries)
    rows = [(delivery, notes[delivery.pk]) for delivery in deliveries]
    title = f"Confirm {'this' if len(rows) == 1 else f'these {len(rows)}'}?"
    context = {
        "form": form,
        "title": title,
        "rows": rows,
        "button": "Confirm",
        "cancel_url": reverse("confirmation_list"),
    }
    return render(request, "support/deliveries_confirm.html", context)


def waiting_for(request: HttpRequest) -> DeliveryQuerySet:
    """What waits at the schools that this person may see, with what a row shows."""
    return Delivery.objects.visible_to(request.user).awaiting_confirmation().with_dispute().select_related(*SHOWN)


@requires("support.resolve_dispute")
def dispute_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """The broker settles a dispute: it stands, it was shorter, or it did not take place."""
    disputes = Dispute.objects.visible_to(request.user).select_related("raised_by", "delivery__school")
    dispute = get_object_or_404(disputes, pk=pk)
    delivery = delivery_of(request, dispute.delivery_id)
    if dispute.resolved_on:
        messages.info(request, "This dispute is settled already.")
        return redirect("delivery_detail", pk=delivery.pk)
    form = ResolveForm(request.POST or None, half_days=delivery.half_days)
    on = timezone.localdate()
    if form.is_valid() and done(form, lambda: resolve_dispute(dispute, **form.decision(), by=request.user, on=on)):
        messages.success(request, "The dispute is settled. Both sides get a mail, and read how on the page.")
        return redirect("delivery_detail", pk=delivery.pk)
    context = {"form": form, "title": "Settle this dispute", "caption": delivery.school.name, "delivery": delivery}
    context |= {"dispute": dispute, "button": "Settle the dispute", "price": note_of(delivery)}
    context["cancel_url"] = reverse("delivery_detail", args=[delivery.pk])
    return render(request, "support/dispute_resolve.html", context)
