"""Planning, moving and cancelling a visit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from schools.pages import school_page
from sidebyside.accounts.access import requires
from sidebyside.accounts.roles import Role
from sidebyside.refusals import Refusal
from support.actions.adjusting import room_words
from support.beyond import BeyondAllowance
from visits.actions.planning import cancel_visit, move_visit, plan_visit
from visits.forms.planning import CancelForm, MoveForm, PlanForm
from visits.letters import readers_at
from visits.models import Visit
from visits.pages import visit_page


@requires("visits.plan_visit")
def visit_plan(request: HttpRequest, urn: int) -> HttpResponse:
    """Plan a visit to a school; the allowance is asked at once (O13)."""
    school, user, today = school_page(request, urn), request.user, timezone.localdate()
    adviser = user.pk if user.role == Role.ADVISER else school.adviser_id
    form = PlanForm(request.POST if request.method == "POST" else None, by=user, initial={"adviser": adviser})
    if form.is_valid():
        try:
            visit = plan_visit(school, **form.booking(), by=user, on=today, answer=form.answer())
        except BeyondAllowance as beyond:
            form.ask(beyond)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, f"{visit.delivery.service} planned for {date_format(visit.delivery.happens_on)}.")
            say_who_was_told(request, visit, is_told=visit.delivery.happens_on >= today)
            return redirect(visit)
    cancel_url = reverse("school_visits", args=[urn])
    context = {"school": school, "form": form, "title": "Plan a visit", "caption": school.name}
    context |= {"button": "Plan the visit", "cancel_url": cancel_url, "back_url": cancel_url, "back_text": school.name}
    return render(request, "layouts/form.html", context)


@requires("visits.plan_visit")
def visit_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a planned visit another day, time or place."""
    visit, today = visit_page(request, pk), timezone.localdate()
    now = {"happens_on": visit.delivery.happens_on, "starts_at": visit.starts_at, "mode": visit.mode}
    form = MoveForm(request.POST if request.method == "POST" else None, by=request.user, initial=now)
    if form.is_valid():
        try:
            move_visit(visit, **form.booking(), by=request.user, on=today, answer=form.answer())
        except BeyondAllowance as beyond:
            form.ask(beyond)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, f"Moved to {date_format(visit.delivery.happens_on)}.")
            say_who_was_told(request, visit, is_told=True)
            return redirect(visit)
    context = about(visit, "Move this visit", "Move the visit")
    return render(request, "layouts/form.html", context | {"form": form, "cancel": "Leave it as it is"})


@requires("visits.plan_visit")
def visit_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a planned visit off, with the reason and the notice (V1)."""
    visit, today = visit_page(request, pk), timezone.localdate()
    form = CancelForm(request.POST if request.method == "POST" else None, initial={"notice_on": today})
    if form.is_valid():
        try:
            cancel_visit(visit, **form.cleaned_data, by=request.user, on=today)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, "The visit is cancelled, and what it had booked is free again.")
            say_who_was_told(request, visit, is_told=True)
            return redirect(visit)
    context = about(visit, "Cancel this visit?", "Cancel the visit")
    context |= {"form": form, "is_warning": True, "cancel": "Keep it", "consequences": room_words(visit.delivery)}
    return render(request, "layouts/confirm.html", context)


def say_who_was_told(request: HttpRequest, visit: Visit, *, is_told: bool) -> None:
    """Whether a mail went to the school, so that nobody has to guess."""
    school = visit.delivery.school
    if not is_told:
        messages.info(request, "Its day has come, so no mail was sent. You can log it now.")
    elif people := readers_at(school, on=timezone.localdate()):
        messages.info(request, f"A mail tells {', '.join(sorted(person.name for person in people))}.")
    else:
        messages.info(request, f"Nobody signs in for {school} yet, so nobody got a mail. Tell the school yourself.")


def about(visit: Visit, title: str, button: str) -> dict[str, Any]:
    """What the pages about one visit share."""
    delivery = visit.delivery
    day = date_format(delivery.happens_on)
    return {
        "visit": visit,
        "title": title,
        "caption": f"{delivery.school}: {delivery.service}, {day}",
        "button": button,
        "cancel_url": visit.get_absolute_url(),
        "back_url": visit.get_absolute_url(),
        "back_text": f"{delivery.service}, {day}",
    }
