"""The page on which a council sets up its portal."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from sidebyside.accounts.access import public
from sidebyside.council.models import Council, FirstRunToken
from sidebyside.first_run.actions import set_up
from sidebyside.first_run.forms import FirstRunForm
from sidebyside.refusals import Refusal


@public
def first_run(request: HttpRequest, token: str) -> HttpResponse:
    """Open to whoever holds the token, until it is used; after that it looks like nothing."""
    unused = FirstRunToken.objects.filter(digest=FirstRunToken.digest_of(token), used_at__isnull=True)
    if Council.objects.exists() or not unused.exists():
        raise Http404
    form = FirstRunForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            set_up(
                token=token,
                at=timezone.now(),
                council=form.council,
                administrator=form.administrator,
                register=form.register,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Your portal is ready. Sign in with the email and password that you chose.")
            return redirect("account_login")
    return render(
        request, "first_run/first_run.html", {"form": form, "title": "Set up your portal", "button": "Set it up"}
    )
