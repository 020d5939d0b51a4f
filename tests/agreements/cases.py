"""What the tests of agreements begin with: a proposal that waits, and those who are asked."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from agreements.actions.consenting import consent_by_link
from agreements.actions.proposing import propose_deployment
from agreements.models import Agreement, ConsentLink, Party
from agreements.people import Person
from agreements.tokens import link_of, token_of
from sidebyside.mail.models import Dispatch
from support.agreements import Intended, Terms
from support.models import Deployment
from tests import make

NOW = datetime(2023, 1, 18, 10, 0, tzinfo=UTC)
DAY = date(2023, 1, 18)
TERMS = Terms(
    "Early reading", 8, date(2023, 1, 23), date(2023, 7, 21),
    (Intended("More pupils read at the standard", "Phonics check in June"),),
)  # fmt: skip
ASKED = {
    Party.SUPPORTED: Person("Kim Ode", "kim@supported.example"),
    Party.HOME: Person("Lee Park", "lee@home.example"),
}


def terms(**rest: Any) -> Terms:
    """The terms with some of them changed."""
    return Terms(**vars(TERMS) | rest)


def propose(school: Any = None, champion: Any = None, *, at: datetime = NOW, **rest: Any) -> Agreement:
    """The first version of a new deployment, which both heads are asked about by mail."""
    make.council()
    values = {"terms": TERMS, "asked": ASKED, "by": rest.pop("by", None) or make.user("lead"), "on": at.date()}
    deployment = propose_deployment(
        champion or make.champion(), school=school or make.academy(), at=at, **values | rest
    )  # fmt: skip
    return deployment.agreements.get()


def link(agreement: Agreement, party: str) -> ConsentLink:
    """The newest link of one of the two."""
    return agreement.links.newest().get(party=party)


def say(agreement: Agreement, party: str, *, yes: bool = True, at: datetime = NOW, why: str = "") -> Agreement:
    """An answer by link."""
    return consent_by_link(link(agreement, party), is_yes=yes, at=at, why=why)


def agree(agreement: Agreement, *, at: datetime = NOW) -> Deployment:
    """Both heads say yes."""
    for party in (Party.SUPPORTED, Party.HOME):
        say(agreement, party, at=at)
    agreement.refresh_from_db()
    agreement.deployment.refresh_from_db()
    return agreement.deployment


def token(agreement: Agreement, party: str) -> str:
    """The token of the newest link."""
    return token_of(link(agreement, party))


def is_good(text: str, *, at: datetime = NOW) -> bool:
    """Whether somebody can still answer with this token."""
    return link_of(text, at=at) is not None


def mails(key: str = "") -> list[Dispatch]:
    """The mails whose cause begins so, the oldest first."""
    return list(Dispatch.objects.filter(key__startswith=key).order_by("pk"))


def last_code() -> str:
    """The code of the newest mail."""
    [code] = re.findall(r"Your code is (\d{6})", mails("consent-code")[-1].body)
    return code


def later(**span: Any) -> datetime:
    """Some time after now."""
    return NOW + timedelta(**span)
