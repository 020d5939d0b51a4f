"""The rules M1 to M8 without a database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.charges import Charged, Free, Held, Rates, Rule, Support, price

DAY_RATE = Rule("day rate", None, "Offer 2022/23")
LONG_AGO = date(2010, 1, 1)
RATES = Rates(
    day_rates={"SSLC": [(LONG_AGO, 55000)], "SSPC": [(LONG_AGO, 40000), (date(2023, 1, 1), 42000)]},
    bands=[(LONG_AGO, Decimal(0)), (date(2022, 4, 1), Decimal(50)), (date(2023, 4, 1), Decimal(100))],
    brokerage=[],
    vat={},
)
DAY = Support(
    1, "academy", "SSLC", "SSLC days", "days", date(2023, 1, 18), 2, 1, False, "SSLC", "Leadership Champion", True
)
VISIT = replace(
    DAY, service="HLV", service_name="Headline Visit", unit="visits", is_champion_service=False, is_ordinary_visit=True
)
ALONE = replace(VISIT, champion_type=None, half_days=0)


def net(support: Support, rule: Rule | None = DAY_RATE, champion_rule: Rule | None = None, rates: Rates = RATES) -> int:
    priced = price(support, rule=rule, champion_rule=champion_rule, rates=rates)
    return sum(charge.net for charge in priced.charges) if isinstance(priced, Charged) else 0


@pytest.mark.parametrize(
    ("day", "pence"),
    [(date(2022, 3, 31), 0), (date(2022, 4, 1), 27500), (date(2023, 3, 31), 27500), (date(2023, 4, 1), 55000)],
)
def test_e9_the_last_half_price_day_is_31_march(day, pence):
    assert net(replace(DAY, happens_on=day)) == pence


def test_m3_the_rate_is_that_of_the_deliverys_own_date():
    half = replace(DAY, champion_type="SSPC", half_days=1)
    assert net(replace(half, happens_on=date(2022, 12, 31))) == 10000
    assert net(replace(half, happens_on=date(2023, 1, 1))) == 10500


def test_m7_a_line_is_rounded_once_half_up():
    odd = replace(RATES, day_rates={"SSLC": [(LONG_AGO, 33333)]})
    assert net(replace(DAY, half_days=1), rates=odd) == 8333  # 83.3325
    assert net(replace(DAY, half_days=3), rates=odd) == 25000  # 249.9975


def test_m2_a_maintained_school_pays_nothing_within_the_offer():
    priced = price(replace(DAY, sector="maintained"), rule=None, champion_rule=None, rates=RATES)
    assert priced == Free("Within the offer to maintained schools: nothing to pay.")


def test_m2_what_a_maintained_school_buys_goes_by_journal():
    priced = price(replace(DAY, sector="maintained", is_bought=True), rule=None, champion_rule=None, rates=RATES)
    assert priced == Free("Bought by a maintained school: charged by journal, not by invoice.")


def test_a2_the_reason_names_rate_band_and_their_days():
    priced = price(DAY, rule=DAY_RATE, champion_rule=None, rates=RATES)
    assert priced.charges[0].reason == (
        "50% of £550.00 a day: charge band from 1 April 2022, SSLC day rate from 1 January 2010"
    )


def test_m6_a_headline_visit_whose_charge_is_not_decided_is_held_back():
    priced = price(ALONE, rule=Rule("unset", None, "Offer 2022/23"), champion_rule=None, rates=RATES)
    assert priced == Held("charge", "Offer 2022/23 has not decided what a Headline Visit costs an academy.")


@pytest.mark.parametrize(
    ("rule", "pence"),
    [(Rule("free", None, "O"), 0), (Rule("fixed price", 12550, "O"), 12550)],
)
def test_m6_a_headline_visit_is_free_or_has_a_fixed_price(rule, pence):
    assert net(ALONE, rule) == pence


def test_m6_a_rapid_improvement_group_costs_the_agreed_price_without_band():
    agreed = replace(ALONE, service="RIG", agreed_price=30000, agreed_with="Ms Vale", agreed_on=date(2022, 10, 3))
    rule = Rule("agreed price", None, "O")
    assert net(agreed, rule) == 30000
    assert price(replace(agreed, agreed_price=None), rule=rule, champion_rule=None, rates=RATES).code == "price"


def test_m6_the_champion_in_a_rapid_improvement_group_is_in_the_agreed_price():
    agreed = replace(VISIT, service="RIG", agreed_price=30000, agreed_with="Ms Vale", agreed_on=date(2022, 10, 3))
    assert net(agreed, Rule("agreed price", None, "O"), DAY_RATE) == 30000


def test_o7_a_champion_at_a_free_visit_is_charged_by_the_half_day():
    assert net(replace(VISIT, half_days=1), Rule("free", None, "O"), DAY_RATE) == 13750


FREE = Rule("free", None, "Offer 2022/23")
FIXED_DAY = Rule("fixed price", 33333, "Offer 2022/23")


@pytest.mark.parametrize(("half_days", "pence"), [(1, 16667), (2, 33333), (3, 50000)])
def test_m7_a_champion_at_a_visit_costs_the_fixed_price_of_a_day_for_each_day(half_days, pence):
    [line] = price(replace(VISIT, half_days=half_days), rule=FREE, champion_rule=FIXED_DAY, rates=RATES).charges
    assert (line.part, line.half_days, line.units, line.net) == ("champion", half_days, 1, pence)
    assert line.reason == "Offer 2022/23: fixed price of £333.33 a day"


def test_a_visit_and_its_champion_at_fixed_prices_are_two_charges_with_a_name_each():
    rule = Rule("fixed price", 12550, "Offer 2022/23")
    lines = price(replace(VISIT, half_days=1), rule=rule, champion_rule=FIXED_DAY, rates=RATES).charges
    found = [(line.part, line.description, line.half_days, line.net) for line in lines]
    assert found == [
        ("service", "Headline Visit", 0, 12550),
        ("champion", "Leadership Champion (SSLC), 0.5 days at a Headline Visit", 1, 16667),
    ]


@pytest.mark.parametrize(
    ("rule", "code"), [(Rule("unset", None, "O"), "charge"), (Rule("agreed price", None, "O"), "price")]
)
def test_a_champion_whose_day_at_a_visit_has_no_price_holds_the_visit_back(rule, code):
    held = price(VISIT, rule=FREE, champion_rule=rule, rates=RATES)
    assert (held.code, "Leadership Champion (SSLC)’s day" in held.reason) == (code, True)


def test_a_champion_whose_days_are_free_makes_no_visit_dearer():
    free = price(VISIT, rule=DAY_RATE, champion_rule=FREE, rates=RATES)
    assert free == Free("Offer 2022/23: free to academies.")


@pytest.mark.parametrize("service", ["New to Headship Headline Visit", "Ofsted support"])
def test_m6_what_is_free_to_academies_is_free_with_the_champion_who_attends(service):
    visit = replace(VISIT, service_name=service, is_ordinary_visit=False)
    free = price(visit, rule=FREE, champion_rule=DAY_RATE, rates=RATES)
    assert free == Free("Offer 2022/23: free to academies, with the champion who attended.")


def test_m6_the_champion_at_anything_but_an_ordinary_visit_is_in_its_price():
    meeting = replace(VISIT, service_name="Ofsted support", is_ordinary_visit=False)
    assert net(meeting, Rule("fixed price", 12550, "O"), DAY_RATE) == 12550
    assert net(meeting, DAY_RATE, DAY_RATE) == 27500


def test_o7_a_visit_that_is_held_back_holds_back_its_champion_too():
    priced = price(VISIT, rule=Rule("unset", None, "O"), champion_rule=DAY_RATE, rates=RATES)
    assert isinstance(priced, Held)


def test_a_visit_at_day_rate_without_a_champion_is_held_back():
    assert price(ALONE, rule=DAY_RATE, champion_rule=None, rates=RATES).code == "rate"
    assert net(replace(VISIT, half_days=1), DAY_RATE, DAY_RATE) == 13750


@pytest.mark.parametrize(
    ("rates", "code"), [(replace(RATES, day_rates={}), "rate"), (replace(RATES, bands=[]), "band")]
)
def test_m13_without_rate_or_band_a_day_is_held_back(rates, code):
    assert price(DAY, rule=DAY_RATE, champion_rule=None, rates=rates).code == code


def test_m3_champion_days_need_no_offer_line():
    assert net(DAY, None) == 27500


def test_m5_brokerage_is_a_line_of_its_own_when_its_rate_is_above_nought():
    broking = replace(RATES, brokerage=[(LONG_AGO, Decimal(10))])
    priced = price(DAY, rule=DAY_RATE, champion_rule=None, rates=broking)
    assert [(charge.part, charge.net) for charge in priced.charges] == [("champion", 27500), ("brokerage", 2750)]
    assert net(DAY, rates=replace(RATES, brokerage=[(LONG_AGO, Decimal(0))])) == 27500


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 10**6))
def test_m3_more_days_never_cost_less(first, second, rate):
    rates = replace(RATES, day_rates={"SSLC": [(LONG_AGO, rate)]})
    fewer, more = sorted((first, second))
    assert net(replace(DAY, half_days=fewer), rates=rates) <= net(replace(DAY, half_days=more), rates=rates)
