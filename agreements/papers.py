"""The agreement on paper: one document for everybody, without either side's money, and the supported school's costs.

What all three agreed to is the same for all three, so it is one paper. What it costs is between the supported school
and the council: a page of its own, which only they get.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from agreements.models import Agreement, Consent, Party
from billing.pdf import named, render
from sidebyside.council.models import Council
from sidebyside.documents.models import Document

STYLESHEET = Path(__file__).resolve().parent / "assets" / "agreement.css"


@dataclass(frozen=True)
class Signature:
    """Who agreed for whom, when, and how the portal knew them."""

    party: str
    name: str
    at: datetime
    how: str


def keep_papers(agreement: Agreement, *, at: datetime) -> tuple[Document, Document | None]:
    """Make and store both, in the caller's transaction; no page of costs where nothing is known of any."""
    council, day = Council.current(), timezone.localdate(at)
    signed = [_signature(consent, agreement) for consent in agreement.consents.order_by("at", "pk")]
    main = _print("agreement", agreement, council, day, signed)
    cost = _print("cost", agreement, council, day, signed) if agreement.cost_words else None
    return main, cost


def _print(kind: str, agreement: Agreement, council: Council, day: date, signed: list[Signature]) -> Document:
    number = f"{agreement.deployment_id}-{agreement.version}"
    words = {
        "agreement": agreement,
        "number": number,
        "council": council,
        "address": council.address.splitlines(),
        "agreed_on": day,
        "signed": signed,
    }  # fmt: skip
    name = named(f"{council.name} {kind} {number}")
    pdf = render(f"agreements/documents/{kind}.html", words, name=name, stylesheet=STYLESHEET)
    return Document.keep(f"{kind}-{number}.pdf", "application/pdf", pdf)


def _signature(consent: Consent, agreement: Agreement) -> Signature:
    for_whom = {
        Party.SUPPORTED: f"for {agreement.school_name}",
        Party.HOME: f"for {agreement.home_school_name}, which lends the champion",
    }
    party = for_whom.get(Party(consent.party), "for the council")
    return Signature(party, consent.name, timezone.localtime(consent.at), consent.get_how_display())
