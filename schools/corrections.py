"""Correcting a school by hand, so that no import takes it back (S9)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from schools import gias
from schools.importing.plan import worded
from schools.models import Correction, School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal

CORRECTABLE = tuple(column.field for column in gias.ESTABLISHMENTS if column.field != "urn")


@transaction.atomic
def correct_school(school: School, *, by: User, why: str, **fields: Any) -> School:
    """Set fields of the register by hand; imports leave exactly these alone from now on (S9).

    Fields that have the value already are not counted as corrections. Raises Refusal when there is no reason, when
    nothing differs, or when a value cannot stand.
    """
    if not why.strip():
        raise Refusal("Say why the school’s entry is corrected.", field="why")
    if unknown := sorted(set(fields) - set(CORRECTABLE)):
        raise Refusal(f"This cannot be corrected by hand: {', '.join(unknown)}.")
    before = {name: getattr(school, name) for name, value in fields.items() if getattr(school, name) != value}
    if not before:
        raise Refusal("Nothing differs from what the school’s entry says already.")
    for name in before:
        setattr(school, name, fields[name])
    try:
        school.full_clean()
    except ValidationError as error:
        for name, value in before.items():
            setattr(school, name, value)
        raise Refusal(" ".join(error.messages), field=next(iter(before))) from None
    school.save(update_fields=list(before))
    for name in before:
        Correction.objects.update_or_create(
            school=school, field=name, defaults={"reason": why.strip()[:200], "corrected_by": by}
        )
    changes = [f"{name}: {worded(old)} → {worded(getattr(school, name))}" for name, old in before.items()]
    record("school.corrected", school, by=by, why=why, school_urn=school.urn, changes=changes)
    return school


@transaction.atomic
def withdraw_correction(correction: Correction, *, by: User, why: str) -> None:
    """Let the register decide the field again: the next import brings its value."""
    school = correction.school
    record("school.correction_withdrawn", school, by=by, why=why, school_urn=school.urn, field=correction.field)
    correction.delete()
