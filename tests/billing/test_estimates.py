"""What days would cost a school, before it agrees to them: both sides of 31 March, within and beyond an allowance."""

from datetime import date

import pytest

from billing.estimating import estimate_for
from billing.models import Account, BrokerageRate
from schools.models import School
from support.models import DayRate
from tests import make

pytestmark = pytest.mark.django_db
FIRST, LAST, TODAY = date(2023, 1, 9), date(2023, 7, 21), date(2023, 1, 4)


def estimate(school, code="SSLC", half_days=8, first=FIRST, last=LAST, **rest):
    kind = make.champion_type(code)
    return estimate_for(
        school, champion_type=kind, half_days=half_days, starts_on=first, ends_on=last, on=TODAY, **rest
    )


@pytest.fixture
def academy():
    make.rates()
    make.offer_2022()
    school = make.academy()
    make.account(school)
    return school


def test_m4_an_academy_sees_both_sides_of_31_march(academy):
    found = estimate(academy)
    assert found.sentences == (
        "Up to 31 March 2023: £275.00 a day (50% of £550.00 a day: charge band from 1 April 2022, SSLC day rate from "
        "1 September 2019). If all 4 days fall then: £1,100.00 and £220.00 VAT (20%), £1,320.00 in all.",
        "From 1 April 2023: £550.00 a day (100% of £550.00 a day: charge band from 1 April 2023, SSLC day rate from "
        "1 September 2019). If all 4 days fall then: £2,200.00 and £440.00 VAT (20%), £2,640.00 in all.",
        "However the days fall, it costs £1,320.00 to £2,640.00 in all.",
    )
    assert (found.least, found.most) == (132000, 264000)


def test_m3_on_one_side_of_31_march_there_is_one_price(academy):
    found = estimate(academy, half_days=3, last=date(2023, 3, 31))
    assert found.sentences == (
        "£275.00 a day (50% of £550.00 a day: charge band from 1 April 2022, SSLC day rate from 1 September 2019). "
        "For all 1.5 days: £412.50 and £82.50 VAT (20%), £495.00 in all.",
    )
    assert (found.least, found.most) == (49500, 49500)


def test_m13_the_same_price_on_both_sides_is_still_cut_at_31_march(academy):
    found = estimate(academy, first=date(2024, 1, 8), last=date(2024, 5, 1))
    assert [sentence.partition(":")[0] for sentence in found.sentences] == ["Up to 31 March 2024", "From 1 April 2024"]
    assert (found.least, found.most) == (264000, 264000)


def test_m3_a_new_day_rate_within_the_dates_is_a_stretch_of_its_own(academy):
    DayRate.objects.create(champion_type=make.champion_type(), starts_on=date(2023, 6, 1), rate=60000)
    found = estimate(academy, half_days=2)
    labels = [sentence.partition(":")[0] for sentence in found.sentences[:-1]]
    assert labels == ["Up to 31 March 2023", "From 1 April 2023 to 31 May 2023", "From 1 June 2023"]
    assert (found.least, found.most) == (33000, 72000)


def test_m3_before_there_was_a_charge_it_says_nothing_to_pay(academy):
    found = estimate(academy, first=date(2022, 1, 10), last=date(2022, 3, 31))
    assert found.sentences == ("Nothing to pay. Charge band of 10 January 2022: 0%, nothing to pay.",)
    assert (found.least, found.most) == (0, 0)


def test_m5_brokerage_is_in_the_price_once_it_has_a_rate(academy):
    BrokerageRate.objects.create(starts_on=date(2020, 4, 1), percent=10)
    assert estimate(academy, half_days=2, last=date(2023, 3, 31)).most == 36300


def test_m7_each_day_is_rounded_for_itself(academy):
    DayRate.objects.create(champion_type=make.champion_type(), starts_on=date(2099, 9, 1), rate=33333)
    found = estimate(academy, half_days=3, first=date(2099, 9, 2), last=date(2099, 12, 1))
    assert found.least == (33333 + 16667) + 10000  # 166.665 is a penny more, and VAT of 20% on the sum


def test_m8_without_an_account_no_vat_is_said(academy):
    Account.objects.all().delete()
    found = estimate(School.objects.get(), half_days=2, last=date(2023, 3, 31))
    assert found.sentences[1] == "No account says yet who pays for this school, so no VAT is in these amounts."
    assert found.most == 27500


def test_without_a_rate_the_price_is_not_known(academy):
    found = estimate(academy, first=date(2018, 9, 3), last=date(2018, 12, 1))
    assert found.sentences == ("The price: not known yet. No day rate for SSLC on 3 September 2018.",)
    assert (found.least, found.most) == (None, None)


class TestMaintained:
    """O13: nothing within the allowance, list price by journal beyond it."""

    @pytest.fixture
    def school(self):
        make.rates()
        make.offer_2022()
        school = make.school()
        make.categorise(school, "Prevention")
        return school

    def test_nothing_within_the_allowance(self, school):
        found = estimate(school, "SSPC", half_days=18)
        assert found.sentences == ("Nothing to pay: 9 days are within your allowance of Pupil Champion and ABLE days.",)
        assert (found.least, found.most) == (0, 0)

    def test_what_goes_beyond_is_at_list_price(self, school):
        make.delivery(school, "ABLE", date(2022, 11, 9), "3")
        found = estimate(school, "SSPC", half_days=16)
        assert found.sentences == (
            "Nothing to pay for 6 days, within your allowance of Pupil Champion and ABLE days. 2 days go beyond it: if "
            "they are used and nobody allows more, the school buys them at list price, by journal and without VAT.",
            "Up to 31 March 2023: £400.00 a day (SSPC day rate of £400.00 from 1 September 2019). If all 2 days fall "
            "then: £800.00.",
            "From 1 April 2023: £400.00 a day (SSPC day rate of £400.00 from 1 September 2019). If all 2 days fall "
            "then: £800.00.",
        )
        assert (found.least, found.most) == (0, 80000)

    def test_what_other_deployments_have_promised_is_not_there_twice(self, school):
        make.deployment(school, make.champion("ABLE"), half_days_agreed=14)
        found = estimate(school, "SSPC", half_days=8)
        assert found.sentences[0].startswith(
            "Nothing to pay for 2 days, within your allowance of Pupil Champion and ABLE days. 7 days of it are "
            "promised to other deployments. 2 days go beyond it"
        )

    def test_other_terms_for_a_deployment_do_not_count_it_twice(self, school):
        deployment = make.deployment(school, make.champion("SSPC"), half_days_agreed=16)
        make.delivery(school, "SSPC", date(2022, 11, 9), champion=deployment.champion, deployment=deployment)
        assert estimate(school, "SSPC", half_days=18, instead_of=deployment).most == 0
        assert estimate(school, "SSPC", half_days=4).most == 40000

    def test_a_category_that_gives_none_leaves_all_to_be_bought(self, school):
        found = estimate(school, "SSLC", half_days=2, last=date(2023, 3, 31))
        assert found.sentences[0].startswith("Nothing is left within your allowance")
        assert found.most == 55000
