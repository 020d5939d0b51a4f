"""Django's way to a mail server, made to tell what the portal must know: who was refused, and what is in doubt."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

END_OF_MAIL = b"\r\n.\r\n"


class PartlyRefusedError(Exception):
    """The server took the mail for some of its recipients and refused the others."""

    def __init__(self, refused: dict[str, tuple[int, bytes]]) -> None:
        super().__init__(f"Refused for {', '.join(sorted(refused))}; the other recipients have it.")


class _Candid(smtplib.SMTP):
    """An SMTP connection that says whether a mail is in doubt: wholly handed over, and not answered."""

    is_in_doubt = False

    def send(self, s: Any) -> None:
        """Pass on; after a mail's last dot everything is in doubt until the next command."""
        super().send(s)
        self.is_in_doubt = isinstance(s, bytes) and s.endswith(END_OF_MAIL)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand the mail over; whatever the server answers ends the doubt."""
        answer = super().data(msg)
        self.is_in_doubt = False
        return answer

    def sendmail(self, *args: Any, **kwargs: Any) -> dict[str, tuple[int, bytes]]:
        """Send. Raises PartlyRefusedError where smtplib only returns the refusals, which Django does not read."""
        refused = super().sendmail(*args, **kwargs)
        if refused:
            raise PartlyRefusedError(refused)
        return {}


class CandidSMTP(_Candid):
    """In the clear, or with STARTTLS."""


class CandidSMTPSSL(_Candid, smtplib.SMTP_SSL):
    """Over TLS from the start."""


class CandidBackend(EmailBackend):
    """The mail server of `EMAIL_URL`."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What Django makes its connections from."""
        return CandidSMTPSSL if self.use_ssl else CandidSMTP

    @property
    def is_in_doubt(self) -> bool:
        """Whether the last mail was handed over without an answer."""
        return getattr(self.connection, "is_in_doubt", False)

    def close(self) -> None:
        """Part from the server. How it takes that changes nothing: what was sent is sent."""
        with contextlib.suppress(smtplib.SMTPException, ssl.SSLError, OSError):
            super().close()
