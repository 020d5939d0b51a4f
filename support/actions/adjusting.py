"""More or less of a service for one school, agreed by a leader (O13, S5)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from support.models import Adjustment, Service


@transaction.atomic
def adjust_allowance(
    school: School, *, service: Service, amount: int, starts_on: date, ends_on: date, reason: str, by: User,
    request_key: str = "",
) -> Adjustment:  # fmt: skip
    """Adjust the allowance of a service, or of the pool that it belongs to, from a day to a day.

    `amount` is in the service's unit: half days, visits or places; below nought it takes away. The same
    `request_key` again returns the adjustment that it made.
    """
    if not amount:
        raise Refusal("Enter how much more or less.", field="amount")
    if ends_on < starts_on:
        raise Refusal("The adjustment ends before it starts.", field="ends_on")
    if not reason.strip():
        raise Refusal("Say why.", field="reason")
    adjustment = Adjustment(
        school=school,
        service=service,
        amount=amount,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        allowed_by=by,
        request_key=request_key,
    )
    return once(adjustment, lambda: _write(adjustment, by))


def _write(adjustment: Adjustment, by: User) -> Adjustment:
    adjustment.save()
    details = {"service": adjustment.service.code, "amount": adjustment.amount}
    urn = adjustment.school_id
    record("adjustment.allowed", adjustment, by=by, why=adjustment.reason, school_urn=urn, **details)
    return adjustment
