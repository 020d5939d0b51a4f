"""Turns approved lines into the document that is printed and kept: everything it says is fixed here (M9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

from billing.documents import Document, Line, Party, Payment, Unit, VatTotal
from billing.models import Account, Invoice, RunItem
from billing.models.lines import ChargedLine
from billing.totals import Totals, totals
from sidebyside.council.models import Council
from support.models import Service


def draw_up(item: RunItem, lines: Sequence[ChargedLine], council: Council, *, number: str, on: date) -> Document:
    """The invoice of a run's item, under its number, issued `on`, which is its tax point too.

    Customer, order number, terms and lines are those that were approved; the supplier is the council of today.
    """
    sums = totals((line.net, line.vat_percent) for line in lines)
    return Document(
        kind="invoice",
        number=number,
        issued_on=on,
        tax_point=on,
        due_on=on + timedelta(days=item.terms_days),
        terms_days=item.terms_days,
        supplier=supplier_of(council),
        customer=Party(name=item.customer["name"], address=tuple(item.customer["address"])),
        account_reference=item.customer["reference"],
        po_number=item.po_number,
        lines=tuple(_line(line) for line in lines),
        vat_totals=_vat_totals(sums),
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


def draw_up_credit(
    invoice: Invoice, lines: Sequence[ChargedLine], sums: Totals, council: Council, *, number: str, on: date, notes: str
) -> Document:
    """The credit note of these lines of an invoice, under its number, issued `on`; nothing of it is to be paid (M12).

    Customer and order number are those of the invoice; the supplier is the council of today.
    """
    return Document(
        kind="credit note",
        number=number,
        issued_on=on,
        tax_point=on,
        due_on=on,
        terms_days=0,
        supplier=supplier_of(council),
        customer=Party(name=invoice.customer["name"], address=tuple(invoice.customer["address"])),
        account_reference=invoice.customer["reference"],
        po_number=invoice.po_number,
        lines=tuple(_line(line) for line in lines),
        vat_totals=_vat_totals(sums),
        net=sums.net,
        vat=sums.vat,
        gross=sums.gross,
        notes=notes,
        refers_to=invoice.number,
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
    """The account as an invoice that is approved now will name it."""
    address = [*account.address.splitlines(), account.postcode]
    return Party(name=account.name, address=tuple(line for line in address if line.strip()))


def _vat_totals(sums: Totals) -> tuple[VatTotal, ...]:
    return tuple(VatTotal(total.percent, total.net, total.vat) for total in sums.by_rate)


def _line(line: ChargedLine) -> Line:
    quantity = Decimal(line.half_days) / 2 if line.unit == Service.Unit.DAYS else Decimal(line.units)
    return Line(
        position=line.position,
        school=line.school_name,
        urn=line.school_id,
        delivered_on=line.delivered_on,
        service=line.service,
        description=line.description,
        quantity=quantity,
        unit=cast(Unit, line.unit),
        unit_price=line.day_rate or _price_of_one(line.net, quantity),
        charge_percent=line.charge_percent,
        net=line.net,
        vat_percent=line.vat_percent,
        vat_reason=line.vat_reason,
        reason=line.reason,
    )


def _price_of_one(net: int, quantity: Decimal) -> int | None:
    """M9: the unit price in pence; None where a price agreed for several does not divide into them."""
    price = net / quantity
    return int(price) if price == int(price) else None
