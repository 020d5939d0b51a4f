"""Keeping accounts: who pays, where it is sent, what its invoices need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from billing.models import Account, AccountContact
from schools.models import School, Trust
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record


@transaction.atomic
def open_account(payer: School | Trust, *, contacts: Sequence[str], by: User, **fields: Any) -> Account:
    """Make the account of an academy or a trust; its reference follows from the payer's own number."""
    if isinstance(payer, School):
        account = Account.objects.create(school=payer, reference=f"A{payer.urn}", **fields)
    else:
        account = Account.objects.create(trust=payer, reference=f"T{payer.uid}", **fields)
    _set_contacts(account, contacts)
    record("account.opened", account, by=by, school_urn=account.school_id)
    return account


@transaction.atomic
def change_account(account: Account, *, contacts: Sequence[str], by: User, **fields: Any) -> Account:
    """Change an account. Invoices that were issued stay as they are (M11)."""
    changed = [name for name, value in fields.items() if getattr(account, name) != value]
    for name, value in fields.items():
        setattr(account, name, value)
    account.save()
    if _set_contacts(account, contacts):
        changed.append("contacts")
    record("account.changed", account, by=by, school_urn=account.school_id, fields=sorted(changed))
    return account


def _set_contacts(account: Account, emails: Sequence[str]) -> bool:
    """Keep exactly these addresses; whether that changed anything."""
    wanted = {email.lower() for email in emails}
    present = {contact.email for contact in account.contacts.all()}
    account.contacts.exclude(email__in=wanted).delete()
    AccountContact.objects.bulk_create(
        AccountContact(account=account, email=email) for email in sorted(wanted - present)
    )
    return wanted != present
