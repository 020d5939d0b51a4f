"""Taking back what was put to people, before all of them have agreed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from agreements import letters
from agreements.models import Agreement
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal
from support.actions.agreeing import drop_proposal
from support.models import Deployment


@transaction.atomic
def withdraw(agreement: Agreement, *, why: str, by: User | None, at: datetime) -> Agreement:
    """The broker takes an open version back, with a reason: its links are dead, and a new deployment is cancelled.

    `by` is None when the portal does it, because the deployment has ended. Raises Refusal when it is decided.
    """
    if not why.strip():
        raise Refusal("Say why it is withdrawn.", field="why")
    values = {"state": Agreement.State.WITHDRAWN, "decided_at": at, "withdrawn_why": why}
    if not Agreement.objects.open().filter(pk=agreement.pk).update(**values):
        raise Refusal("This has been decided meanwhile. Nothing was changed.")
    agreement.refresh_from_db()
    drop_proposal(agreement.deployment, state=Deployment.State.CANCELLED, why=why, by=by)
    record("agreement.withdrawn", agreement, by=by, why=why, school_urn=agreement.school_id, version=agreement.version)
    letters.tell_withdrawn(agreement)
    return agreement
