"""The register of champions: the list, its spreadsheet, and an entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from sidebyside.accounts.access import requires
from sidebyside.accounts.models import User
from sidebyside.csv import csv_response
from sidebyside.days import days_cell
from sidebyside.paging import page_of
from sidebyside.years import AcademicYear
from support.actions.champions import change_champion, register_champion, suggested_code
from support.capacity import with_capacity
from support.checked import with_checks
from support.filters import ChampionFilter
from support.forms.champions import ChampionChangeForm, NewChampionForm
from support.models import Champion, Deployment
from support.models.champions import ChampionQuerySet
from support.views.acting import done

HEADINGS = [
    "code", "name", "type", "home_urn", "email", "types", "skills", "phases", "days_a_year", "home_school",
    "days_delivered", "days_booked", "days_promised", "days_free", "can_be_deployed", "check_missing", "check_expiring",
]  # fmt: skip


@requires("support.view_deployment")
def champion_list(request: HttpRequest) -> HttpResponse:
    """Who is lent by which school, who is free, and who gives more than was agreed."""
    today, user = timezone.localdate(), request.user
    champions = _running(_register(user, today), user, today)
    chosen = (
        ChampionFilter(request.GET, champions, may_vet=user.may("support.view_vetting"))
        if user.is_council_staff
        else None
    )
    rows = chosen.qs if chosen else champions
    context = {
        "title": "Champions",
        "filter": chosen,
        "page": page_of(rows.select_related("type", "home_school").prefetch_related("other_types"), request),
        "noun": "champion",
        "year": AcademicYear.containing(today),
        "is_team": user.is_council_staff,
        "may_vet": user.may("support.view_vetting"),
        "may_change": user.may("support.change_champion"),
        "export_url": reverse("champion_export") if chosen else "",
    }
    return render(request, "support/champion_list.html", context)


@requires("schools.view_all")
def champion_export(request: HttpRequest) -> StreamingHttpResponse:
    """The register as a spreadsheet, filtered as the list is; its first columns can be imported again."""
    today, may_vet = timezone.localdate(), request.user.may("support.view_vetting")
    chosen = ChampionFilter(request.GET, _register(request.user, today), may_vet=may_vet).qs
    return csv_response(
        f"champions-{today}.csv", HEADINGS if may_vet else HEADINGS[:-2], _cells(chosen, may_vet=may_vet)
    )


def _register(user: User, on: date) -> ChampionQuerySet:
    """The champions whom a person may see, with their days of this academic year and their checks."""
    seen = Champion.objects.visible_to(user)
    return with_checks(with_capacity(seen, year=AcademicYear.containing(on), on=on), on=on)


def _running(champions: ChampionQuerySet, user: User, on: date) -> ChampionQuerySet:
    """… each with `running`: the deployments of today that this person may see, or whose champion they lend."""
    running = Deployment.objects.visible_to(user)
    if user.may("agreements.consent"):
        running = running | Deployment.objects.lent_by(user)
    running = running.running_on(on).filter(champion=OuterRef("pk")).order_by()
    counted = running.values("champion").annotate(n=Count("pk", distinct=True)).values("n")
    return champions.noting(running=Coalesce(Subquery(counted), 0))


def _cells(champions: ChampionQuerySet, *, may_vet: bool) -> Iterator[list[object]]:
    rows = champions.select_related("type", "home_school").prefetch_related("other_types", "skills", "phases")
    for champion in rows.iterator(chunk_size=500):
        cells: list[object] = [
            champion.code, champion.name, champion.type.code, champion.home_school_id, champion.email,
            " ".join(kind.code for kind in champion.other_types.all()),
            "; ".join(map(str, champion.skills.all())),
            "; ".join(map(str, champion.phases.all())),
            _days(champion.half_days_agreed), champion.home_school.name,
            _days(champion.half_days_delivered), _days(champion.half_days_booked), _days(champion.half_days_committed),
            _days(champion.half_days_free), champion.is_active,
        ]  # fmt: skip
        yield [*cells, champion.lacks_check, champion.check_expires_soon] if may_vet else cells


def _days(half_days: int | None) -> str | None:
    return None if half_days is None else days_cell(half_days)


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
    form = ChampionChangeForm.of(champion, request.POST)
    if form.is_valid() and done(form, lambda: change_champion(champion, **form.cleaned_data, by=request.user)):
        messages.success(request, "The entry is changed.")
        return redirect(champion)
    context = {"form": form, "title": f"Change {champion}", "caption": champion.code, "button": "Save"}
    return render(request, "layouts/form.html", context | {"cancel_url": champion.get_absolute_url()})
