"""What is changed about a champion: home school, days agreed, checks, interests, availability."""

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
from support.actions.availability import field_of, set_availability
from support.actions.lending import agree_days, change_home_school, correct_home_school, end_lending
from support.actions.vetting import declare_interest, end_interest, record_check, remove_check
from support.capacity import half_terms_for, half_terms_of
from support.forms.deliveries import WhyForm
from support.forms.register import (
    AvailabilityForm,
    CheckForm,
    DaysAgreedForm,
    EndInterestForm,
    EndLendingForm,
    HomeSchoolForm,
    InterestForm,
)
from support.models import Champion, Delivery, Deployment, Lending
from support.views.acting import done
from support.views.champion_pages import year_asked_for


@requires("support.change_champion", "support.log_delivery")
def availability(request: HttpRequest, code: str) -> HttpResponse:
    """How many days a champion can give in each half term of a year: said by themself, or by the team for anybody."""
    champion, today = _champion(request, code), timezone.localdate()
    if not (request.user.may("support.change_champion") or champion.user_id == request.user.pk):
        raise PermissionDenied
    year = year_asked_for(request, today)
    terms = half_terms_of(year)
    shares = half_terms_for(champion, year)
    initial = {field_of(term): share.available for term, share in zip(terms, shares, strict=True)}
    form = AvailabilityForm(request.POST or None, half_terms=terms, initial=initial)
    if form.is_valid() and done(form, lambda: set_availability(champion, form.said, by=request.user)):
        messages.success(request, f"The availability for {year} is saved.")
        return redirect(champion)
    rows = [(term, field, share.taken) for (term, field), share in zip(form.rows, shares, strict=True)]
    context = {"title": f"Availability in {year}", "form": form, "rows": rows, "year": year, "button": "Save"}
    context["cancel_url"] = champion.get_absolute_url()
    return _render(request, champion, "support/availability.html", context)


@requires("support.change_champion")
def home_school_change(request: HttpRequest, code: str) -> HttpResponse:
    """Another home school, from a day on or because the one that stands there is wrong."""
    champion, today = _champion(request, code), timezone.localdate()
    form = HomeSchoolForm(request.POST or None, on=today)
    if form.is_valid() and done(form, lambda: _act_on_home_school(champion, form, request, today)):
        return _saved(request, champion, "The home school is entered.")
    context = {"title": f"Home school of {champion}", "form": form, "button": "Save"}
    return _render(request, champion, "support/home_school_change.html", context)


def _act_on_home_school(champion: Champion, form: HomeSchoolForm, request: HttpRequest, on: date) -> Lending:
    said = form.cleaned_data
    shared = {"school": said["school"], "why": said["why"], "by": request.user, "on": on}
    if form.is_correction:
        return correct_home_school(champion, **shared)
    days = said["half_days_a_year"]
    return change_home_school(champion, starts_on=said["starts_on"], half_days_a_year=days, **shared)


@requires("support.change_champion")
def lending_days(request: HttpRequest, code: str) -> HttpResponse:
    """How many days a year the present home school agreed to."""
    champion, today = _champion(request, code), timezone.localdate()
    lending = champion.lending_on(today)
    form = DaysAgreedForm(request.POST or None, initial={"half_days_a_year": lending and lending.half_days_a_year})
    if form.is_valid() and done(form, lambda: agree_days(champion, **form.cleaned_data, by=request.user, on=today)):
        return _saved(request, champion, "The days agreed are saved.")
    context = {"title": f"Days agreed with {champion.home_school}", "form": form, "button": "Save"}
    return _render(request, champion, "layouts/form.html", context)


@requires("support.change_champion")
def lending_end(request: HttpRequest, code: str) -> HttpResponse:
    """No school lends the champion any more, after a day."""
    champion, today = _champion(request, code), timezone.localdate()
    form = EndLendingForm(request.POST or None, initial={"ends_on": today})
    if form.is_valid() and done(form, lambda: end_lending(champion, **form.cleaned_data, by=request.user, on=today)):
        return _saved(request, champion, "The agreement ends.")
    context = {
        "title": f"End the agreement with {champion.home_school}?",
        "form": form,
        "button": "End the agreement",
        "consequences": [
            f"{champion} gives no day after that, until a home school is entered. Past days stay as they are.",
            *_left_over(champion, today),
        ],
    }
    return _render(request, champion, "layouts/confirm.html", context)


