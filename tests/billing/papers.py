"""Documents for tests and benchmarks: the examples' council, schools and prices, in any size."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from billing.documents import Document, Line, Party, Payment, VatTotal
from sidebyside.money import percent_of

SUPPLIER = Party(
    name="Westmere Council",
    address=("Town Hall", "High Street", "Westmere", "WM1 1AA"),
    vat_number="GB123456782",
    email="finance@westmere.example",
    phone="01234 567890",
)
CUSTOMER = Party(name="Mill Lane Academy Trust", address=("The Finance Office", "1 Mill Lane", "Westmere", "WM2 2BB"))
LINE = Line(
    position=1,
    school="Mill Lane Primary School",
    urn=900101,
    delivered_on=date(2023, 1, 12),
    service="Leadership Champion (SSLC)",
    description="Leadership Champion (SSLC)",
    quantity=Decimal("1.0"),
    unit="days",
    unit_price=55000,
    charge_percent=Decimal("50.00"),
    net=27500,
    vat_percent=Decimal("20.00"),
    vat_reason="Standard rate",
    reason="50% of £550.00 a day – charge band from 1 April 2022",
)


def line(position: int = 1, **changes) -> Line:
    """A Leadership Champion's day at half price, a week after the one before, unless said otherwise."""
    day = LINE.delivered_on + timedelta(weeks=position - 1)
    return replace(LINE, **({"position": position, "delivered_on": day} | changes))


def invoice(lines: Sequence[Line] = (LINE,), **changes) -> Document:
    """An invoice of these lines that adds up, issued on 6 March 2023, unless said otherwise."""
    rates = dict.fromkeys(line.vat_percent for line in lines)
    nets = {rate: sum(line.net for line in lines if line.vat_percent == rate) for rate in rates}
    totals = tuple(VatTotal(rate, net, percent_of(net, rate)) for rate, net in nets.items())
    net, vat = sum(nets.values()), sum(total.vat for total in totals)
    number = changes.get("number", "SBS2223-00001")
    values = {
        "kind": "invoice",
        "number": number,
        "issued_on": date(2023, 3, 6),
        "tax_point": date(2023, 3, 6),
        "due_on": date(2023, 4, 3),
        "terms_days": 28,
        "supplier": SUPPLIER,
        "customer": CUSTOMER,
        "account_reference": "A-00017",
        "lines": tuple(lines),
        "vat_totals": totals,
        "net": net,
        "vat": vat,
        "gross": net + vat,
        "po_number": "PO-10442",
        "how_to_pay": Payment("Example Bank", "Westmere Council", "20-00-00", "12345678", number),
    }
    return Document(**(values | changes))


def credit_note(lines: Sequence[Line] = (LINE,), **changes) -> Document:
    """A credit note of these lines against SBS2223-00001, unless said otherwise."""
    return invoice(
        lines,
        **(
            {"kind": "credit note", "number": "SBC2223-00001", "refers_to": "SBS2223-00001", "how_to_pay": None}
            | changes
        ),
    )


def trust_invoice() -> Document:
    """A trust with three academies (E13), two at half price and one at full price, on one invoice."""
    common = {"vat_reason": "Standard rate"}
    p = line(1, school="Penn Hill Academy", urn=900201, quantity=Decimal("2.0"), unit="days", net=55000, **common)
    q = line(
        2,
        school="Quarry Road Primary Academy",
        urn=900202,
        service="Pupil Champion (SSPC)",
        description="Pupil Champion (SSPC)",
        quantity=Decimal("1.5"),
        unit="days",
        unit_price=40000,
        net=30000,
        reason="50% of £400.00 a day – charge band from 1 April 2022",
    )
    r = line(
        3,
        school="Ridgeway School",
        urn=900203,
        service="ABLE champion",
        description="ABLE champion",
        quantity=Decimal("3.0"),
        unit="days",
        unit_price=35000,
        charge_percent=Decimal("100.00"),
        net=105000,
        delivered_on=date(2023, 5, 9),
        reason="£350.00 a day – charge band from 1 April 2023",
    )
    issued_on = date(2023, 6, 1)
    return invoice(
        [p, q, r], number="SBS2324-00007", issued_on=issued_on, tax_point=issued_on, due_on=date(2023, 6, 29)
    )
