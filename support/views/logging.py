"""Logging a champion's day on a telephone, alone or as part of a visit, and the past week at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from sidebyside.accounts.access import requires
from sidebyside.refusals import Refusal
from support.actions.attending import attend_visit, leave_visit
from support.actions.deliveries import log_delivery, plan_day
from support.actions.weekly import LOGGED, WeekRefused, log_week
from support.actions.writing import was_done
from support.beyond import price_note
from support.forms.deliveries import WhyForm
from support.forms.logging import LogForm, WeekForm, WeekRowForm
from support.models import Champion, Delivery, Deployment
from support.views.acting import done
from support.views.deliveries import delivery_of, said_of
from support.views.deployments import deployment_of
from support.week import WeekDay, week_of


@requires("support.log_delivery")
def delivery_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Log a champion's day or half day, apart or as part of a visit, or plan one that is still to come."""
    deployment, today = deployment_of(request, pk), timezone.localdate()
    first = asked_for(request) or min(max(today, deployment.starts_on), deployment.ends_on)
    form = LogForm(
        request.POST or None, request=request, by=request.user, deployment=deployment, on=today,
        initial={"happens_on": first, "half_days": 2},
    )  # fmt: skip
    if form.is_valid() and done(form, lambda: log_or_plan(deployment, form, request)):
        messages.success(request, f"The day is {said_of(form)}.")
        return redirect(deployment)
    booked = deployment.deliveries.filter(state=Delivery.State.PLANNED, happens_on__lte=today, service__is_visit=False)
    context = {"form": form, "title": "Log a day", "caption": str(deployment), "deployment": deployment}
    context |= {"button": "Save the day", "cancel_url": deployment.get_absolute_url()}
    context["price"] = price_note(deployment.school, deployment.champion_type, 2, first, funding="offer")
    context |= {"is_over": deployment.ends_on < today, "booked": booked.order_by("happens_on")}
    return render(request, "support/delivery_log.html", context)


def asked_for(request: HttpRequest) -> date | None:
    """The date that a link to the page names."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None


def log_or_plan(deployment: Deployment, form: LogForm, request: HttpRequest) -> None:
    """A date up to today has happened, perhaps as part of a visit; a later one is planned."""
    today, values = timezone.localdate(), form.booking()
    shared: dict[str, Any] = {"by": request.user, "on": today, "answer": form.answer(), "override": form.override_why()}
    if visited := form.visited():
        del values["happens_on"]
        attend_visit(deployment, visited, **values, **shared)
    elif values["happens_on"] <= today:
        log_delivery(deployment, **values, **shared)
    else:
        plan_day(deployment, **values, **shared)


@requires("support.log_delivery")
def delivery_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a champion's part in a visit back: the visit stays as it is."""
    delivery = delivery_of(request, pk)
    if not delivery.service.is_visit or not delivery.champion:
        return redirect("delivery_detail", pk=pk)
    form, on = WhyForm(request.POST or None), timezone.localdate()
    if form.is_valid() and done(form, lambda: leave_visit(delivery, **form.cleaned_data, by=request.user, on=on)):
        messages.success(request, "It is taken back. The visit stays as it is.")
        return redirect(delivery_page_after(request, delivery))
    consequences = [
        "The champion’s time no longer uses the allowance, nor the days agreed.",
        "The visit stays as it is.",
    ]
    context = {"form": form, "title": f"Take back that {delivery.champion} was part of this visit?"}
    context |= {"caption": str(delivery), "consequences": consequences, "button": "Take it back", "is_warning": True}
    return render(request, "layouts/confirm.html", context | {"cancel_url": reverse("delivery_detail", args=[pk])})


def delivery_page_after(request: HttpRequest, delivery: Delivery) -> str:
    """The visit's page, or home for a champion, who does not see a visit without a part in it."""
    may_see = Delivery.objects.visible_to(request.user).filter(pk=delivery.pk).exists()
    return reverse("delivery_detail", args=[delivery.pk]) if may_see else reverse("home")


@requires("support.log_delivery")
def week_log(request: HttpRequest) -> HttpResponse:
    """A champion's own past week."""
    champion = Champion.objects.filter(user=request.user).first()
    if champion is None:
        raise PermissionDenied
    return week_page(request, champion)


@requires("support.log_delivery")
def champion_week(request: HttpRequest, code: str) -> HttpResponse:
    """The past week of a champion, for the broker who logs it."""
    return week_page(request, get_object_or_404(Champion.objects.visible_to(request.user), code=code))


def week_page(request: HttpRequest, champion: Champion) -> HttpResponse:
    """The last seven days, a row each: what is filled in is saved all together, or not at all."""
    today, key = timezone.localdate(), WeekForm(request.POST or None, request=request)
    week = week_of(champion, on=today)
    forms = [WeekRowForm(request.POST or None, row=row) for day in week for row in day.rows]
    if request.method == "POST" and key.is_valid() and log(request, champion, key, forms):
        messages.success(request, "The week is in the record.")
        return redirect("deployment_list")
    context = {"title": "Log the past week", "caption": champion.name, "key": key, "champion": champion}
    context |= {"days": with_forms(week, forms), "has_rows": bool(forms), "forms": forms}
    context |= {"back_url": reverse("deployment_list"), "back_text": "Deployments"}
    return render(request, "support/week_log.html", context)


def log(request: HttpRequest, champion: Champion, key: WeekForm, forms: list[WeekRowForm]) -> bool:
    """Carry out what the rows say; False where one of them has to be looked at again."""
    request_key, on = key.cleaned_data["request_key"], timezone.localdate()
    if was_done(LOGGED, f"champion:{champion.pk}", request_key):
        return True
    if changed_meanwhile(request, forms):
        key.add_error(None, "One of the days was logged or moved since you opened this page. Look at it again.")
    faults = [form for form in forms if not form.is_valid()]  # every row says what is wrong with it
    if faults or key.errors:
        return False
    filled = [(form, found) for form in forms if (found := form.day_done())]
    try:
        log_week(champion, [found for _, found in filled], by=request.user, on=on, request_key=request_key)
    except WeekRefused as refused:
        for place, error in refused.errors.items():
            form, found = filled[place]
            alone = reverse("delivery_log", args=[found.deployment.pk])
            form.refuse(error, f"{alone}?on={found.happens_on}")
        return False
    except Refusal as refusal:
        key.add_error(None, refusal.sentence)
        return False
    return True


def changed_meanwhile(request: HttpRequest, forms: list[WeekRowForm]) -> bool:
    """Whether something was filled in for a row that is not there any more."""
    known = {form.add_prefix("length") for form in forms}
    sent = {name for name, value in request.POST.items() if name.startswith("day-") and name.endswith("-length")}
    return any(request.POST[name] in ("1", "2") for name in sent - known)


def with_forms(week: list[WeekDay], forms: list[WeekRowForm]) -> list[tuple[WeekDay, list[WeekRowForm]]]:
    """Each day with the forms of its rows."""
    return [(day, [form for form in forms if form.row in day.rows]) for day in week]
