"""Turns approved lines into the document that is printed and kept: everything it says is fixed here (M9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from billing.charges import totals
from billing.documents import Document, Line, Party, Payment, Unit, VatTotal
from billing.models import Account, RunItem, RunLine
from sidebyside.council.models import Council


def draw_up(item: RunItem, lines: Sequence[RunLine], council: Council, *, number: str) -> Document:
    """The invoice of a run's item, under its number. Issue date and tax point are the run's date."""
    account, issued_on = item.account, item.run.issue_on
    terms = account.terms_days or council.terms_days
    sums = totals((line.net, line.vat_percent) for line in lines)
    return Document(
        kind="invoice",
        number=number,
        issued_on=issued_on,
        tax_point=issued_on,
        due_on=issued_on + timedelta(days=terms),
        terms_days=terms,
        supplier=supplier_of(council),
        customer=customer_of(account),
        account_reference=account.reference,
        po_number=account.po_number,
        lines=tuple(_line(line) for line in lines),
        vat_totals=tuple(VatTotal(total.percent, total.net, total.vat) for total in sums.by_rate),
        net=sums.net,
        vat=sums.vat,
        gross=sums.gross,
        how_to_pay=Payment(
            bank_name=council.bank_name,
            account_name=council.bank_account_name,
            sort_code=council.sort_code,
            account_number=council.account_number,
            reference=number,
        ),
    )


def supplier_of(council: Council) -> Party:
    """The council as its invoices name it."""
    return Party(
        name=council.name,
        address=tuple(council.address.splitlines()),
        vat_number=council.vat_number,
        email=council.finance_email,
        phone=council.telephone,
    )


def customer_of(account: Account) -> Party:
    """The account as its invoices name it."""
    address = [*account.address.splitlines(), account.postcode]
    return Party(name=account.name, address=tuple(line for line in address if line.strip()))


def _line(line: RunLine) -> Line:
    is_by_day = line.half_days > 0
    quantity = Decimal(line.half_days) / 2 if is_by_day else Decimal(line.units)
    return Line(
        position=line.position,
        school=line.school_name,
        urn=line.school_id,
        delivered_on=line.delivered_on,
        service=line.service,
        description=line.description,
        quantity=quantity,
        unit=_unit(quantity, "day" if is_by_day else "visit"),
        unit_price=line.day_rate,
        charge_percent=line.charge_percent,
        net=line.net,
        vat_percent=line.vat_percent,
        vat_reason=line.vat_reason,
        reason=line.reason,
    )


def _unit(quantity: Decimal, one: Literal["day", "visit"]) -> Unit:
    if one == "day":
        return "day" if quantity == 1 else "days"
    return "visit" if quantity == 1 else "visits"
