"""Keeping how home schools are paid."""

from __future__ import annotations

from django.db import transaction

from reimbursing.models import Method, Payee
from reimbursing.models.payees import method_for
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal

BY_METHOD = {
    Method.JOURNAL: ("cost_centre", "email"),
    Method.BANK: ("payee_name", "sort_code", "account_number", "email"),
}


@transaction.atomic
def set_payee(school: School, *, by: User, **fields: str) -> Payee:
    """Say how a home school is paid from now on, in the way of its sector. Raises Refusal where it lends nobody.

    The trail keeps which fields changed and the last digits of the account, never all of it (A3).
    """
    if not school.lendings.exists():
        raise Refusal("This school lends no champion, so nothing is paid to it.")
    method = method_for(school)
    before = Payee.objects.filter(school=school).first()
    payee = before or Payee(school=school)
    wanted = {name: fields.get(name, "").strip() for name in BY_METHOD[method]}
    changed = [name for name, value in wanted.items() if before is None or getattr(before, name) != value]
    if before and before.method != method:
        changed.append("method")
    for name in ("cost_centre", "payee_name", "sort_code", "account_number", "email"):
        setattr(payee, name, wanted.get(name, ""))
    payee.method = method
    payee.full_clean()
    payee.save()
    verb = "payee.changed" if before else "payee.set"
    record(verb, payee, by=by, school_urn=school.pk, fields=sorted(changed), now=payee.masked)
    return payee
