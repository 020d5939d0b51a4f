"""Visits at academies that a champion attended, from delivery to invoice (M3, M6, O7)."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from billing.models import Account, BrokerageRate, Invoice
from billing.proposing import propose
from support.models import Delivery, Offer, OfferLine
from tests import make
from tests.billing.cases import YEAR, issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer() -> Account:
    make.council()
    make.offer(2022, state="draft", published_on=None)
    make.rates()
    return make.account(make.academy())


def text_of(invoice: Invoice) -> str:
    """All words of an invoice's first page."""
    return " ".join(PdfReader(BytesIO(invoice.document.read())).pages[0].extract_text().split())


def attend(payer: Account, code: str) -> None:
    Offer.objects.update(state="published", published_on=date(2022, 7, 1))
    make.delivery(payer.school, code, date(2023, 1, 18), "0.5", champion=make.champion())


def test_m6_a_new_heads_visit_is_free_though_a_champion_attended(payer):
    attend(payer, "NTH")
    proposal = propose(YEAR)
    assert (proposal.invoices, proposal.held) == ((), ())
    [free] = proposal.free
    assert free.reason == "Offer 2022/23: free to academies, with the champion who attended."


def test_m9_a_visit_at_a_fixed_price_and_its_champion_are_two_lines_with_quantity_and_unit_price(payer):
    OfferLine.objects.filter(sector="academy", service__code="HLV").update(charge="fixed price", fixed_price=12550)
    attend(payer, "HLV")
    [invoice] = issue()
    lines = invoice.lines.values_list("source_key", "half_days", "units", "net")
    assert [(key.split("-")[-1], *rest) for key, *rest in lines] == [
        ("service", 0, 1, 12550),
        ("champion", 1, 1, 13750),
    ]
    text = text_of(invoice)
    assert ("1 visit £125.50 100%" in text, "0.5 days £550.00 50%" in text) == (True, True)


@pytest.mark.parametrize(
    ("code", "more", "said"),
    [
        ("CONF", {"half_days": 0, "units": 3}, "3 places £125.50 100%"),
        ("CONF", {"half_days": 0, "units": 1}, "1 place £125.50 100%"),
        ("BESST", {"half_days": 3}, "1.5 days £125.50 100%"),
    ],
)
def test_m9_a_fixed_price_says_what_it_is_a_price_of(payer, code, more, said):
    priced = {"charge": "fixed price", "fixed_price": 12550}
    OfferLine.objects.update_or_create(
        offer=Offer.objects.get(), sector="academy", service=make.service(code), defaults={"basis": "none"} | priced
    )
    Offer.objects.update(state="published", published_on=date(2022, 7, 1))
    day = date(2023, 1, 18)
    Delivery.objects.create(
        school=payer.school, service=make.service(code), happens_on=day, state="confirmed", confirmed_on=day, **more
    )
    assert said in text_of(*issue())


def test_m5_brokerage_is_a_sum_of_no_unit(payer):
    BrokerageRate.objects.create(starts_on=date(2022, 9, 1), percent=10)
    Offer.objects.update(state="published", published_on=date(2022, 7, 1))
    make.delivery(payer.school, "SSLC", date(2023, 1, 18))
    assert "brokerage rate from 1 September 2022 1 £27.50 100%" in text_of(*issue())
