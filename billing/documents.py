"""What an invoice or a credit note says, as frozen values: the PDF and the e-invoice say this, no more (M9, M11).

Pure: imports no Django. Amounts are whole pence, and positive on a credit note too. A document that does not add up
cannot be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["invoice", "credit note"]
Unit = Literal["", "days", "visits", "places"]


@dataclass(frozen=True)
class Party:
    """The supplier or the customer, as it was on the day of issue. `address` has one text a line, postcode last."""

    name: str
    address: tuple[str, ...]
    vat_number: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Payment:
    """How to pay: the council's bank account, and the reference by which the payment is recognised."""

    bank_name: str
    account_name: str
    sort_code: str
    account_number: str
    reference: str


@dataclass(frozen=True)
class Line:
    """One charge: quantity times unit price times charge percent is net (M3, M7).

    `unit` is empty where a sum is charged. `unit_price` is None where the price was agreed as a whole; `reason` says
    where the price comes from (A2).
    """

    position: int
    school: str
    urn: int
    delivered_on: date
    service: str
    description: str
    quantity: Decimal
    unit: Unit
    unit_price: int | None
    charge_percent: Decimal
    net: int
    vat_percent: Decimal
    vat_reason: str
    reason: str

    @property
    def unit_text(self) -> str:
        """The unit as the quantity asks for it: `1 day`, `0.5 days`."""
        return self.unit.removesuffix("s") if self.quantity == 1 else self.unit


@dataclass(frozen=True)
class VatTotal:
    """VAT once per rate, on that rate's net (M7)."""

    percent: Decimal
    net: int
    vat: int


@dataclass(frozen=True)
class SchoolLines:
    """One school's lines and their net total."""

    school: str
    urn: int
    lines: tuple[Line, ...]
    net: int


@dataclass(frozen=True)
class Document:
    """Everything that the document says. Raises ValueError when its lines, VAT and totals do not agree to the penny.

    `how_to_pay` is None where nothing is to be paid; `refers_to` is the number of the invoice that is credited.
    """

    kind: Kind
    number: str
    issued_on: date
    tax_point: date
    due_on: date
    terms_days: int
    supplier: Party
    customer: Party
    account_reference: str
    lines: tuple[Line, ...]
    vat_totals: tuple[VatTotal, ...]
    net: int
    vat: int
    gross: int
    po_number: str = ""
    how_to_pay: Payment | None = None
    notes: str = ""
    refers_to: str = ""

    def __post_init__(self) -> None:
        """M7, M11: the document says exactly what the data says, or is not made."""
        if (self.kind == "credit note") != bool(self.refers_to):
            raise ValueError(f"{self.number}: a credit note, and nothing else, refers to an invoice")
        if self.net != sum(line.net for line in self.lines):
            raise ValueError(f"{self.number}: the net total is not the sum of the lines")
        if {total.percent: total.net for total in self.vat_totals} != self._net_by_percent():
            raise ValueError(f"{self.number}: the net of a VAT rate is not the sum of its lines")
        if self.vat != sum(total.vat for total in self.vat_totals):
            raise ValueError(f"{self.number}: the VAT is not the sum over its rates")
        if self.gross != self.net + self.vat:
            raise ValueError(f"{self.number}: the gross total is not net and VAT")

    def _net_by_percent(self) -> dict[Decimal, int]:
        nets: dict[Decimal, int] = {}
        for line in self.lines:
            nets[line.vat_percent] = nets.get(line.vat_percent, 0) + line.net
        return nets

    @property
    def title(self) -> str:
        """`Invoice SBS2223-00001`."""
        return f"{self.kind.capitalize()} {self.number}"

    @property
    def schools(self) -> tuple[SchoolLines, ...]:
        """The lines by school, each school where its first line stands (M13)."""
        grouped: dict[tuple[int, str], list[Line]] = {}
        for line in sorted(self.lines, key=lambda line: line.position):
            grouped.setdefault((line.urn, line.school), []).append(line)
        return tuple(
            SchoolLines(school=school, urn=urn, lines=tuple(lines), net=sum(line.net for line in lines))
            for (urn, school), lines in grouped.items()
        )

    @property
    def vat_reasons(self) -> tuple[tuple[VatTotal, str], ...]:
        """Each rate's total, with why that rate applies (M8)."""
        return tuple(
            (
                total,
                "; ".join(dict.fromkeys(line.vat_reason for line in self.lines if line.vat_percent == total.percent)),
            )
            for total in self.vat_totals
        )
