"""Inviting people: a mail that leads to the page where they set their first password."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.council.models import Council
from sidebyside.mail.actions import post
from sidebyside.mail.models import Dispatch

BODY = """Dear {name}

{inviter} has invited you to Side by Side, where {council} and its schools plan and follow support.

To set your password, open this page and enter your email address, {email}:

{address}

A mail then brings you a link. If you did not expect this, you need do nothing.

{council}
"""


@transaction.atomic
def invite(person: User, *, by: User) -> Dispatch:
    """Write the invitation down (the sweep sends it) and record who invited whom.

    It holds no secret and so never expires: the link that sets a password comes from the reset page, to this address.
    """
    key = f"invitation-{person.pk}-"
    sent = Dispatch.objects.filter(key__startswith=key).count()
    council = Council.objects.filter(pk=1).first()
    body = BODY.format(
        name=person.name,
        inviter=by.name,
        council=council.name if council else "your council",
        email=person.email,
        address=f"{settings.SITE_URL}{reverse('account_reset_password')}",
    )
    record("user.invited", person, by=by)
    return post(f"{key}{sent + 1}", to=[person.email], subject="You are invited to Side by Side", body=body)
