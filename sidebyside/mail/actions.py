"""Writing a mail down: the row is the promise, the sweep keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.documents.models import Document
from sidebyside.mail.models import Dispatch
from sidebyside.poke import poke
from sidebyside.refusals import Refusal

SUBJECT = 200  # characters, as the column has it


def post(key: str, *, to: Iterable[str], subject: str, body: str, attachment: Document | None = None) -> Dispatch:
    """Write a mail in the same transaction as its cause.

    `key` names the cause, such as `invoice-issued-SBS2223-00001`: a second mail with it raises IntegrityError. Raises
    ValueError when it is to nobody: that mail would count as sent and reach no one.
    """
    recipients = sorted(set(to))
    if not recipients:
        raise ValueError(f"The mail {key} is to nobody.")
    line = " ".join(subject.split())[:SUBJECT]  # a line break in a name would end the header
    dispatch = Dispatch.objects.create(key=key, to=recipients, subject=line, body=body, attachment=attachment)
    poke()
    return dispatch


@transaction.atomic
def send_again(dispatch: Dispatch, *, why: str, by: User, at: datetime) -> Dispatch:
    """Send a mail that was refused, or that perhaps never went, as a new row. Raises Refusal when it is dealt with."""
    _resolve(dispatch, why=why, by=by, at=at)
    again = post(
        f"{dispatch.key}/{dispatch.pk}",
        to=dispatch.to,
        subject=dispatch.subject,
        body=dispatch.body,
        attachment=dispatch.attachment,
    )
    record("mail.sent_again", again, by=by, why=why, instead_of=dispatch.pk)
    return again


@transaction.atomic
def leave_it(dispatch: Dispatch, *, why: str, by: User, at: datetime) -> None:
    """Take a mail off the list without sending it again, with the reason. Raises Refusal when it is dealt with."""
    _resolve(dispatch, why=why, by=by, at=at)
    record("mail.left", dispatch, by=by, why=why)


def _resolve(dispatch: Dispatch, *, why: str, by: User, at: datetime) -> None:
    open_one = Dispatch.objects.needing_attention().filter(pk=dispatch.pk)
    if not open_one.update(resolved_at=at, resolved_by=by, resolved_why=why):
        raise Refusal("Somebody has dealt with this mail already.")
