"""What the support of an academy cost, and why: its page (O14, A2)."""

from datetime import date

import pytest
from django.urls import reverse

from billing.costs import costs_of, sums_of
from billing.issuing import issue_due_items
from sidebyside.years import AcademicYear, Period
from support.models import DayRate
from tests import make
from tests.billing.cases import approve, issue, noon

pytestmark = pytest.mark.django_db
YEAR = AcademicYear(2022)


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
    make.rates()
    return make.council()


@pytest.fixture
def academy():
    made = make.academy(name="Vale Academy")
    make.account(made)
    return made


def deliver(academy, *days, code="SSPC", **rest):
    champion = make.champion(code)
    return [make.delivery(academy, code, day, champion=champion, **rest) for day in days]


def url(school) -> str:
    return f"{reverse('school_costs', args=[school.urn])}?year=2022-23"


def test_o14_each_piece_of_support_has_its_price_its_reason_and_its_invoice(academy):
    deliver(academy, date(2023, 3, 8), date(2023, 4, 19))
    issue(Period(date(2023, 3, 1), date(2023, 3, 31)), on=date(2023, 4, 3))
    make.delivery(academy, "OFSTED", date(2023, 5, 3))
    deliver(academy, date(2023, 6, 7), state="delivered")
    costs = costs_of(academy, YEAR, user=make.user("finance"))
    assert [(cost.status, cost.net, cost.invoice) for cost in costs] == [
        ("Invoiced", 20000, "SBS2324-00001"),
        ("To be invoiced", 40000, ""),
        ("Nothing to pay", 0, ""),
        ("Held back", 40000, ""),
    ]
    assert [line.reason for line in costs[0].lines] == [
        "50% of £400.00 a day: charge band from 1 April 2022, SSPC day rate from 1 September 2019"
    ]
    assert (costs[2].why, costs[3].why) == ("Offer 2022/23: free to academies.", "The school has not confirmed it yet.")


def test_m4_the_sums_stand_by_financial_year_and_charge_band(academy):
    deliver(academy, date(2023, 3, 8), date(2023, 3, 9), date(2023, 4, 19))
    issue(Period(date(2023, 3, 1), date(2023, 3, 31)), on=date(2023, 4, 3))
    sums = sums_of(costs_of(academy, YEAR, user=make.user("finance")))
    assert [(str(each.financial_year), each.percent, each.half_days, each.net, each.invoiced) for each in sums] == [
        ("2022/23", 50, 4, 40000, 40000),
        ("2023/24", 100, 2, 40000, 0),
    ]


def test_m11_what_was_approved_is_shown_as_it_was_approved(academy):
    deliver(academy, date(2023, 3, 8))
    approve()
    DayRate.objects.create(champion_type=make.champion_type("SSPC"), starts_on=date(2023, 3, 1), rate=99900)
    before = costs_of(academy, YEAR, user=make.user("finance"))
    issue_due_items(now=noon(date(2023, 9, 4)))
    after = costs_of(academy, YEAR, user=make.user("finance"))
    assert [(cost.status, cost.net) for cost in (*before, *after)] == [("Approved", 20000), ("Invoiced", 20000)]


def test_m2_a_maintained_school_pays_nothing_within_its_allowance():
    school = make.school()
    make.delivery(school, "SSPC", date(2023, 3, 8))
    cost = costs_of(school, YEAR, user=make.user("finance"))[0]
    assert (cost.status, cost.why) == ("Nothing to pay", "Within the offer to maintained schools: nothing to pay.")


def test_other_years_are_other_pages(academy, signed_in):
    deliver(academy, date(2022, 8, 31), date(2023, 3, 8))
    client = signed_in("finance")
    shown = client.get(url(academy)).content.decode()
    assert ("8 Mar 2023" in shown, "31 Aug 2022" in shown) == (True, False)
    assert client.get(reverse("school_costs", args=[academy.urn]), {"year": "x"}).status_code == 404


def test_a_year_without_support_says_so(academy, signed_in):
    assert "No support was delivered in this year." in signed_in("finance").get(url(academy)).content.decode()


def test_the_entitlement_page_leads_to_it(academy, signed_in):
    page = signed_in(make.head(academy)).get(reverse("school_entitlement", args=[academy.urn]), {"on": "2023-03-08"})
    assert f'href="{url(academy)}"' in page.content.decode()


@pytest.mark.parametrize(("role", "may"), [("finance", True), ("auditor", True), ("adviser", False), ("lead", False)])
def test_the_tab_of_costs_stands_where_the_page_opens(academy, signed_in, role, may):
    page = signed_in(role).get(reverse("school_detail", args=[academy.urn])).content.decode()
    assert (f'href="{reverse("school_costs", args=[academy.urn])}"' in page) is may


def test_the_tab_of_costs_is_the_current_one_on_its_page(academy, signed_in):
    page = signed_in(make.head(academy)).get(url(academy)).content.decode()
    tab = f'<a class="govuk-link ss-tabs__link" href="{reverse("school_costs", args=[academy.urn])}"'
    assert f'{tab} aria-current="page">Costs</a>' in page


def test_a1_a_head_sees_the_costs_of_the_own_school_and_of_no_other(academy, signed_in):
    other = make.academy()
    client = signed_in(make.head(academy))
    assert client.get(url(academy)).status_code == 200
    assert client.get(url(other)).status_code == 404
    assert client.get(reverse("school_costs", args=[999999])).status_code == 404


def test_a1_a_head_reads_the_number_of_the_trusts_invoice_and_cannot_open_it(signed_in):
    academy = make.academy()
    trust = make.trust(academy)
    make.account(trust)
    deliver(academy, date(2023, 3, 8))
    invoice = issue()[0]
    link = f'href="{invoice.get_absolute_url()}"'
    shown = signed_in(make.head(academy)).get(url(academy)).content.decode()
    assert (invoice.number in shown, link in shown) == (True, False)
    assert link in signed_in(make.trust_officer(trust)).get(url(academy)).content.decode()


def test_a_head_confirms_what_waits_and_is_told_who_cures_the_rest(signed_in):
    academy = make.academy()
    first = deliver(academy, date(2023, 3, 8), state="delivered")[0]
    client = signed_in(make.head(academy))
    deliver(academy, date(2023, 3, 9))
    shown = client.get(url(academy)).content.decode()
    assert f'href="{reverse("delivery_confirm", args=[first.pk])}"' in shown
    assert ("Finance completes the account" in shown, reverse("account_new") in shown) == (True, False)


@pytest.mark.parametrize("role", ["adviser", "lead", "champion"])
def test_who_has_no_business_with_money_is_refused(academy, signed_in, role):
    assert signed_in(role).get(url(academy)).status_code == 403


def test_the_page_takes_the_same_queries_for_one_delivery_and_for_many(academy, signed_in, django_assert_num_queries):
    client = signed_in(make.head(academy))
    for month in (1, 2):
        days = [date(2023, month, day) for day in range(2, 2 + 4 ** (month - 1))]
        deliver(academy, *days)
        issue(Period(date(2023, month, 1), date(2023, month, 28)), on=date(2023, month, 28))
        deliver(academy, *[date(2023, month + 4, day.day) for day in days])
        client.get(url(academy))
        with django_assert_num_queries(8):
            client.get(url(academy))
