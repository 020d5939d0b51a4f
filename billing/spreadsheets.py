"""A spreadsheet of accounts: who pays for an academy, or for a trust's academies (M8, M13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from billing.models import Account, AccountContact, VatRate
from schools.models import School, Trust
from schools.spreadsheets.finding import Schools, named
from sidebyside.accounts.models import User
from sidebyside.sheets import BadRowError, Column, Entry, Kind, Layout, Plan, Row, Sheet, Trail, cells, check
from sidebyside.sheets.emails import emails

LAYOUT = Layout(
    (
        Column("urn", "The academy’s URN; or leave it empty and give trust_uid.", is_required=False),
        Column("trust_uid", "The trust’s UID in the register, when the trust pays.", is_required=False),
        Column("name", "Who is billed, as it stands on the invoice."),
        Column("address", "Lines of the address, with semicolons, commas or line breaks between them."),
        Column("postcode", "The postcode.", is_required=False),
        Column("email", "Where invoices go; several with semicolons between them.", is_required=False),
        Column("po_required", "yes if invoices need a purchase order number.", is_required=False),
        Column(
            "vat",
            "standard, zero, exempt, outside scope, or none, which holds everything back from invoices. Left empty, "
            "a new account is at the standard rate, and one that is there keeps what it has.",
            is_required=False,
        ),
    ),
    alternatives=(("urn", "trust_uid"),),
)
VAT: dict[str, str] = {treatment.value: treatment.value for treatment in VatRate.Treatment} | {"none": ""}
FIELDS = ["name", "address", "postcode", "is_po_required", "vat_treatment", "vat_reason"]


@dataclass(frozen=True)
class Wanted:
    """An account as it is to be, and the addresses that it still lacks."""

    account: Account
    emails: tuple[str, ...]


def plan_accounts(sheet: Sheet, on: date) -> Plan:
    """What a file of accounts would add and change; a cell left empty leaves what an account has."""
    plan, payers = Plan.of(sheet), Payers(sheet)
    lines: dict[tuple[str, int], int] = {}
    for row in sheet.rows:
        try:
            payer = payers.of(row)
            if (earlier := lines.setdefault((type(payer).__name__, payer.pk), row.line)) != row.line:
                raise BadRowError.at(row, payers.column(row), f"this account stands in line {earlier} already")
            plan.entries.append(_entry(row, payer, payers, sheet.name))
        except BadRowError as bad:
            plan.problems += bad.problems
    return plan


class Payers:
    """The academies and trusts that a file names, and the accounts that there are: four queries."""

    def __init__(self, sheet: Sheet) -> None:
        self._schools = Schools(sheet)
        uids = {int(cell) for cell in sheet.cells("trust_uid") if re.fullmatch(r"[0-9]{1,9}", cell)}
        self._trusts = {trust.uid: trust for trust in Trust.objects.filter(uid__in=uids)}
        self.accounts: dict[tuple[int | None, int | None], Account] = {}
        self.references: set[str] = set()
        for account in Account.objects.prefetch_related("contacts"):
            self.accounts[account.school_id, account.trust_id] = account
            self.references.add(account.reference)

    @staticmethod
    def column(row: Row) -> str:
        """The column that names the payer in this row."""
        return "urn" if row["urn"] or not row["trust_uid"] else "trust_uid"

    def of(self, row: Row) -> School | Trust:
        """Who pays. Raises BadRowError."""
        if row["urn"] and row["trust_uid"]:
            raise BadRowError.at(row, "trust_uid", "give a URN or a trust’s UID, not both")
        column = self.column(row)
        parse: Callable[[str], School | Trust] = self._academy if column == "urn" else self._trust
        payer: School | Trust = check(row, {column: parse})[column]
        return payer

    def _academy(self, cell: str) -> School:
        school = self._schools.state_funded(cell)
        if not school.is_academy:
            raise ValueError(f"{named(school)} is maintained and pays by journal, so it has no account")
        return school

    def _trust(self, cell: str) -> Trust:
        uid = cells.number(cell)
        if uid not in self._trusts:
            raise ValueError(f"{uid} is no trust in the register here: check the UID, or import the trusts first")
        return self._trusts[uid]


def _entry(row: Row, payer: School | Trust, payers: Payers, source: str) -> Entry:
    required = {"name": cells.text(160), "address": address}
    optional = {
        "postcode": postcode,
        "email": emails,
        "po_required": cells.yes_or_no,
        "vat": cells.one_of(VAT, "a VAT treatment"),
    }
    values = check(row, required, optional)
    is_school = isinstance(payer, School)
    there = payers.accounts.get((payer.pk, None) if is_school else (None, payer.pk))
    text = f"{values['name']}, for {named(payer) if isinstance(payer, School) else payer.name}"
    if there is None:
        account = _new_account(row, payer, values, source)
        if account.reference in payers.references:
            reason = f"another account has the reference {account.reference}: change that one first"
            raise BadRowError.at(row, payers.column(row), reason)
        return Entry(row.line, "new", text, Wanted(account, values["email"] or ()))
    known = {contact.email.casefold() for contact in there.contacts.all()}
    wanted = Wanted(there, tuple(each for each in values["email"] or () if each.casefold() not in known))
    differences = _differences(there, values, source)
    differences += [f"new contact {each}" for each in wanted.emails]
    if not differences:
        return Entry(row.line, "same", text, wanted)
    return Entry(row.line, "changed", f"{text} ({'; '.join(differences)})", wanted)


def _new_account(row: Row, payer: School | Trust, values: dict[str, Any], source: str) -> Account:
    """M8: an account is at the standard rate unless its row says otherwise."""
    treatment = values["vat"] if values["vat"] is not None else VatRate.Treatment.STANDARD.value
    target = {"school": payer} if isinstance(payer, School) else {"trust": payer}
    return Account(
        reference=f"{'A' if isinstance(payer, School) else 'T'}{payer.pk}",
        name=values["name"],
        address=values["address"],
        postcode=values["postcode"] or "",
        is_po_required=bool(values["po_required"]),
        vat_treatment=treatment,
        vat_reason=_vat_reason(treatment, row["vat"], source),
        **target,
    )


def _vat_reason(treatment: str, cell: str, source: str) -> str:
    if not treatment:
        return ""
    return f"As given in {source}"[:200] if cell else "The standard rate, as for all academies and trusts"


def _differences(there: Account, values: dict[str, Any], source: str) -> list[str]:
    """Give the account what its row says; returns each change in words."""
    said = {
        "name": ("name", values["name"]),
        "address": ("address", values["address"]),
        "postcode": ("postcode", values["postcode"]),
        "is_po_required": ("purchase order required", values["po_required"]),
        "vat_treatment": ("VAT", values["vat"]),
    }
    found = []
    for field, (label, value) in said.items():
        was = getattr(there, field)
        if value is None or value == was:
            continue
        setattr(there, field, value)
        found.append(f"{label} was {_word(was)}")
        if field == "vat_treatment":
            there.vat_reason = _vat_reason(value, "given", source)
    return found


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("\n", ", ") or "empty"


def address(cell: str) -> str:
    """The lines of an address: as they stand, or parted by semicolons, bars or, where there is nothing else, commas."""
    parts = re.split(r"[\n\r;|]" if re.search(r"[\n\r;|]", cell) else ",", cell)
    lines = [line for part in parts if (line := " ".join(part.split()).strip(","))]
    if not lines or max(map(len, lines)) > 100 or len(lines) > 10:
        raise ValueError("is not an address: write up to 10 lines, each of at most 100 characters")
    return "\n".join(lines)


def postcode(cell: str) -> str:
    """A postcode in capitals with one space."""
    found = " ".join(cell.upper().split())
    if not re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", found):
        raise ValueError(f"“{cell}” is not a postcode")
    return found if " " in found else f"{found[:-3]} {found[-3:]}"


def apply_accounts(plan: Plan, *, by: User | None, on: date) -> list[Trail]:
    """Write the new and changed accounts with their history, and the contacts that they lack; none is removed."""
    made = [entry.item for entry in plan.having("new")]
    changed = [entry.item for entry in plan.having("changed")]
    why = f"Imported from {plan.name}"[:100]
    _create([wanted.account for wanted in made], by, why)
    bulk_update_with_history(
        [wanted.account for wanted in changed],
        Account,
        FIELDS,
        batch_size=200,
        default_user=by,
        default_change_reason=why,
    )
    AccountContact.objects.bulk_create(
        AccountContact(account=wanted.account, email=each) for wanted in [*made, *changed] for each in wanted.emails
    )
    return [
        *(_trail("account.made", wanted.account, plan) for wanted in made),
        *(_trail("account.changed", wanted.account, plan) for wanted in changed),
    ]


def _create(accounts: list[Account], by: User | None, why: str) -> None:
    if accounts:
        bulk_create_with_history(accounts, Account, batch_size=200, default_user=by, default_change_reason=why)


def _trail(verb: str, account: Account, plan: Plan) -> Trail:
    details = {"reference": account.reference, "vat_treatment": account.vat_treatment, "po": account.is_po_required}
    subject, why = f"account:{account.pk}", f"Imported from {plan.name}"
    return Trail(verb, subject, school_urn=account.school_id, why=why, details=details)


ACCOUNTS = Kind(
    slug="accounts",
    title="Accounts",
    purpose="Who pays for each academy, or for all academies of a trust. Maintained schools pay by journal.",
    layout=LAYOUT,
    examples=(
        ("123457", "", "Vale Academy", "Vale Road; Westmere", "WM2 2BB", "finance@academy.example", "no", "standard"),
        (
            "",
            "2104",
            "Mill Lane Academy Trust",
            "1 Mill Lane; Westmere",
            "WM2 2BB",
            "accounts@trust.example",
            "yes",
            "",
        ),
    ),
    plan=plan_accounts,
    apply=apply_accounts,
)
