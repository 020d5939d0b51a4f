"""Putting right what is stuck: a statement that could not be written."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Sum

from reimbursing.models import StatementItem
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.poke import poke
from sidebyside.refusals import Refusal

NOT_WAITING = "This statement is not waiting for you any more."


@transaction.atomic
def retry_statement(item: StatementItem, *, by: User) -> None:
    """Let a parked statement be written again. Raises Refusal when it is not parked any more."""
    parked = StatementItem.objects.parked().filter(pk=item.pk)
    if not parked.update(state=StatementItem.State.DUE, attempts=0, problem=""):
        raise Refusal(NOT_WAITING)
    record("statementitem.retried", item, by=by)
    poke()


@transaction.atomic
def give_up_statement(item: StatementItem, *, why: str, by: User) -> None:
    """Never write a parked statement: its lines stay as approved, and what they would have paid is owed again.

    By compare-and-set, so that of this, trying again and writing one happens. Raises Refusal without a reason, and
    when it is not parked any more.
    """
    if not why.strip():
        raise Refusal("Say why you give it up.", field="why")
    if (
        not StatementItem.objects.parked()
        .filter(pk=item.pk)
        .update(state=StatementItem.State.GIVEN_UP, given_up_why=why)
    ):
        raise Refusal(NOT_WAITING)
    sums = item.lines.aggregate(total=Sum("amount", default=0), lines=Count("pk"))
    record("statementitem.given_up", item, by=by, why=why, **sums)
