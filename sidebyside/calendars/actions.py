"""Making, replacing and revoking a private calendar address."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.calendars.models import CalendarAddress
from sidebyside.refusals import Refusal

NOTED_EVERY = timedelta(minutes=5)  # a calendar that asks each second does not write each second


@transaction.atomic
def make_address(*, by: User, at: datetime) -> str:
    """Give a person a new calendar address, whose token is returned this once; one that was there stops at once.

    Raises Refusal for somebody whose role has no calendar.
    """
    if not by.may("calendars.subscribe"):
        raise Refusal("Your role has no calendar to subscribe to.")
    token = CalendarAddress.new_token()
    values = {"digest": CalendarAddress.digest_of(token), "made_at": at, "read_at": None}
    values |= {"fingerprint": "", "changed_at": None}
    _, is_first = CalendarAddress.objects.update_or_create(user=by, defaults=values)
    record("user.calendar_made" if is_first else "user.calendar_replaced", by, by=by)
    return token


@transaction.atomic
def revoke_address(address: CalendarAddress, *, by: User) -> None:
    """Take a calendar address away: from now on it answers as if it had never been."""
    deleted, _ = CalendarAddress.objects.filter(pk=address.pk, digest=address.digest).delete()
    if not deleted:
        raise Refusal("This address has been replaced or revoked meanwhile. Nothing was changed.")
    record("user.calendar_revoked", address.user, by=by)


def note_reading(address: CalendarAddress, fingerprint: str, *, at: datetime) -> CalendarAddress:
    """Write down that a calendar has read the address, and since when it says what it says; at most one write."""
    if address.fingerprint != fingerprint:
        values = {"read_at": at, "fingerprint": fingerprint, "changed_at": at}
        CalendarAddress.objects.filter(pk=address.pk, digest=address.digest).update(**values)
        address.fingerprint, address.changed_at = fingerprint, at
    else:
        is_due = Q(read_at__isnull=True) | Q(read_at__lte=at - NOTED_EVERY)
        CalendarAddress.objects.filter(is_due, pk=address.pk, digest=address.digest).update(read_at=at)
    return address
