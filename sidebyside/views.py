"""The home page of each role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sidebyside.accounts.access import signed_in
from sidebyside.accounts.models import User
from sidebyside.accounts.roles import Role
from sidebyside.home import finance, schools, team
from sidebyside.home.parts import Home

HOMES: dict[Role, Callable[[User, date], Home]] = {
    Role.ADMINISTRATOR: team.administrator,
    Role.LEAD: team.lead,
    Role.ADVISER: team.adviser,
    Role.AUDITOR: team.auditor,
    Role.FINANCE: finance.finance,
    Role.HEAD: schools.head,
    Role.CHAMPION: schools.champion,
    Role.TRUST_FINANCE: schools.trust_finance,
}


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The page after sign-in."""
    shown = HOMES[Role(request.user.role)](request.user, timezone.localdate())
    return render(request, "home.html", {"title": f"Hello, {request.user.name}", "home": shown})
