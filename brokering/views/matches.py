"""Finding a champion for a need: ranked, with the reasons; then proposing one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from agreements.forms.terms import TermsPage
from agreements.views.proposing import SEND, Proposal, check_page, is_filled_in
from brokering.actions.proposing import propose_for_need
from brokering.candidates import Found, champions_for, matches_for
from brokering.forms.matches import MatchForm, NeedProposalForm, proposed_of
from brokering.models import Need
from brokering.models.weights import weights_in_force
from brokering.views.needs import need_of
from sidebyside.accounts.access import requires
from support.models import Champion
from support.views.acting import done

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


@requires("brokering.broker")
def need_propose(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Propose a champion for a need: the agreement as it suggests, then checked, then sent."""
    need = need_of(request, pk)
    champion = get_object_or_404(champions_for(need).select_related("type", "home_school"), code=code)
    if request.method == "GET" and not need.is_open:
        return redirect("need_match", pk=pk)
    form = proposal_form(request, need, champion)
    page = TermsPage(form, request)
    if is_filled_in(request) and page.is_valid():
        proposal = ForNeed(request, page, need)
        if SEND in request.POST and done(form, proposal.send) and proposal.deployment:
            messages.success(request, f"{champion} is proposed. Both heads have a mail that asks them to agree.")
            return redirect(need)
        if form.is_valid() and SEND not in request.POST and done(form, proposal.check) and form.is_valid():
            return check_page(request, f"Propose {champion} for {need.school}?", proposal.shown())
    context = {"title": f"Propose {champion}", "caption": need.school.name, "button": "Check before sending"}
    context |= {"form": form, "formset": page.rows, "cancel_url": reverse("need_match", args=[pk])}
    return render(request, "brokering/need_propose.html", context)


def proposal_form(request: HttpRequest, need: Need, champion: Champion) -> NeedProposalForm:
    """The form, with the terms that the need suggests; it asks why at once where the link says that there is cause."""
    today = timezone.localdate()
    form = NeedProposalForm(
        request.POST or None, request=request, on=today, initial=proposed_of(need, today), need=need, champion=champion
    )
    if "conflict" in request.GET:
        form.ask_why()
    return form


class ForNeed(Proposal):
    """A new deployment that is for a need."""

    def __init__(self, request: HttpRequest, page: TermsPage, need: Need) -> None:
        super().__init__(request, page)
        self.need = need

    def send(self) -> None:
        """Propose it, and match the need."""
        values, champion = self.values, self.form.cleaned_data["champion"]
        self.ask_for(values.pop("school"), champion)
        more = {"asked": self.asked, "at": self.at, "request_key": self.form.cleaned_data["request_key"]}
        self.trying(lambda: setattr(self, "deployment", propose_for_need(self.need, champion, **values, **more)))