def _left_over(champion: Champion, on: date) -> list[str]:
    """What the end of an agreement leaves for somebody to see to."""
    states = [Deployment.State.PROPOSED, Deployment.State.AGREED]
    counts = {
        "planned day": champion.deliveries.filter(state=Delivery.State.PLANNED, happens_on__gte=on).count(),
        "deployment": champion.deployments.filter(ends_on__gte=on, state__in=states).count(),
    }
    return [
        f"{count} {what}{'' if count == 1 else 's'} still to come: cancel or end what lies after the last day."
        for what, count in counts.items()
        if count
    ]


@requires("support.change_champion")
def check_new(request: HttpRequest, code: str) -> HttpResponse:
    """What a champion has done before going into schools."""
    champion, today = _champion(request, code), timezone.localdate()
    form = CheckForm(request.POST or None)
    if form.is_valid() and done(form, lambda: record_check(champion, **form.cleaned_data, by=request.user, on=today)):
        return _saved(request, champion, "The check is in the register.")
    context = {"title": "Record a check", "form": form, "button": "Record it"}
    return _render(request, champion, "layouts/form.html", context)


@requires("support.change_champion")
def check_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take out an entry that is wrong."""
    champion = _champion(request, code)
    check = get_object_or_404(champion.checks.select_related("kind", "champion"), pk=pk)
    form = WhyForm(request.POST or None)
    if form.is_valid() and done(form, lambda: remove_check(check, **form.cleaned_data, by=request.user)):
        return _saved(request, champion, "The entry is removed.")
    context = {
        "title": f"Remove “{check.kind}” of {champion}?",
        "form": form,
        "button": "Remove it",
        "is_warning": True,
        "consequences": ["The entry leaves the register. The trail keeps what it said and why it went."],
    }
    return _render(request, champion, "layouts/confirm.html", context)


@requires("support.change_champion")
def interest_new(request: HttpRequest, code: str) -> HttpResponse:
    """What ties a champion to a school or a trust."""
    champion, today = _champion(request, code), timezone.localdate()
    form = InterestForm(request.POST or None, request=request, on=today, initial={"declared_on": today})
    if form.is_valid() and done(
        form, lambda: declare_interest(champion, **form.cleaned_data, by=request.user, on=today)
    ):
        return _saved(request, champion, "The interest is in the register.")
    context = {"title": "Declare an interest", "form": form, "button": "Save the interest"}
    return _render(request, champion, "layouts/form.html", context)


@requires("support.change_champion")
def interest_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """An interest ties a champion no longer."""
    champion, today = _champion(request, code), timezone.localdate()
    interest = get_object_or_404(champion.interests.select_related("school", "trust", "champion"), pk=pk)
    form = EndInterestForm(request.POST or None, initial={"ended_on": today})
    if form.is_valid() and done(form, lambda: end_interest(interest, **form.cleaned_data, by=request.user, on=today)):
        return _saved(request, champion, "The interest has ended.")
    context = {
        "title": f"Has the interest in {interest.school or interest.trust} ended?",
        "form": form,
        "button": "End it",
        "consequences": ["From the next day on it is no conflict any more. It stays in the register with its dates."],
    }
    return _render(request, champion, "layouts/confirm.html", context)


def _champion(request: HttpRequest, code: str) -> Champion:
    champions = Champion.objects.visible_to(request.user).select_related("type", "home_school")
    return get_object_or_404(champions, code=code)


def _saved(request: HttpRequest, champion: Champion, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("champion_checks", code=champion.code)


def _render(request: HttpRequest, champion: Champion, template: str, context: dict[str, Any]) -> HttpResponse:
    page = {"caption": f"{champion.name} {champion.code}"}
    page["cancel_url"] = reverse("champion_checks", args=[champion.code])
    return render(request, template, page | context)
