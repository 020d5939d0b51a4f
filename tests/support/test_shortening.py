"""A day turns out to have been shorter: half days go down with a reason, and count at once (M1, M12, E14)."""

from datetime import date

import pytest

from schools.models import School
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.deliveries import mark_delivered, plan_delivery
from support.actions.shortening import shorten_as_credited, shorten_delivery, take_champion_off, withdraw_as_credited
from support.balances import balances_of
from support.beyond import Answer, Way
from support.models import Adjustment, Delivery
from tests import make
from tests.billing.cases import approve, issue

pytestmark = pytest.mark.django_db
DAY = date(2023, 2, 1)
HALF = {"half_days": 1, "why": "The champion left at noon", "on": DAY}


@pytest.fixture
def lead():
    return make.user("lead")


@pytest.fixture
def school():
    make.offer_2022()
    school = make.school()
    make.categorise(school, "Intervention")
    return school


def sslc(school):
    balance = balances_of(School.objects.filter(pk=school.pk), on=DAY)[school.pk].balance("SSLC")
    return balance.adjustment, balance.used, balance.left


@pytest.mark.parametrize("state", ["delivered", "confirmed"])
def test_m12_a_day_becomes_a_half_with_its_reason_and_both_numbers_in_the_trail(school, lead, state):
    day = make.delivery(school, "SSLC", state=state)
    shorten_delivery(day, **HALF, by=lead)
    assert (day.half_days, day.state) == (1, state)
    event = Event.objects.get(verb="delivery.shortened")
    assert (event.by, event.why, event.school_urn) == (lead, "The champion left at noon", school.pk)
    assert (event.details["former_half_days"], event.details["half_days"]) == (2, 1)


def test_o6_the_entitlement_counts_the_new_length_at_once(school, lead):
    day = make.delivery(school, "SSLC")
    assert sslc(school) == (0, 2, 34)
    shorten_delivery(day, **HALF, by=lead)
    assert sslc(school) == (0, 1, 35)


@pytest.mark.parametrize(
    ("half_days", "says"),
    [(0, "Withdraw it instead"), (2, "in the record with 1 day"), (3, "in the record with 1 day")],
)
def test_m12_it_goes_down_only_and_never_to_nought(school, lead, half_days, says):
    day = make.delivery(school, "SSLC")
    with pytest.raises(Refusal, match=says) as refused:
        shorten_delivery(day, half_days=half_days, why="A mistake", by=lead, on=DAY)
    assert refused.value.field == "half_days"
    assert Delivery.objects.get().half_days == 2


def test_m12_it_needs_a_reason(school, lead):
    with pytest.raises(Refusal, match="Say why"):
        shorten_delivery(make.delivery(school, "SSLC"), half_days=1, why=" ", by=lead, on=DAY)


@pytest.mark.parametrize("state", ["planned", "cancelled"])
def test_m12_only_what_took_place_was_shorter(school, lead, state):
    with pytest.raises(Refusal, match=f"This is {state}: only support that took place"):
        shorten_delivery(make.delivery(school, "SSLC", state=state), **HALF, by=lead)


@pytest.mark.parametrize("role", ["adviser", "champion", "finance", "administrator"])
def test_a1_only_who_answers_for_schools_corrects_it(school, role):
    with pytest.raises(Refusal, match="Only the team leader"):
        shorten_delivery(make.delivery(school, "SSLC"), **HALF, by=make.user(role))


def test_m12_of_two_at_once_the_second_is_refused(school, lead):
    day = make.delivery(school, "SSLC")
    twin = Delivery.objects.get(pk=day.pk)
    shorten_delivery(day, **HALF, by=lead)
    with pytest.raises(Refusal, match=r"in the record with 0\.5 days"):
        shorten_delivery(twin, **HALF, by=lead)
    assert Event.objects.filter(verb="delivery.shortened").count() == 1


def test_o13_room_that_was_made_for_it_is_fitted(school, lead):
    make.rates()
    make.delivery(school, "SSLC", date(2022, 11, 9), days="10")
    make.delivery(school, "SSLC", date(2022, 11, 10), days="8")
    day = plan_delivery(
        school, service=make.service("SSLC"), happens_on=DAY, half_days=2, champion=make.champion("SSLC"), by=lead,
        on=DAY, answer=Answer(Way.ALLOW, why="The head has left"),
    )  # fmt: skip
    mark_delivered(day, by=lead, on=DAY)
    assert sslc(school) == (2, 38, 0)
    shorten_delivery(day, **HALF, by=lead)
    assert (sslc(school), list(Adjustment.objects.order_by("pk").values_list("amount", flat=True))) == (
        (1, 37, 0),
        [2, -2, 1],
    )


class TestOnAnInvoice:
    """M12: what an invoice bills is credited first."""

    @pytest.fixture
    def day(self):
        make.council()
        make.offer_2022()
        make.rates()
        academy = make.academy()
        make.account(academy)
        return make.delivery(academy, "SSLC")

    def test_m13_a_run_that_has_still_to_issue_it_holds_it(self, lead, day):
        run = approve()
        with pytest.raises(Refusal, match="in an invoice run that is being issued"):
            shorten_delivery(day, **HALF, by=lead)
        run.items.update(state="given up", given_up_why="A mistake")
        shorten_delivery(day, **HALF, by=lead)
        assert Delivery.objects.get().half_days == 1

    def test_m12_an_invoice_that_bills_more_than_would_remain_is_credited_first(self, lead, day):
        issue()
        with pytest.raises(Refusal, match=r"An invoice bills 1 day of this\. Ask finance to credit"):
            shorten_delivery(day, **HALF, by=lead)
        with pytest.raises(Refusal, match="Ask finance to credit"):
            shorten_as_credited(day, **HALF, by=lead)
        with pytest.raises(Refusal, match="This is on an invoice, so it stays as it is"):
            withdraw_as_credited(day, why="Not given", by=lead, on=DAY)
        with pytest.raises(Refusal, match="Ask finance to credit"):
            take_champion_off(day, why="Not given", by=lead, on=DAY)
        assert (Delivery.objects.get().half_days, Delivery.objects.get().state) == (2, "confirmed")


def test_m12_what_is_credited_whole_is_withdrawn_with_its_room(school, lead):
    day = make.delivery(school, "SSLC")
    withdraw_as_credited(day, why="It was at another school", by=make.user("finance"), on=DAY)
    assert (day.state, day.cancelled_why, day.cancelled_on) == ("cancelled", "It was at another school", DAY)
    assert Event.objects.get(verb="delivery.withdrawn").why == "It was at another school"
