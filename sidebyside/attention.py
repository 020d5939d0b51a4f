"""Needs attention: what is parked or stuck, each with the button that resolves it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from billing.proposing import propose
from schools.models import RegisterImport
from sidebyside.accounts.access import requires
from sidebyside.forms import Form
from sidebyside.mail.actions import leave_it, send_again
from sidebyside.mail.models import Dispatch
from sidebyside.refusals import Refusal
from sidebyside.stuck import INVOICE, MAIL, SHOWN, STATEMENT, stuck
from sidebyside.years import Period


@requires("attention.view")
def attention(request: HttpRequest) -> HttpResponse:
    """Everything that waits for a person: invoices, mail, held-back support, rows that an import refused."""
    today = timezone.localdate()
    things = stuck(at=timezone.now())
    held = propose(Period(date.min, today)).held
    last_import = RegisterImport.objects.first()
    bad_rows = last_import.bad_rows if last_import else []
    context = {
        "title": "Needs attention",
        "items": [thing for thing in things[:SHOWN] if thing.kind == INVOICE],
        "mails": [thing for thing in things[:SHOWN] if thing.kind == MAIL],
        "statements": [thing for thing in things[:SHOWN] if thing.kind == STATEMENT],
        "has_more": len(things) > SHOWN,
        "held": held[:SHOWN],
        "more_held": max(0, len(held) - SHOWN),
        "bad_rows": bad_rows[:SHOWN],
        "more_bad_rows": max(0, len(bad_rows) - SHOWN),
        "last_import": last_import,
    }
    return render(request, "attention.html", context)


AGAIN, LEAVE = "again", "leave"


class ResolveForm(Form):
    """What to do with a mail that did not go, or perhaps did. What was never written cannot be sent again."""

    what = forms.ChoiceField(
        label="What do you want to do?",
        choices=[(AGAIN, "Send it again"), (LEAVE, "Leave it: it arrived, or is not needed any more")],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label="Why?", max_length=200, help_text="Such as: the address has been corrected.")

    def __init__(self, *args: Any, is_written: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_written:
            self.fields["what"].choices = [(LEAVE, "Leave it: it is not needed any more")]  # type: ignore[attr-defined]
            self.initial["what"] = LEAVE


@requires("billing.record_payment", "admin.use")
def mail_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on one mail."""
    dispatch = get_object_or_404(Dispatch.objects.needing_attention(), pk=pk)
    form = ResolveForm(request.POST if request.method == "POST" else None, is_written=bool(dispatch.body))
    if form.is_valid():
        again = form.cleaned_data["what"] == AGAIN
        act = send_again if again else leave_it
        try:
            act(dispatch, why=form.cleaned_data["why"], by=request.user, at=timezone.now())
        except Refusal as refusal:
            messages.info(request, refusal.sentence)
        else:
            messages.success(request, "The mail is sent again." if again else "The mail is off the list.")
        return redirect("attention")
    context = {"form": form, "title": "A mail that needs you", "caption": dispatch.subject, "button": "Continue"}
    return render(request, "mail_resolve.html", context | {"dispatch": dispatch, "cancel_url": reverse("attention")})
