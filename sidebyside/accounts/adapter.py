"""How allauth behaves here: nobody signs up, and a mail server that is away breaks no page."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """People are invited by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once: a link that sets a password is never kept in a row for the sweep.

        When it cannot be sent the page says the same as ever, so that it tells nobody who has an account; asking again
        later sends another.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as problem:
            log.error("a mail of the sign-in was not sent", extra={"kind": type(problem).__name__})
