"""A document that does not add up cannot be made (M7, M11)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.documents import VatTotal
from tests.billing import papers


@pytest.mark.parametrize(
    "wrong",
    [
        {"net": 27501, "gross": 33001},
        {"vat": 5501, "gross": 33001},
        {"gross": 33001},
        {"vat_totals": (VatTotal(Decimal("17.50"), 27500, 5500),)},
        {"vat_totals": (VatTotal(Decimal("20.00"), 27499, 5500),)},
        {"vat_totals": ()},
        {"refers_to": "SBS2223-00002"},
        {"kind": "credit note"},
    ],
)
def test_a_document_adds_up_or_is_not_made(wrong):
    with pytest.raises(ValueError, match="SBS2223-00001"):
        replace(papers.invoice(), **wrong)


def test_lines_stand_by_school_in_the_order_of_their_positions():  # M13
    lines = [papers.line(3, school="B", urn=2, net=3), papers.line(2, school="A", urn=1, net=2), papers.line(1, net=1)]
    lines.append(papers.line(4, school="A", urn=1, net=4))
    groups = papers.invoice(lines).schools
    assert [(group.school, group.net, [line.position for line in group.lines]) for group in groups] == [
        ("Mill Lane Primary School", 1, [1]),
        ("A", 6, [2, 4]),
        ("B", 3, [3]),
    ]


def test_each_rate_gives_its_reasons_once():  # M8
    zero = {"vat_percent": Decimal("0.00"), "net": 100}
    lines = [
        papers.line(1),
        papers.line(2),
        papers.line(3, vat_reason="Exempt", **zero),
        papers.line(4, vat_reason="Zero rate", **zero),
    ]
    assert papers.invoice(lines).vat_reasons == (
        (VatTotal(Decimal("20.00"), 55000, 11000), "Standard rate"),
        (VatTotal(Decimal("0.00"), 200, 0), "Exempt; Zero rate"),
    )
