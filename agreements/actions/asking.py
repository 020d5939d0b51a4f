"""Asking a head to agree: a link in a mail, which takes the place of the one before."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from agreements.letters import write_invitation
from agreements.models import ASKED, Agreement, ConsentLink
from agreements.people import Person
from agreements.tokens import new_nonce
from sidebyside.accounts.models import User
from sidebyside.accounts.roles import COUNCIL_STAFF
from sidebyside.audit.actions import record
from sidebyside.council.models import Council
from sidebyside.refusals import Refusal


def ask(agreement: Agreement, *, party: str, person: Person, at: datetime) -> ConsentLink:
    """Send one of the two heads a link; an earlier link of that school is good for nothing from now on.

    Raises Refusal without a name or an address, and for an address of the council's own people: the broker is one
    of the three who agree, and answers for neither school.
    """
    name, email = person.name.strip(), person.email.strip()
    if not name:
        raise Refusal(f"Say who agrees for {agreement.name_of(party)}.", field=f"{party}_name")
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(f"Enter an email address of {name}.", field=f"{party}_email") from None
    if User.objects.filter(email__iexact=email, role__in=COUNCIL_STAFF).exists():
        raise Refusal(
            f"{email} is the address of somebody at the council. Enter that of the head who agrees for "
            f"{agreement.name_of(party)}.",
            field=f"{party}_email",
        )
    agreement.links.filter(party=party, replaced_at__isnull=True).update(replaced_at=at)
    days = Council.objects.values_list("consent_link_days", flat=True).get(pk=1)
    link = ConsentLink.objects.create(
        agreement=agreement, party=party, name=name, email=email, nonce=new_nonce(), made_at=at,
        expires_at=at + timedelta(days=days),
    )  # fmt: skip
    write_invitation(link)
    return link


@transaction.atomic
def ask_again(agreement: Agreement, *, party: str, person: Person, by: User, at: datetime) -> ConsentLink:
    """A new link, perhaps to somebody else: the old one dies. Raises Refusal when nobody is waited for any more."""
    now = Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    if not now.is_open or party not in ASKED or now.consents.filter(party=party).exists():
        raise Refusal("Nobody waits for this answer any more, so no link was sent.")
    link = ask(now, party=party, person=person, at=at)
    record("agreement.asked_again", now, by=by, school_urn=now.school_id, party=party)
    return link
