"""M16: cost less income is the council's subsidy, by school, trust, champion type and financial year."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.actions.crediting import credit_invoice
from billing.models import CreditReason
from reimbursing.models import ReimbursementRate
from reimbursing.subsidy import Row, subsidy
from reimbursing.subsidy_sums import By
from sidebyside.years import Period
from support.actions.confirming import withdraw_delivery
from support.actions.shortening import shorten_delivery
from support.models import Delivery, Lending
from tests import make
from tests.billing.cases import issue
from tests.reimbursing.cases import ON, lent, state, world

pytestmark = pytest.mark.django_db
FEBRUARY = Period(date(2023, 2, 1), date(2023, 2, 28))
BOTH = Period(date(2022, 4, 1), date(2024, 3, 31))


@pytest.fixture(autouse=True)
def the_world():
    world()


def total(period: Period = BOTH) -> Row:
    found = {by: subsidy(by, period).total for by in By}
    assert len({repr(row) for row in found.values()}) == 1, found
    return found[By.TYPE]


def four_days(sector: str = "academy"):
    champion, academy = lent(), make.school(sector=sector)
    if sector == "academy":
        make.account(academy)
    return [make.delivery(academy, happens_on=date(2023, 2, day), champion=champion) for day in (1, 8, 15, 22)]


def test_m16_e16_four_days_at_an_academy_cost_the_council_half():
    four_days()
    row = total(FEBRUARY)
    assert (row.cost, row.income, row.subsidy, row.brokerage) == (220000, 110000, 110000, 0)
    assert (row.stated, row.to_state, row.charged, row.to_charge) == (0, 220000, 0, 110000)


def test_m16_it_is_the_same_once_the_money_has_been_stated_and_invoiced():
    four_days()
    issue()
    state()
    row = total(FEBRUARY)
    assert (row.stated, row.to_state, row.charged, row.to_charge) == (220000, 0, 110000, 0)
    assert (row.subsidy, row.half_days) == (110000, 8)


def test_m16_what_a_maintained_school_gets_of_the_offer_is_all_subsidy_and_what_it_buys_is_its_own():
    four_days("maintained")
    row = total()
    assert (row.cost, row.income) == (220000, 0)
    make.delivery(make.school(), happens_on=date(2023, 2, 2), champion=lent(), funding="bought")
    row = total()
    assert (row.cost, row.income, row.subsidy) == (275000, 55000, 220000)


def test_m16_the_band_of_the_day_decides_what_the_academy_bears():
    champion, academy = lent(), make.academy()
    for day in (date(2023, 3, 31), date(2023, 4, 1)):
        make.delivery(academy, happens_on=day, champion=champion)
    years = subsidy(By.YEAR, BOTH).rows
    assert [(row.label, row.cost, row.income, row.subsidy) for row in years] == [
        ("2022", 55000, 27500, 27500),
        ("2023", 55000, 55000, 0),
    ]


def test_m16_by_school_trust_and_type_each_day_stands_with_its_own():
    champion, other = lent(), lent(code="SSPC")
    mine, theirs = make.academy(name="Vale Academy"), make.academy(name="Hill Academy")
    trust = make.trust(mine, name="Mill Lane Trust")
    make.delivery(mine, happens_on=date(2023, 2, 1), champion=champion)
    make.delivery(theirs, "SSPC", happens_on=date(2023, 2, 1), champion=other)
    by = {each: [(row.key, row.label, row.cost) for row in subsidy(each, BOTH).rows] for each in By}
    assert by == {
        By.SCHOOL: [(str(mine.pk), "Vale Academy", 55000), (str(theirs.pk), "Hill Academy", 40000)],
        By.TRUST: [(str(trust.pk), "Mill Lane Trust", 55000), ("0", "No trust", 40000)],
        By.TYPE: [("SSLC", "SSLC", 55000), ("SSPC", "SSPC", 40000)],
        By.YEAR: [("2022", "2022", 95000)],
    }


def test_m16_a_schools_own_rate_is_what_its_days_cost():
    days = four_days()
    home = days[0].champion.home_school
    ReimbursementRate.objects.create(
        champion_type=make.champion_type(), school=home, starts_on=date(2023, 2, 10), rate=50000
    )
    assert total().cost == 2 * 55000 + 2 * 50000


def test_m16_a_champions_half_day_at_a_headline_visit_costs_and_the_visit_itself_does_not():
    make.visit(make.school(), date(2023, 2, 1), state="confirmed", champion=lent(), days="0.5")
    make.visit(make.school(), date(2023, 2, 1), state="confirmed")
    assert (total().cost, total().half_days) == (27500, 1)


def test_m16_what_has_no_rate_or_no_home_school_is_counted_and_not_valued():
    champion = four_days()[0].champion
    Lending.objects.filter(champion=champion).update(starts_on=date(2023, 2, 10))
    row = total()
    assert (row.cost, row.unpriced) == (110000, 4)


def test_m16_only_confirmed_days_cost():
    make.delivery(make.academy(), state="delivered", champion=lent())
    assert subsidy(By.SCHOOL, BOTH).rows == ()


def test_m16_what_was_stated_and_is_withdrawn_costs_nothing_from_then_on():
    day = four_days("maintained")[0]
    state()
    withdraw_delivery(day, why="Not so", by=make.user("lead"), on=ON)
    row = total()
    assert (row.stated, row.to_state, row.cost, row.half_days) == (220000, -55000, 165000, 6)
    state()
    assert (total().stated, total().to_state) == (165000, 0)


def test_m16_a_shortened_day_costs_half():
    day = four_days()[0]
    state()
    shorten_delivery(day, half_days=1, why="Half", by=make.user("lead"), on=ON)
    assert (total().cost, total().income, total().subsidy) == (192500, 96250, 96250)


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("count", [1, 12])
def test_the_subsidy_asks_six_times_however_many_days_there_are(by, count):
    for number in range(count):
        make.delivery(make.academy(), happens_on=date(2023, 2, 1 + number), champion=lent())
    with CaptureQueriesContext(connection) as queries:
        subsidy(by, BOTH)
    assert len(queries) == 5


def test_m16_a_champion_who_was_not_there_after_all_costs_nothing():
    visit = make.visit(make.school(), date(2023, 2, 1), state="confirmed", champion=lent(), days="0.5")
    state()
    Delivery.objects.filter(pk=visit.delivery_id).update(champion=None, champion_type=None, half_days=0)
    assert (total().cost, total().half_days) == (0, 0)


def test_m12_m16_what_is_credited_is_no_income_and_what_is_billed_anew_is():
    days = four_days()
    [invoice] = issue()
    line = invoice.lines.get(delivery=days[0])
    credit_invoice(
        invoice, half_days={line.pk: 1}, reason=CreditReason.SHORTER, why="At noon", by=make.user("finance"), on=ON
    )
    row = total()
    assert (row.cost, row.charged, row.to_charge, row.subsidy) == (192500, 96250, 0, 96250)
    other = invoice.lines.get(delivery=days[1])
    credit_invoice(
        invoice, half_days={other.pk: None}, reason=CreditReason.WRONG_PRICE, why="x", by=make.user("finance"), on=ON
    )
    row = total()
    assert (row.charged, row.to_charge, row.income) == (68750, 27500, 96250)
