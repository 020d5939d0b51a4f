"""What else a sign-in does, where every room is known."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from sidebyside.accounts.adapter import AccountAdapter
from sidebyside.accounts.models import User
from support.actions.champions import join_champion


class SignInAdapter(AccountAdapter):
    """The sign-in of `accounts`, which knows no champions."""

    def post_login(self, request: HttpRequest, user: User, **rest: Any) -> HttpResponse:
        """Join a champion to the register's entry with the same email, where the two came in by separate ways."""
        if user.role == User.Role.CHAMPION:
            join_champion(user, by=user)
        return super().post_login(request, user, **rest)
