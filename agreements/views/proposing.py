"""Proposing a deployment, and other terms for one: filled in, checked with its cost, then sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from agreements.actions import proposing
from agreements.differences import differences_of
from agreements.forms.proposing import ChangeForm, ProposalForm
from agreements.forms.terms import ADD, TermsPage
from agreements.models import Party
from agreements.people import Person
from billing.estimates import Estimate
from schools.models import School
from sidebyside.accounts.access import requires
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear
from support.capacity import capacities_of
from support.models import Champion, Deployment
from support.views.acting import done

SEND, BACK = "send", "back"
BUTTONS = {ADD, SEND, BACK, "csrfmiddlewaretoken"}


@requires("agreements.propose")
def deployment_new(request: HttpRequest) -> HttpResponse:
    """Propose a deployment: filled in, then checked with what it costs and who is asked, then sent."""
    form = ProposalForm(
        request.POST or None, request=request, on=timezone.localdate(), initial=named_in_link(request)
    )  # fmt: skip
    page = TermsPage(form, request)
    if is_filled_in(request) and page.is_valid():
        proposal = Proposal(request, page)
        if SEND in request.POST and done(form, proposal.send) and proposal.deployment:
            messages.success(request, proposal.done)
            return redirect(proposal.deployment)
        if form.is_valid() and SEND not in request.POST and done(form, proposal.check) and form.is_valid():
            return check_page(request, proposal.question, proposal.shown())
    context = {"title": "New deployment", "button": "Check before sending", "cancel_url": reverse("deployment_list")}
    return render(request, "agreements/terms_form.html", context | {"form": form, "formset": page.rows})


@requires("agreements.propose")
def deployment_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Put other terms to everybody; those that hold go on until all have agreed."""
    deployments = Deployment.objects.visible_to(request.user).select_related("champion__home_school", "school", "skill")
    deployment = get_object_or_404(deployments.select_related("champion_type__service"), pk=pk)
    there = proposing.terms_of(deployment)
    values = {name: getattr(deployment, name) for name in ("focus", "half_days_agreed", "starts_on", "ends_on")}
    form = ChangeForm(request.POST or None, request=request, initial=values)
    page = TermsPage(form, request, there=there.outcomes)
    if is_filled_in(request) and page.is_valid():
        change = Change(request, page, deployment)
        if SEND in request.POST and done(form, change.send) and change.agreement:
            messages.success(request, "The new terms are sent. The old ones hold until everybody has agreed.")
            return redirect(change.agreement)
        if form.is_valid() and SEND not in request.POST and done(form, change.check) and form.is_valid():
            shown = change.shown() | {"differences": differences_of(there, page.terms)}
            return check_page(request, f"Send the new terms of {deployment} for consent?", shown)
    context = {"title": "Change the terms", "caption": str(deployment), "button": "Check before sending"}
    context |= {"form": form, "formset": page.rows, "cancel_url": deployment.get_absolute_url()}
    return render(request, "agreements/terms_form.html", context)


def is_filled_in(request: HttpRequest) -> bool:
    """Whether the form was sent to be checked or sent on, rather than for another row or to be changed."""
    return request.method == "POST" and not {ADD, BACK} & set(request.POST)


def check_page(request: HttpRequest, title: str, shown: dict[str, Any]) -> HttpResponse:
    """What will be sent, to whom, and what it costs: the last look before anybody is asked."""
    posted = [(name, value) for name in request.POST if name not in BUTTONS for value in request.POST.getlist(name)]
    return render(request, "agreements/proposal_check.html", {"title": title, "posted": posted} | shown)


def named_in_link(request: HttpRequest) -> dict[str, Any]:
    """The school and champion that a link names, among those that this person may see."""
    urn, code = request.GET.get("school", ""), request.GET.get("champion", "")
    initial: dict[str, Any] = {}
    if urn.isascii() and urn.isdigit() and len(urn) == 6:
        initial["school"] = urn
    if code.isprintable() and code:
        initial["champion"] = Champion.objects.visible_to(request.user).filter(code=code).first()
    return initial


