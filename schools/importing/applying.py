"""Does what a plan says, in one transaction and with writes for many rows at once (S9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db import IntegrityError, transaction

from schools.importing.plan import MembershipChange, Plan
from schools.importing.upsert import upsert_schools
from schools.models import Correction, RegisterImport, SchoolLink, Trust, TrustMembership
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record, record_many
from sidebyside.refusals import Refusal

T = TypeVar("T")
_AT_ONCE = 2000  # rows held as objects at a time


def apply_register(plan: Plan, *, by: User | None) -> RegisterImport | None:
    """Write the plan and the record of it; None, and nothing written, when the plan changes nothing.

    `by` is None when a command runs it. Raises Refusal when what is here has changed since the plan was made: a
    school was corrected by hand, or another import went in.
    """
    if plan.is_empty:
        return None
    try:
        with transaction.atomic():
            return _apply(plan, by)
    except IntegrityError:
        raise Refusal("Another import has gone in since this preview was made. Preview it again.") from None


def _apply(plan: Plan, by: User | None) -> RegisterImport:
    if plan.corrections != frozenset(Correction.objects.values_list("school_id", "field")):
        raise Refusal("Somebody has corrected a school by hand since this preview was made. Preview it again.")
    upsert_schools(plan.fields, [*plan.created, *(change.values for change in plan.changed)])
    _write_links(plan)
    _write_trusts(plan)
    bad_rows = [
        {"file": bad.file, "line": bad.line, "column": bad.column, "reason": bad.reason} for bad in plan.bad_rows
    ]
    made = RegisterImport.objects.create(run_by=by, files=plan.files, summary=plan.summary, bad_rows=bad_rows)
    _leave_a_trail(plan, made, by)
    return made


def _write_links(plan: Plan) -> None:
    for some in _pieces(list(plan.links_removed)):
        SchoolLink.objects.filter(pk__in=some).delete()
    for links in _pieces(plan.links_added):
        SchoolLink.objects.bulk_create([SchoolLink(**link._asdict()) for link in links])


def _write_trusts(plan: Plan) -> None:
    if plan.trusts:
        Trust.objects.bulk_create(
            [Trust(**change.values) for change in plan.trusts],
            update_conflicts=True,
            unique_fields=["uid"],
            update_fields=[field for field in plan.trusts[0].values if field != "uid"],
        )
    # Ends come before beginnings: an academy is in one trust at a time.
    for some in _pieces(plan.memberships_changed):
        TrustMembership.objects.bulk_update([_membership(each) for each in some], ["joined_on", "left_on"], 500)
    for some in _pieces(plan.memberships_opened):
        TrustMembership.objects.bulk_create([_membership(each) for each in some])


def _membership(change: MembershipChange) -> TrustMembership:
    return TrustMembership(
        pk=change.pk,
        school_id=change.urn,
        trust_id=change.trust_uid,
        joined_on=change.joined_on,
        left_on=change.left_on,
    )


def _leave_a_trail(plan: Plan, made: RegisterImport, by: User | None) -> None:
    record("register.imported", made, by=by, files=plan.files, authority=plan.authority or "", summary=plan.summary)
    changes = ((change.urn, {"changes": [str(field) for field in change.fields]}) for change in plan.changed)
    record_many("school.changed_by_the_register", changes, by=by)
    created = {values[0] for values in plan.created}
    moves = [*plan.memberships_changed, *plan.memberships_opened]
    record_many(
        "school.trust_changed_by_the_register",
        ((move.urn, {"membership": str(move)}) for move in moves if move.urn not in created),
        by=by,
    )


def _pieces(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[begin : begin + _AT_ONCE] for begin in range(0, len(rows), _AT_ONCE))
