"""The link in a mail: whoever opens it must read the address that it was made for, and then may answer once.

Looking changes nothing, for mail scanners open links. Nothing of the terms shows before the code.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from agreements.actions.codes import enter_code, send_code
from agreements.actions.consenting import consent_by_link
from agreements.forms.answering import AnswerForm, CodeForm
from agreements.models import ConsentLink, Party
from agreements.tokens import link_of
from agreements.views.answering import answer_context
from sidebyside.accounts.access import public
from sidebyside.forms import Form
from support.views.acting import done


@public
@never_cache
def consent_link(request: HttpRequest, token: str) -> HttpResponse:
    """One address for all of it: the code is asked for, entered, and the answer given."""
    link = link_of(token, at=timezone.now())
    if link is None:
        return refused(request)
    if request.user.is_authenticated and not is_signed_in_as(request, link):
        return render(request, "agreements/link_of_another.html", {"title": "This link is not yours"}, status=403)
    if is_signed_in_as(request, link) or request.session.get(opened(link)):
        return _answer(request, link)
    if request.method == "POST" and "code" in request.POST:
        return _enter(request, link, token)
    return _send(request, link)


@public
@never_cache
def consent_thanks(request: HttpRequest) -> HttpResponse:
    """After an answer by link."""
    return render(request, "agreements/link_thanks.html", {"title": "Thank you"})


def refused(request: HttpRequest) -> HttpResponse:
    """The same page for every link that is good for nothing, and for what never was a link."""
    context = {"title": "This link cannot be used"}
    return render(request, "agreements/link_refused.html", context, status=404)


def _send(request: HttpRequest, link: ConsentLink) -> HttpResponse:
    """Says to which address a code goes, and sends it when asked."""
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(form, lambda: send_code(link, at=timezone.now())):
        return redirect(request.path)
    context = {"title": "Please show that this link is yours", "link": link, "form": form, "code_form": CodeForm()}
    return render(request, "agreements/link_code.html", context | {"is_sent": is_sent(link)})


def _enter(request: HttpRequest, link: ConsentLink, token: str) -> HttpResponse:
    """Looks at a code; the fifth wrong one spends the link."""
    form = CodeForm(request.POST)
    if form.is_valid():
        if enter_code(link, form.cleaned_data["code"], at=timezone.now()):
            request.session.cycle_key()  # whoever has put this session into the browser is left with the one before
            request.session[opened(link)] = True
            return redirect(request.path)
        if link_of(token, at=timezone.now()) is None:
            return refused(request)
        form.add_error("code", "This is not the code, or it is older than 30 minutes. Look again, or ask for a new one")
    context = {"title": "Please show that this link is yours", "link": link, "form": form, "code_form": form}
    return render(request, "agreements/link_code.html", context | {"is_sent": True})


def _answer(request: HttpRequest, link: ConsentLink) -> HttpResponse:
    """The terms, and yes or no."""
    form = AnswerForm(request.POST or None)
    by = request.user if is_signed_in_as(request, link) else None
    if form.is_valid():
        why, at = form.cleaned_data["why"], timezone.now()
        if done(form, lambda: consent_by_link(link, is_yes=form.is_yes, at=at, why=why, by=by)):
            messages.success(request, "Your answer is in the record.")
            return redirect("consent_thanks")
    return render(request, "agreements/link_answer.html", answer_context(link.agreement, Party(link.party), form))


def is_signed_in_as(request: HttpRequest, link: ConsentLink) -> bool:
    """Whether whom the link was made for is signed in: that needs no code."""
    return request.user.is_authenticated and request.user.email.casefold() == link.email.casefold()


def is_sent(link: ConsentLink) -> bool:
    """Whether a code is on its way that has not gone stale."""
    return link.code_expires_at is not None and timezone.now() < link.code_expires_at


def opened(link: ConsentLink) -> str:
    """Where this browser's session remembers that the right code was entered."""
    return f"consent-link-{link.pk}"
