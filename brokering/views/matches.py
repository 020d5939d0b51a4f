"""Finding a champion for a need: ranked, with the reasons; then proposing one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from brokering.candidates import Found, matches_for
from brokering.forms.matches import MatchForm
from brokering.models import Need
from brokering.models.weights import weights_in_force
from brokering.views.needs import need_of
from sidebyside.accounts.access import requires

PER_PAGE = 12


@requires("brokering.broker")
def need_match(request: HttpRequest, pk: int) -> HttpResponse:
    """The champions for a need, the best fit first; those who cannot be chosen apart, with why."""
    need = need_of(request, pk)
    form = MatchForm(request.GET)
    found = form.narrow(matches_of(need)) if need.is_open else []
    choosable = [each for each in found if not each.match.is_blocked]
    context = {
        "title": f"Find a champion for {need.school}",
        "need": need,
        "filter": {"form": form} if need.is_open else None,
        "page": Paginator(choosable, PER_PAGE).get_page(request.GET.get("page")),
        "blocked": [each for each in found if each.match.is_blocked],
        "noun": "champion",
        "empty_text": "No champion on the register can be deployed here.",
        "back_url": need.get_absolute_url(),
        "back_text": need.what,
    }
    return render(request, "brokering/need_match.html", context)


def matches_of(need: Need) -> list[Found]:
    """The champions for a need as they stand today."""
    return matches_for(need, weights_in_force(), on=timezone.localdate())
