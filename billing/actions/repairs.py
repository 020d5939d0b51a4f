"""Putting right what is stuck: an invoice that could not be issued, a mail that did not go."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Sum

from billing.models import RunItem
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.poke import poke
from sidebyside.refusals import Refusal

NOT_GIVEN_UP = "This invoice is not waiting for you any more, so it was not given up."


@transaction.atomic
def retry_item(item: RunItem, *, by: User) -> None:
    """Let a parked item be issued again. Raises Refusal when it is not parked any more."""
    parked = RunItem.objects.parked().filter(pk=item.pk)
    if not parked.update(state=RunItem.State.DUE, attempts=0, problem=""):
        raise Refusal("This invoice is not waiting for you any more.")
    record("run_item.retried", item, by=by)
    poke()


@transaction.atomic
def give_up_item(item: RunItem, *, why: str, by: User) -> None:
    """Never issue a parked item: its lines stay as they were approved, and the next run proposes their support again.

    By compare-and-set, so that of this, trying again and issuing one happens. Raises Refusal without a reason, and
    when it is not parked any more: it waits, is being issued, or stands as an invoice, which only a credit note mends.
    """
    if not why.strip():
        raise Refusal("Say why you give it up.", field="why")
    if not RunItem.objects.parked().filter(pk=item.pk).update(state=RunItem.State.GIVEN_UP, given_up_why=why):
        raise Refusal(NOT_GIVEN_UP)
    sums = item.lines.aggregate(net=Sum("net", default=0), lines=Count("pk"))
    record("run_item.given_up", item, by=by, why=why, **sums)
