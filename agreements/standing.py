"""How far an agreement has come: what each of the three has said, and whether anybody can still be waited for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from agreements.models import ASKED, Agreement, Consent, ConsentLink, Party


@dataclass(frozen=True)
class Standing:
    """One party: who answers, what they said and when; the reason of a no for those who may read it."""

    party: Party
    school: str
    name: str
    consent: Consent | None
    link: ConsentLink | None
    reason: str
    may_answer: bool
    is_dead: bool

    @property
    def text(self) -> str:
        """The state in a word or two."""
        if self.consent:
            return "Agreed" if self.consent.is_yes else "Declined"
        return "No answer yet"

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        if self.consent:
            return "green" if self.consent.is_yes else "orange"
        return "yellow"


def standing_of(agreement: Agreement, *, own: Collection[Party], is_team: bool, at: datetime) -> list[Standing]:
    """All three; `own` are the schools of the person who looks. Needs `consents` and the newest `links` fetched."""
    consents = {consent.party: consent for consent in agreement.consents.all()}
    links = {link.party: link for link in agreement.links.all()}
    found = []
    for party in (*ASKED, Party.BROKER):
        consent, link = consents.get(party), links.get(party)
        waits = agreement.is_open and consent is None
        found.append(
            Standing(
                party=party,
                school=agreement.name_of(party),
                name=consent.name if consent else link.name if link else "",
                consent=consent,
                link=link if waits else None,
                reason=consent.reason if consent and (is_team or party in own) else "",
                may_answer=waits and party in own,
                is_dead=waits and (link is None or link.is_spent() or link.expires_at <= at),
            )
        )
    return found