class Step:
    """What both pages do with what was entered."""

    def __init__(self, request: HttpRequest, page: TermsPage) -> None:
        self.request, self.page, self.form = request, page, page.form
        self.on, self.at = timezone.localdate(), timezone.now()
        self.asked: dict[Party, Person] = {}

    def ask_for(self, school: School, champion: Champion) -> bool:
        """Find who is asked; False where a school has nobody, and then the form says so beside the field."""
        home = proposing.lent_by(champion, self.page.terms.starts_on)
        self.schools = {Party.SUPPORTED: school, Party.HOME: home}
        self.asked = self.form.ask_for(self.schools, on=self.on)
        return len(self.asked) == len(self.schools)

    def context(self, school: School, champion: Champion, cost: Estimate) -> dict[str, Any]:
        """The last look."""
        asked = [(f"{self.schools[party]}", person) for party, person in self.asked.items()]
        return {"terms": self.page.terms, "asked": asked, "school": school, "champion": champion, "cost": cost,
                "home": self.schools[Party.HOME]}  # fmt: skip

    def trying(self, act: Callable[[], object]) -> None:
        """Run an action; a conflict adds the field for the reason."""
        try:
            act()
        except Refusal as refusal:
            if refusal.field == "override" and isinstance(self.form, ProposalForm):
                self.form.ask_why()
            raise


class Proposal(Step):
    """A new deployment."""

    deployment: Deployment | None = None

    @property
    def signed(self) -> str:
        """Who signed it on paper, and when; empty where both heads are to be asked."""
        return str(self.form.cleaned_data.get("signed", ""))

    @property
    def question(self) -> str:
        """What the last look asks."""
        return "Record this deployment, agreed on paper?" if self.signed else "Send this deployment for consent?"

    @property
    def done(self) -> str:
        """What was done."""
        if self.signed:
            return "The deployment is in the record as agreed on paper."
        return "The deployment is proposed. Both heads have a mail that asks them to agree."

    @property
    def values(self) -> dict[str, Any]:
        """What the action is given."""
        names = ("school", "champion_type", "skill")
        chosen = {name: self.form.cleaned_data[name] for name in names}
        why = self.form.cleaned_data.get("override", "")
        return chosen | {"terms": self.page.terms, "override": why, "by": self.request.user, "on": self.on}

    def check(self) -> None:
        """Everything that sending would refuse."""
        champion = self.form.cleaned_data["champion"]
        if self.signed or self.ask_for(self.form.cleaned_data["school"], champion):
            self.trying(lambda: proposing.check_proposal(champion, **self.values))

    def send(self) -> None:
        """Propose it, or write down what was agreed on paper."""
        champion, key = self.form.cleaned_data["champion"], self.form.cleaned_data["request_key"]
        if self.signed:
            values = self.values | {"signed": self.signed, "request_key": key}
            self.trying(lambda: setattr(self, "deployment", proposing.record_paper(champion, **values)))
        elif self.ask_for(self.form.cleaned_data["school"], champion):
            values = self.values | {"asked": self.asked, "at": self.at, "request_key": key}
            self.trying(lambda: setattr(self, "deployment", proposing.propose_deployment(champion, **values)))

    def shown(self) -> dict[str, Any]:
        """The last look."""
        values = self.form.cleaned_data
        champion, school = values["champion"], values["school"]
        kind = values["champion_type"] or champion.type
        cost = proposing.cost_of(school, kind, self.page.terms, on=self.on)
        home = proposing.lent_by(champion, self.page.terms.starts_on)
        first = self.page.terms.starts_on
        one = Champion.objects.filter(pk=champion.pk)
        capacity = capacities_of(one, year=AcademicYear.containing(first), on=max(self.on, first))[champion.pk]
        context = {"home": home, "signed": self.signed, "kind": kind, "area": values["skill"]}
        context["beyond_lending"] = capacity.beyond(self.page.terms.half_days)
        if self.signed:
            return context | {"terms": self.page.terms, "school": school, "champion": champion, "cost": cost}
        return self.context(school, champion, cost) | context


class Change(Step):
    """Other terms."""

    agreement = None

    def __init__(self, request: HttpRequest, page: TermsPage, deployment: Deployment) -> None:
        super().__init__(request, page)
        self.deployment = deployment

    def check(self) -> None:
        """Everything that sending would refuse."""
        if self.ask_for(self.deployment.school, self.deployment.champion):
            proposing.check_change(self.deployment, self.page.terms)

    def send(self) -> None:
        """Put the terms to everybody."""
        values = self.form.cleaned_data
        if not self.ask_for(self.deployment.school, self.deployment.champion):
            return
        self.agreement = proposing.propose_change(
            self.deployment, terms=self.page.terms, asked=self.asked, why=values["why"], by=self.request.user,
            on=self.on, at=self.at, request_key=values["request_key"],
        )  # fmt: skip

    def shown(self) -> dict[str, Any]:
        """The last look."""
        deployment = self.deployment
        kind = deployment.champion_type
        cost = proposing.cost_of(deployment.school, kind, self.page.terms, on=self.on, instead_of=deployment)
        found = self.context(deployment.school, deployment.champion, cost)
        return found | {"kind": kind, "area": deployment.skill, "why": self.form.cleaned_data["why"]}
