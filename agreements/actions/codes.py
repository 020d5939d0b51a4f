"""Showing that one reads the address that a link was made for: a forwarded link opens nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.crypto import constant_time_compare

from agreements.letters import write_code
from agreements.models import ConsentLink
from agreements.tokens import code_digest, new_code
from sidebyside.refusals import Refusal

GOOD_FOR = timedelta(minutes=30)
PAUSE = timedelta(minutes=1)


@transaction.atomic
def send_code(link: ConsentLink, *, at: datetime) -> None:
    """Mail a code to the link's own address; the code before is void. Raises Refusal within a minute of the last."""
    code = new_code()
    rested = ConsentLink.objects.good(at).filter(Q(code_sent_at__isnull=True) | Q(code_sent_at__lte=at - PAUSE))
    values = {"code_digest": code_digest(link, code), "code_sent_at": at, "code_expires_at": at + GOOD_FOR}
    if not rested.filter(pk=link.pk).update(**values):
        raise Refusal("We sent a code less than a minute ago. Look for it in your inbox, or wait a minute.")
    write_code(link, code, at=at)


def enter_code(link: ConsentLink, code: str, *, at: datetime) -> bool:
    """Whether this is the code that was sent. A wrong one is counted, also when several are tried at once.

    Each try is counted before it is looked at; the right one is taken off again, and good once.
    """
    tried = ConsentLink.objects.good(at).filter(pk=link.pk)
    if not tried.update(wrong_codes=F("wrong_codes") + 1):
        return False
    link.refresh_from_db()
    is_fresh = bool(link.code_digest) and link.code_expires_at is not None and at < link.code_expires_at
    if not (is_fresh and constant_time_compare(link.code_digest, code_digest(link, code.replace(" ", "")))):
        return False
    done = ConsentLink.objects.filter(pk=link.pk, code_digest=link.code_digest)
    return bool(done.update(wrong_codes=F("wrong_codes") - 1, code_digest="", code_expires_at=None))
