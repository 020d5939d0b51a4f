"""Signing in with an authenticator app, as tests do it."""

from __future__ import annotations

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from sidebyside.accounts.models import User

SECRET = "JBSWY3DPEHPK3PXP"


def code_of(secret: str) -> str:
    """What the app shows in this moment."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def sign_in_with_code(user: User, password: str = "secret") -> Client:
    """A browser that went through both steps: the password, and the code of an app that holds `SECRET`."""
    browser = Client()
    browser.post(reverse("account_login"), {"login": user.email, "password": password})
    browser.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    return browser
