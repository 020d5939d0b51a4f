"""Needs: the list, asking, the page of one, correcting it, taking it back, declining it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from brokering.actions.needs import ask_for_support, change_need, decline_need, withdraw_need
from brokering.filters import NeedFilter
from brokering.forms.needs import CloseForm, NeedForm, wanted_of
from brokering.models import Need
from schools.models import School
from schools.models.register import SchoolQuerySet
from schools.pages import school_page
from sidebyside.accounts.access import requires
from sidebyside.paging import page_of
from support.forms.fields import schools_still_open
from support.views.acting import done


@requires("brokering.view_need")
def need_list(request: HttpRequest) -> HttpResponse:
    """Every need that a person may see, the latest first."""
    needs = Need.objects.visible_to(request.user).in_list(timezone.localdate()).order_by("-asked_on", "-id")
    chosen = NeedFilter(request.GET, needs)
    is_own = not request.user.is_council_staff
    context = {
        "title": "What your school has asked for" if is_own else "Needs",
        "filter": None if is_own else chosen,
        "page": page_of(chosen.qs, request),
        "noun": "need",
        "may_ask": request.user.may("brokering.ask_for_support"),
        "may_broker": request.user.may("brokering.broker"),
        "empty_text": "Nobody has asked for support yet.",
    }
    return render(request, "brokering/need_list.html", context)


@requires("brokering.ask_for_support")
def need_new(request: HttpRequest) -> HttpResponse:
    """Ask for support at one of one's own schools; whoever has but one is not asked which."""
    today = timezone.localdate()
    own = schools_still_open(today).filter(pk__in=School.objects.visible_to(request.user).values("pk"))
    some = [] if request.user.is_council_staff else list(own[:2])
    only = some[0] if len(some) == 1 else None
    return asking(request, only, None if only else own, cancel_url=reverse("need_list"))


@requires("brokering.ask_for_support")
def school_need_new(request: HttpRequest, urn: int) -> HttpResponse:
    """Ask for support at this school."""
    school = school_page(request, urn)
    return asking(request, school, None, cancel_url=reverse("school_deployments", args=[urn]))


def asking(
    request: HttpRequest, school: School | None, schools: SchoolQuerySet | None, *, cancel_url: str
) -> HttpResponse:
    """The form, for a school or for one that is chosen in it."""
    today = timezone.localdate()
    form = NeedForm(request.POST or None, request=request, on=today, schools=schools)
    made: list[Need] = []

    def ask() -> None:
        values = {"school": school, **form.cleaned_data}
        made.append(ask_for_support(values.pop("school"), **values, by=request.user, on=today))

    if form.is_valid() and done(form, ask):
        messages.success(request, "The need is written down, and the team has a mail that there is one.")
        return redirect(made[0])
    context = {"form": form, "title": "Ask for a champion’s support", "button": "Ask for support"}
    context |= {"caption": school.name if school else "", "cancel_url": cancel_url}
    return render(request, "layouts/form.html", context)


@requires("brokering.view_need")
def need_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is needed, how it stands, and what can be done. Why is read by those who may ask, and nobody else."""
    need, user = need_of(request, pk), request.user
    context = {
        "title": need.what,
        "caption": need.school.name,
        "need": need,
        "reads_why": user.may("brokering.ask_for_support"),
        "may_change": need.is_open and need.may_be_changed_by(user),
        "may_broker": need.is_open and user.may("brokering.broker"),
        "back_url": reverse("need_list"),
        "back_text": "Needs",
    }
    return render(request, "brokering/need_detail.html", context)


@requires("brokering.ask_for_support")
def need_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is asked for."""
    need, today = own_need_of(request, pk), timezone.localdate()
    form = NeedForm(request.POST or None, request=request, on=today, initial=wanted_of(need))
    del form.fields["request_key"]
    if form.is_valid() and done(form, lambda: change_need(need, **form.cleaned_data, by=request.user, on=today)):
        messages.success(request, "The need is changed.")
        return redirect(need)
    context = {"form": form, "title": "Change what is asked for", "caption": need.school.name, "button": "Save"}
    return render(request, "layouts/form.html", context | {"cancel_url": need.get_absolute_url()})


@requires("brokering.ask_for_support")
def need_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision to take a need back."""
    need = own_need_of(request, pk)
    follows = ["Nobody looks for a champion any more.", "The need and your reason stay on its page."]
    context = {"title": f"Withdraw the need “{need.what}”?", "button": "Withdraw it", "consequences": follows}
    return closing(request, need, withdraw_need, context, "The need is withdrawn.")


@requires("brokering.broker")
def need_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision that a need cannot be met."""
    need = need_of(request, pk)
    follows = [
        "The school, and who asked, get a mail that it cannot be given as it was asked for. The mail does not say why.",
        "They read your reason on the need’s page.",
    ]
    context = {"title": f"Decline the need “{need.what}”?", "button": "Decline it", "consequences": follows}
    return closing(request, need, decline_need, context, "The need is declined.")


def closing(
    request: HttpRequest, need: Need, act: Callable[..., Need], context: dict[str, Any], said: str
) -> HttpResponse:
    """A decision that ends a need, with its reason."""
    form = CloseForm(request.POST or None)
    today = timezone.localdate()
    if form.is_valid() and done(form, lambda: act(need, **form.cleaned_data, by=request.user, on=today)):
        messages.success(request, said)
        return redirect(need)
    context |= {"form": form, "caption": need.school.name, "is_warning": True, "cancel_url": need.get_absolute_url()}
    return render(request, "layouts/confirm.html", context)


def need_of(request: HttpRequest, pk: int) -> Need:
    """The need, if this person may see it; 404 alike for foreign and absent (A1)."""
    needs = Need.objects.visible_to(request.user).in_list(timezone.localdate())
    return get_object_or_404(needs.select_related("asked_by", "closed_by", "deployment__school"), pk=pk)


def own_need_of(request: HttpRequest, pk: int) -> Need:
    """The need, if this person may correct it or take it back. Raises PermissionDenied for others who may see it."""
    need = need_of(request, pk)
    if not need.may_be_changed_by(request.user):
        raise PermissionDenied
    return need
