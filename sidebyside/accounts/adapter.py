"""How allauth behaves here: nobody signs up, and a mail server that is away breaks no page."""

from __future__ import annotations

import logging
import time
from smtplib import SMTPException
from typing import Any

from allauth.account import app_settings as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """People are invited by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """Whether the password has to be typed again before something is done to a sign-in.

        allauth counts only what was typed again, not the sign-in itself. Whoever has just typed their password and is
        sent to set up their first second factor types it once: as long as allauth would trust it, and only while they
        have no factor at all, so that nothing a factor protects is ever within a password's reach.
        """
        is_fresh = time.time() - self._password_typed_at() < account.REAUTHENTICATION_TIMEOUT
        if app != "allauth.mfa" or not is_fresh:
            return super().is_reauthentication_required(app=app, **rest)
        return Authenticator.objects.filter(user=self.request.user).exists()

    def _password_typed_at(self) -> float:
        """The moment of this session's sign-in by password, in seconds; 0 when it was by something else."""
        records = get_authentication_records(self.request, self.request.user)
        return next((float(each["at"]) for each in records if each["method"] == "password"), 0.0)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once: a link that sets a password is never kept in a row for the sweep.

        When it cannot be sent the page says the same as ever, so that it tells nobody who has an account; asking again
        later sends another.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as problem:
            log.error("a mail of the sign-in was not sent", extra={"kind": type(problem).__name__})
