"""The one way to leave a trail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from sidebyside.accounts.models import User
from sidebyside.audit.models import Event


def record(
    verb: str, subject: models.Model, *, by: User | None, why: str = "", school_urn: int | None = None, **details: Any
) -> Event:
    """Write down that `by` did `verb` to `subject`, in the same transaction as the deed (A3).

    `details` holds plain JSON values and never the text of a note. `by` is None when the portal acts by itself.
    The moment is the clock's: it is when the portal learnt of the deed, not when the deed counts.
    """
    return Event.objects.create(
        at=timezone.now(),
        by=by,
        verb=verb,
        subject=f"{subject._meta.model_name}:{subject.pk}",
        school_urn=school_urn,
        why=why,
        details=details,
    )


def record_many(verb: str, schools: Iterable[tuple[int, dict[str, Any]]], *, by: User | None) -> None:
    """`record` for one deed on many schools: each school's URN with its own details, in one write."""
    now = timezone.now()
    Event.objects.bulk_create(
        (
            Event(at=now, by=by, verb=verb, subject=f"school:{urn}", school_urn=urn, details=details)
            for urn, details in schools
        ),
        batch_size=2000,
    )
