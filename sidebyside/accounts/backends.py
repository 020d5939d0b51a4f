"""Signing in with an email and a password; permissions come from the role table, so none here."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest

from sidebyside.accounts.models import User
from sidebyside.accounts.passwords import DEMONSTRATION_PASSWORD

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NEWEST = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS).order_by("-created_at")
SECOND_FACTOR = {"second_factor_set_up_at": Subquery(NEWEST.values("created_at")[:1])}


class FindsPerson:
    """Finds the person whom a request's session names."""

    def get_user(self, user_id: int) -> User | None:
        """The person, while they may sign in, and since when they have their newest second factor: in one query.

        Recovery codes alone are none: the sign-in would not ask for them.
        """
        people = User.objects.annotate(**SECOND_FACTOR)
        return people.filter(pk=user_id, is_active=True).first()


class RoleBackend(FindsPerson, BaseBackend):
    """Finds the signed-in person; `PasswordBackend` checks the password."""


class PasswordBackend(FindsPerson, AuthenticationBackend):
    """allauth's check of the password, which the demonstration's passes in the demonstration only.

    Here, below every page and form that signs somebody in, so that a person of the demonstration who is still in the
    database cannot get in once DEMO is off.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The person with this email and password, or None."""
        if credentials.get("password") == DEMONSTRATION_PASSWORD and not settings.DEMO:
            return None
        return super().authenticate(request, **credentials)
