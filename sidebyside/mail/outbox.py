"""The demonstration's post: each mail becomes a file in the outbox folder instead of going anywhere."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class OutboxBackend(BaseEmailBackend):
    """Writes `.eml` files, which any mail program opens, into `settings.OUTBOX`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message; returns how many."""
        settings.OUTBOX.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            (settings.OUTBOX / f"{uuid.uuid4().hex}.eml").write_bytes(message.message().as_bytes())
        return len(email_messages)
