"""What is owed to home schools and on no statement yet, and what is held back."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from reimbursing.coming import coming_to
from reimbursing.proposing import propose
from sidebyside.accounts.access import requires
from sidebyside.years import Period

SHOWN = 100


@requires("reimbursing.view_statement")
def owed_list(request: HttpRequest) -> HttpResponse:
    """For the council by home school, with what cures what is held back; for a head the own school's days."""
    today = timezone.localdate()
    if request.user.may("schools.view_all"):
        return _for_the_council(request, today)
    coming, planned = coming_to(request.user, on=today)
    context = {
        "title": "What is coming",
        "back_url": reverse("statement_list"),
        "proposal": coming,
        "planned": planned[:SHOWN],
        "today": today,
    }
    return render(request, "reimbursing/coming.html", context)


def _for_the_council(request: HttpRequest, today: date) -> HttpResponse:
    proposal = propose(Period(date.min, today))
    context = {
        "title": "Owed and on no statement yet",
        "back_url": reverse("statement_list"),
        "proposal": proposal,
        "statements": proposal.statements[:SHOWN],
        "more": max(0, len(proposal.statements) - SHOWN),
        "held": proposal.held[:SHOWN],
        "more_held": max(0, len(proposal.held) - SHOWN),
    }
    return render(request, "reimbursing/owed_list.html", context)
