"""The register of champions."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from sidebyside.accounts.access import requires
from sidebyside.paging import page_of
from support.actions.champions import change_champion, register_champion, suggested_code
from support.filters import ChampionFilter
from support.forms.champions import ChampionChangeForm, NewChampionForm
from support.models import Champion, Deployment
from support.views.acting import done


@requires("support.view_deployment")
def champion_list(request: HttpRequest) -> HttpResponse:
    """Who is lent by which school, and how many deployments run today."""
    today = timezone.localdate()
    running = Deployment.objects.visible_to(request.user).running_on(today).filter(champion=OuterRef("pk")).order_by()
    champions = Champion.objects.visible_to(request.user).select_related("type", "home_school")
    champions = champions.annotate(
        running=Coalesce(Subquery(running.values("champion").annotate(n=Count("pk")).values("n")), 0)
    )
    chosen = ChampionFilter(request.GET, champions)
    context = {"title": "Champions", "filter": chosen, "page": page_of(chosen.qs, request), "noun": "champion"}
    context["may_change"] = request.user.may("support.change_champion")
    return render(request, "support/champion_list.html", context)


@requires("support.view_deployment")
def champion_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One champion, with the deployments that this person may see."""
    champions = Champion.objects.visible_to(request.user).select_related("type", "home_school")
    champion = get_object_or_404(champions, code=code)
    deployments = Deployment.objects.visible_to(request.user).filter(champion=champion).with_half_days()
    context = {
        "title": champion.name,
        "caption": f"{champion.type} {champion.code}",
        "champion": champion,
        "today": timezone.localdate(),
        "deployments": deployments.select_related("school").order_by("-starts_on", "-id"),
        "back_url": reverse("champion_list"),
        "back_text": "Champions",
        "may_change": request.user.may("support.change_champion"),
        "may_deploy": request.user.may("support.change_deployment") and champion.is_active,
    }
    return render(request, "support/champion_detail.html", context)


@requires("support.change_champion")
def champion_new(request: HttpRequest) -> HttpResponse:
    """Put somebody on the register."""
    initial = {"code": suggested_code()} if not request.POST else None
    form = NewChampionForm(request.POST or None, request=request, on=timezone.localdate(), initial=initial)
    if form.is_valid() and done(form, lambda: register_champion(**form.cleaned_data, by=request.user)):
        messages.success(request, f"{form.cleaned_data['name']} is on the register.")
        return redirect("champion_detail", code=form.cleaned_data["code"])
    context = {"form": form, "title": "Register a champion", "button": "Register the champion"}
    return render(request, "layouts/form.html", context | {"cancel_url": reverse("champion_list")})


@requires("support.change_champion")
def champion_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Correct an entry of the register."""
    champion = get_object_or_404(Champion.objects.visible_to(request.user).select_related("type"), code=code)
    initial = {"name": champion.name, "champion_type": champion.type_id, "home_school": champion.home_school_id}
    initial |= {"email": champion.email, "is_active": champion.is_active}
    form = ChampionChangeForm(request.POST or None, on=timezone.localdate(), initial=initial)
    if form.is_valid() and done(form, lambda: change_champion(champion, **form.cleaned_data, by=request.user)):
        messages.success(request, "The entry is changed.")
        return redirect(champion)
    context = {"form": form, "title": f"Change {champion}", "caption": champion.code, "button": "Save"}
    return render(request, "layouts/form.html", context | {"cancel_url": champion.get_absolute_url()})
