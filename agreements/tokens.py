"""The token in a link's address: signed, and bound to the link's row. Whoever reads the database cannot make one."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

from agreements.models import ConsentLink

LINK, CODE = "agreements.consent.link", "agreements.consent.code"
FIGURES = 6


def new_nonce() -> str:
    """What makes a link's token another one than that of any other link."""
    return secrets.token_urlsafe(32)


def token_of(link: ConsentLink) -> str:
    """The token of a link: the same each time, so that a reminder carries the same link."""
    return Signer(salt=LINK, sep=".").sign(f"{link.pk}.{link.nonce}")


def link_of(token: str, *, at: datetime) -> ConsentLink | None:
    """The link with which somebody can still answer; None alike for one that is made up, stale, replaced or used."""
    try:
        pk, _, nonce = Signer(salt=LINK, sep=".").unsign(token).partition(".")
    except BadSignature:
        return None
    good = ConsentLink.objects.good(at).select_related("agreement__deployment__champion_type")
    link = good.filter(pk=int(pk)).first()
    return link if link and constant_time_compare(link.nonce, nonce) else None


def new_code() -> str:
    """Six figures."""
    return f"{secrets.randbelow(10**FIGURES):0{FIGURES}d}"


def code_digest(link: ConsentLink, code: str) -> str:
    """What is kept of a code: useless without the portal's key, and for any other link."""
    return salted_hmac(CODE, f"{link.pk}:{code}", algorithm="sha256").hexdigest()
