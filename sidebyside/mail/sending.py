"""Sending what waits. Never twice by itself: what died in the ambiguous moment waits for a person (design 3)."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from sidebyside.mail.models import MAX_ATTEMPTS, Dispatch
from sidebyside.mail.smtp import PartlyRefusedError
from sidebyside.poke import poke

log = logging.getLogger(__name__)
UNSURE_AFTER = timedelta(minutes=10)
BATCH = 200
SECONDS = 15  # of one sweep: what is left waits for the next, so that no time limit strikes in the middle of a mail
PERMANENT = 500  # SMTP's answers from here on mean: do not try again
State = Dispatch.State


class ServerAwayError(Exception):
    """The mail server cannot be reached or lets nobody in: no mail is to blame, so none is tried."""


class NoRecipientError(Exception):
    """A mail without a recipient."""


def send_due_mail(*, now: datetime) -> int:
    """Send the mails that are due, over one connection; returns how many went.

    A server that is away costs no attempt: everything waits, with the reason on it. Any number of processes may do
    this at once.
    """
    Dispatch.objects.filter(state=State.SENDING, claimed_at__lt=now - UNSURE_AFTER).update(
        state=State.CHECK, problem="The portal stopped while it was sending this mail."
    )
    due = list(Dispatch.objects.due(now).values_list("pk", "attempts")[:BATCH])
    if not due:
        return 0
    connection, stop_at, sent = get_connection(), time.monotonic() + SECONDS, 0
    try:
        for pk, attempts in due:
            if time.monotonic() > stop_at:
                break
            _open(connection)
            sent += _send(pk, attempts, connection, now)
    except ServerAwayError as away:
        log.warning("the mail server is away", extra={"kind": type(away.__cause__).__name__})
        Dispatch.objects.filter(state=State.DUE).exclude(problem=str(away)).update(problem=str(away))
    finally:
        connection.close()
    if sent == BATCH:
        poke()
    return sent


def _open(connection: BaseEmailBackend) -> None:
    """Make sure that the server listens, before any mail is claimed."""
    try:
        connection.open()
    except (SMTPException, OSError) as problem:
        raise ServerAwayError(f"The mail server cannot be reached: {problem}") from problem


def _send(pk: int, attempts: int, connection: BaseEmailBackend, now: datetime) -> int:
    """Send one mail, if no other process has it; what goes wrong stays with this mail."""
    if not _claim(pk, attempts, now):
        return 0
    try:
        if not connection.send_messages([_message(Dispatch.objects.select_related("attachment").get(pk=pk))]):
            raise NoRecipientError("This mail has no recipient.")
    except Exception as problem:
        state = _state_after(problem, connection, is_last=attempts + 1 >= MAX_ATTEMPTS)
        log.exception("a mail was not sent", extra={"dispatch": pk, "state": state})
        Dispatch.objects.filter(pk=pk, state=State.SENDING).update(state=state, problem=str(problem))
        connection.close()  # whatever it is in the middle of, the next mail begins afresh
        return 0
    return Dispatch.objects.filter(pk=pk, state=State.SENDING).update(state=State.SENT, sent_at=now, problem="")


def _claim(pk: int, attempts: int, now: datetime) -> int:
    """Take a mail by compare-and-set, the attempt counted first: of several processes one goes on."""
    waiting = Dispatch.objects.filter(pk=pk, state=State.DUE, attempts=attempts)
    return waiting.update(state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1)


def _state_after(problem: Exception, connection: BaseEmailBackend, *, is_last: bool) -> str:
    """What an attempt that failed leaves behind: to try again, refused for good, or for a person to find out."""
    again = State.FAILED if is_last else State.DUE
    if isinstance(problem, PartlyRefusedError):
        return State.CHECK
    if isinstance(problem, SMTPRecipientsRefused):
        codes = [code for code, _ in problem.recipients.values()]
        return State.FAILED if all(code >= PERMANENT for code in codes) else again
    if isinstance(problem, SMTPResponseException):
        return State.FAILED if problem.smtp_code >= PERMANENT else again
    if getattr(connection, "is_in_doubt", isinstance(problem, OSError)):
        return State.CHECK
    return again if isinstance(problem, SMTPException | OSError) else State.FAILED


def _message(dispatch: Dispatch) -> EmailMessage:
    """The mail itself. Raises DocumentIsDamaged rather than send other bytes than were issued (M11)."""
    message = EmailMessage(dispatch.subject, dispatch.body, settings.DEFAULT_FROM_EMAIL, to=dispatch.to)
    message.extra_headers["Message-ID"] = f"<dispatch-{dispatch.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"
    if dispatch.attachment:
        message.attach(dispatch.attachment.name, dispatch.attachment.read(), dispatch.attachment.content_type)
    return message
