"""Putting right what is stuck: an invoice that could not be issued, a mail that did not go."""

from __future__ import annotations

from django.db import transaction

from billing.models import RunItem
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.poke import poke
from sidebyside.refusals import Refusal


@transaction.atomic
def retry_item(item: RunItem, *, by: User) -> None:
    """Let a parked item be issued again. Raises Refusal when it is not parked any more."""
    parked = RunItem.objects.parked().filter(pk=item.pk)
    if not parked.update(state=RunItem.State.DUE, attempts=0, problem=""):
        raise Refusal("This invoice is not waiting for you any more.")
    record("run_item.retried", item, by=by)
    poke()
