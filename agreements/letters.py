"""Mails about agreements. They say who, where, when and how much: never a price, and never why somebody said no."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from agreements.models import ASKED, Agreement, ConsentLink, Party
from agreements.tokens import token_of
from sidebyside.council.models import displayed_council
from sidebyside.documents.models import Document
from sidebyside.mail.actions import post


def write_invitation(link: ConsentLink) -> None:
    """Ask the head of one of the two schools to agree."""
    agreement = link.agreement
    subject = f"Please agree: {agreement.champion_name} at {agreement.school_name}"
    _post(f"consent-link-{link.pk}", [link.email], subject, "consent_asked", agreement, **_of(link))


def write_reminder(link: ConsentLink) -> None:
    """Once, half-way to the day on which the link ends."""
    agreement = link.agreement
    subject = f"Reminder, please agree: {agreement.champion_name} at {agreement.school_name}"
    _post(f"consent-reminder-{link.pk}", [link.email], subject, "consent_reminder", agreement, **_of(link))


def write_code(link: ConsentLink, code: str, *, at: datetime) -> None:
    """The code that opens the terms to whoever reads this address."""
    key = f"consent-code-{link.pk}-{at.timestamp():.6f}"
    _post(key, [link.email], f"Your code is {code[:3]} {code[3:]}", "consent_code", link.agreement, code=code)


def tell_agreed(agreement: Agreement) -> None:
    """Everybody hears that all have agreed, with the paper; the supported school gets its page of costs besides."""
    for party, (name, email) in people_of(agreement).items():
        words: dict[str, Any] = {"name": name, "party": party}
        _post(_key("agreed", agreement, party), [email], _subject("Agreed", agreement), "agreed", agreement,
              attachment=agreement.document, **words)  # fmt: skip
        if party == Party.SUPPORTED and agreement.cost_document:
            _post(_key("cost", agreement, party), [email], f"What it costs: {agreement.champion_name}", "cost",
                  agreement, attachment=agreement.cost_document, **words)  # fmt: skip
    champion = agreement.deployment.champion
    address = champion.user.email if champion.user else champion.email
    if address:
        _post(_key("agreed", agreement, "champion"), [address], _subject("Agreed", agreement), "agreed", agreement,
              attachment=agreement.document, name=champion.name, party="champion")  # fmt: skip


def tell_declined(agreement: Agreement, *, party: str) -> None:
    """The broker hears who did not agree, and the other school that nothing is to be done. The reason stays here."""
    others = people_of(agreement)
    others.pop(Party(party), None)
    who = agreement.name_of(party)
    for other, (name, email) in others.items():
        words: dict[str, Any] = {"name": name, "party": other, "who": who}
        subject = _subject("Not agreed", agreement)
        _post(_key("declined", agreement, other), [email], subject, "declined", agreement, **words)


def tell_withdrawn(agreement: Agreement) -> None:
    """Both heads hear that nothing is to be done any more."""
    for party, (name, email) in people_of(agreement).items():
        if party in ASKED:
            subject = _subject("Withdrawn", agreement)
            _post(_key("withdrawn", agreement, party), [email], subject, "withdrawn", agreement, name=name)


def people_of(agreement: Agreement) -> dict[Party, tuple[str, str]]:
    """Who answers for each party, as name and address: who did, otherwise who was asked last."""
    found = {Party(link.party): (link.name, link.email) for link in agreement.links.newest()}
    found |= {Party(consent.party): (consent.name, consent.email) for consent in agreement.consents.all()}
    return found


def _of(link: ConsentLink) -> dict[str, Any]:
    url = f"{settings.SITE_URL}{reverse('consent_link', args=[token_of(link)])}"
    return {"link": link, "name": link.name, "party": link.party, "url": url}


def _key(what: str, agreement: Agreement, who: str) -> str:
    return f"agreement-{what}-{agreement.pk}-{who}"


def _subject(what: str, agreement: Agreement) -> str:
    return f"{what}: {agreement.champion_name} at {agreement.school_name}"


def _post(
    key: str, to: list[str], subject: str, template: str, agreement: Agreement, *,
    attachment: Document | None = None, **words: Any,
) -> None:  # fmt: skip
    about = {
        "agreement": agreement,
        "council": displayed_council(),
        "page": f"{settings.SITE_URL}{agreement.get_absolute_url()}",
    }
    body = render_to_string(f"agreements/emails/{template}.txt", about | words)
    post(key, to=to, subject=subject, body=body, attachment=attachment)
