"""Deployments: the list, the agreement, the days used against the days agreed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from schools.models import School
from schools.pages import school_page
from sidebyside.accounts.access import requires
from sidebyside.forms import Form
from sidebyside.paging import page_of
from support.actions.deployments import end_deployment, move_deployment, successors_of
from support.burn_down import burn_down_of
from support.filters import DeploymentFilter
from support.forms.deliveries import WhyForm
from support.models import Delivery, Deployment
from support.views.acting import done

CAME_ABOUT = (Deployment.State.AGREED, Deployment.State.ENDED)

LENT = "No champion supports your school yet. A champion whom your school lends stands under Champions and Agreements."


@requires("support.view_deployment")
def deployment_list(request: HttpRequest) -> HttpResponse:
    """Every deployment that a person may see, the latest first."""
    today = timezone.localdate()
    deployments = Deployment.objects.visible_to(request.user).with_half_days()
    deployments = deployments.select_related("school", "champion__type").order_by("-starts_on", "-id")
    chosen = DeploymentFilter(request.GET, deployments, on=today)
    is_own = not request.user.is_council_staff
    context = {
        "title": "Your deployments" if is_own else "Deployments",
        "filter": None if is_own else chosen,
        "page": page_of(chosen.qs, request),
        "noun": "deployment",
        "empty_text": LENT if request.user.may("agreements.consent") else "There is no deployment yet.",
        "today": today,
        "may_change": request.user.may("support.change_deployment"),
        "may_log": request.user.may("support.log_delivery"),
        "may_watch": request.user.may("brokering.watch"),
    }
    return render(request, "support/deployment_list.html", context)


@requires("support.view_deployment")
def school_deployments(request: HttpRequest, urn: int) -> HttpResponse:
    """One school's champions and their days, with what waits for the school's confirmation."""
    school, user = school_page(request, urn), request.user
    deliveries = Delivery.objects.visible_to(user).filter(school=school).with_dispute()
    deliveries = deliveries.select_related("school", "service", "champion", "champion_type").order_by(
        "-happens_on", "-id"
    )
    context = {
        "title": "Deployments",
        "school": school,
        "today": timezone.localdate(),
        "deployments": school.deployments.with_half_days()
        .select_related("champion__type")
        .order_by("-starts_on", "-id"),
        "waiting": list(deliveries.awaiting_confirmation()[:50]),
        "page": page_of(deliveries, request),
        "may_confirm": user.may("support.confirm_delivery") and not user.is_council_staff,
        "may_resolve": user.may("support.resolve_dispute"),
        "may_change": user.may("support.change_deployment"),
        "may_record": user.may("visits.log_visit"),
        "may_see_needs": user.may("brokering.view_need"),
        "may_ask": user.may("brokering.ask_for_support") and not school.has_closed(timezone.localdate()),
    }
    return render(request, "support/school_deployments.html", context)


@requires("support.view_deployment")
def deployment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreement and each day of it, with the days that are left."""
    deployment, user = deployment_of(request, pk), request.user
    rows = Delivery.objects.filter(deployment=deployment).with_dispute().select_related("service")
    deliveries = list(rows.order_by("-happens_on", "-id"))
    today = timezone.localdate()
    context = {
        "title": f"{deployment.champion} at {deployment.school}",
        "caption": f"{deployment.champion_type}",
        "deployment": deployment,
        "deliveries": deliveries,
        "outcomes": deployment.intended.all(),
        "burn_down": burn_down_of(deployment, deliveries),
        "today": today,
        "is_open": deployment.state_on(today) == Deployment.State.AGREED,
        "may_log": user.may("support.log_delivery") and deployment.state in CAME_ABOUT,
        "versions": deployment.agreements.order_by("-version"),
        "may_change": user.may("support.change_deployment") and deployment.state == Deployment.State.AGREED,
        "back_url": reverse("deployment_list"),
        "back_text": "Deployments",
    }
    return render(request, "support/deployment_detail.html", context)


@requires("support.change_deployment")
def deployment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision to end a deployment, with what that cancels."""
    deployment = deployment_of(request, pk)
    form = WhyForm(request.POST or None)
    today = timezone.localdate()
    if form.is_valid() and done(
        form, lambda: end_deployment(deployment, **form.cleaned_data, by=request.user, on=today)
    ):
        messages.success(request, "The deployment has ended.")
        return redirect(deployment)
    planned = deployment.deliveries.filter(state=Delivery.State.PLANNED).count()
    consequences = ["The days that were delivered stay as they are.", "No more days can be booked after today."]
    if planned:
        consequences.insert(0, f"{planned} planned day{'s are' if planned > 1 else ' is'} cancelled.")
    context = {"form": form, "title": f"End the deployment of {deployment}?", "consequences": consequences}
    context |= {"button": "End the deployment", "is_warning": True, "cancel_url": deployment.get_absolute_url()}
    return render(request, "layouts/confirm.html", context)


@requires("support.change_deployment")
def deployment_move(request: HttpRequest, pk: int) -> HttpResponse:
    """The recorded step that takes a deployment over to the school's new URN (S7)."""
    deployment = deployment_of(request, pk)
    to = next(iter(successors_of(deployment.school)), None)
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(form, lambda: move(request, deployment, to)):
        deployment.refresh_from_db()
        messages.success(request, f"The deployment is moved to {to}.")
        return redirect(deployment.successor or deployment)
    context = {"form": form, "title": f"Move the deployment of {deployment} to its new URN?", "to": to}
    context |= {"deployment": deployment, "button": "Move the deployment", "cancel_url": deployment.get_absolute_url()}
    return render(request, "support/deployment_move.html", context)


def move(request: HttpRequest, deployment: Deployment, to: School | None) -> None:
    """Carry out the move; the action refuses a school that is no successor."""
    move_deployment(deployment, to=to or deployment.school, by=request.user, on=timezone.localdate())


def deployment_of(request: HttpRequest, pk: int) -> Deployment:
    """The deployment, if this person may see it; 404 alike for foreign and absent (A1)."""
    deployments = Deployment.objects.visible_to(request.user)
    wanted = deployments.select_related(
        "champion_type__service", "champion__type", "champion__home_school", "school", "made_by", "successor"
    )
    return get_object_or_404(wanted, pk=pk)
