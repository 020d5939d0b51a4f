"""Setting up a council's own portal: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction

from billing.standing import load_billing_standing
from brokering.standing import load_brokering_standing
from schools.importing import Plan, apply_register
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.council.models import Council, FirstRunToken
from sidebyside.refusals import Refusal
from support.offer_files import STANDING, load_standing, read


@transaction.atomic
def set_up(
    *, token: str, council: Mapping[str, Any], administrator: Mapping[str, str], register: Plan | None, at: datetime
) -> User:
    """Make the council, its first administrator, the standing lists and the schools; use up the token.

    Returns the administrator. Raises Refusal when the token has been used or replaced meanwhile.
    """
    unused = FirstRunToken.objects.filter(digest=FirstRunToken.digest_of(token), used_at__isnull=True)
    if not unused.update(used_at=at):
        raise Refusal("This page has been used already. Sign in as the administrator that it made.")
    made = Council.objects.create(pk=1, **council)
    by = User.objects.create_user(role=User.Role.ADMINISTRATOR, **administrator)
    load_standing(by)
    load_billing_standing(read(STANDING))
    load_brokering_standing(read(STANDING))
    if register:
        apply_register(register, by=by)
    record("council.set_up", made, by=by)
    cache.delete("council")
    return by
