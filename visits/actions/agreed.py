"""Closing an agreed action (V5)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal
from visits.models import AgreedAction


@transaction.atomic
def close_action(action: AgreedAction, *, effect: str, by: User, on: date) -> AgreedAction:
    """The action is done, and this is what has changed because of it. Raises Refusal without a word, or twice."""
    if not effect.strip():
        raise Refusal("Say what effect it has had.", field="effect")
    closed = AgreedAction.objects.open().filter(pk=action.pk).update(done_on=on, done_by=by, effect=effect)
    if not closed:
        raise Refusal("This action is closed already, perhaps by somebody else.")
    action.refresh_from_db()
    record("action.closed", action, by=by, school_urn=action.school_id)
    return action
