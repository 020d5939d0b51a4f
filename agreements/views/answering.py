"""Saying yes or no, signed in; asking again; withdrawing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from agreements.actions.asking import ask_again
from agreements.actions.consenting import consent_signed_in
from agreements.actions.withdrawing import withdraw
from agreements.forms.answering import AnswerForm, AskAgainForm
from agreements.models import ASKED, Agreement, Party
from agreements.people import Person
from agreements.views.agreements import agreement_of, differences_from_before
from sidebyside.accounts.access import requires
from support.forms.deliveries import WhyForm
from support.views.acting import done


@requires("agreements.consent")
def agreement_answer(request: HttpRequest, pk: int, party: str) -> HttpResponse:
    """The terms once more, what they cost the supported school, and yes or no."""
    agreement, side = agreement_of(request, pk), party_of(party)
    if side not in agreement.parties_of(request.user):
        raise Http404
    form, at = AnswerForm(request.POST or None), timezone.now()
    if form.is_valid():
        why = form.cleaned_data["why"]

        def answer() -> None:
            consent_signed_in(agreement, party=side, is_yes=form.is_yes, by=request.user, at=at, why=why)

        if done(form, answer):
            messages.success(request, "Thank you. Your answer is in the record.")
            return redirect(agreement)
    return render(request, "agreements/agreement_answer.html", answer_context(agreement, side, form))


def answer_context(agreement: Agreement, side: Party, form: AnswerForm) -> dict[str, object]:
    """What the page shows on which somebody answers, signed in or by a link."""
    before = list(agreement.deployment.agreements.filter(version__lt=agreement.version).order_by("-version"))
    return {
        "form": form,
        "title": f"{agreement.champion_name} at {agreement.school_name}",
        "caption": f"Please agree, for {agreement.name_of(side)}",
        "agreement": agreement,
        "terms": agreement.terms,
        "differences": differences_from_before(agreement, before),
        "is_supported": side == Party.SUPPORTED,
        "button": "Send my answer",
    }


@requires("agreements.propose")
def agreement_ask(request: HttpRequest, pk: int, party: str) -> HttpResponse:
    """A new link for one of the two heads; the one before is good for nothing from then on."""
    agreement, side = agreement_of(request, pk), party_of(party)
    asked = agreement.links.newest().filter(party=side).first()
    initial = {"name": asked.name, "email": asked.email} if asked else {}
    form, at = AskAgainForm(request.POST or None, initial=initial), timezone.now()
    if form.is_valid():
        person = Person(**form.cleaned_data)
        if done(form, lambda: ask_again(agreement, party=side, person=person, by=request.user, at=at)):
            messages.success(request, f"A new link is on its way to {person.name}.")
            return redirect(agreement)
    context = {"form": form, "title": f"Send {agreement.name_of(side)} a new link?", "button": "Send a new link"}
    context["consequences"] = ["The link that was sent before is good for nothing from now on."]
    return render(request, "layouts/confirm.html", context | {"cancel_url": agreement.get_absolute_url()})


@requires("agreements.propose")
def agreement_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision to take back what was put to people."""
    agreement = agreement_of(request, pk)
    form, at = WhyForm(request.POST or None), timezone.now()
    if form.is_valid() and done(form, lambda: withdraw(agreement, **form.cleaned_data, by=request.user, at=at)):
        messages.success(request, "The agreement is withdrawn.")
        return redirect(agreement)
    is_new = agreement.deployment.state == "proposed"
    consequences = ["Both heads get a mail that nothing is to be done any more.", "Their links are good for nothing."]
    consequences.append(
        "The deployment does not take place." if is_new else "The terms that were agreed before go on."
    )  # fmt: skip
    context = {"form": form, "title": f"Withdraw version {agreement.version} of {agreement.deployment}?"}
    context |= {"consequences": consequences, "button": "Withdraw it", "is_warning": True}
    return render(request, "layouts/confirm.html", context | {"cancel_url": agreement.get_absolute_url()})


def party_of(text: str) -> Party:
    """One of the two who are asked. Raises Http404 for anything else."""
    if text not in ASKED:
        raise Http404
    return Party(text)
