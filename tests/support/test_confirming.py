"""Confirming, withdrawing and pricing what was delivered (M1, M2, O11, A3)."""

from datetime import date

import pytest
from django.urls import reverse

from schools.models import School
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.adjusting import adjust_allowance
from support.actions.confirming import agree_price, cancel_delivery, confirm_delivery, withdraw_delivery
from support.actions.deliveries import log_delivery, mark_delivered, plan_day
from support.actions.deployments import end_deployment
from support.balances import balances_of
from support.beyond import Answer, Way
from support.models import Adjustment, Delivery
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2023, 2, 1)


@pytest.fixture
def school():
    return make.school()


@pytest.fixture
def delivery(school):
    return make.delivery(school, "SSLC", state="delivered")


def state_of(delivery):
    return Delivery.objects.get(pk=delivery.pk).state


def test_the_supported_head_confirms_without_a_reason(school, delivery):
    head = make.head(school)
    confirm_delivery(delivery, by=head, on=DAY)
    assert (delivery.state, delivery.confirmed_by, delivery.confirmed_on) == ("confirmed", head, DAY)
    assert Event.objects.get().verb == "delivery.confirmed"


def test_another_schools_head_does_not_confirm(delivery):
    with pytest.raises(Refusal, match="Only the supported school"):
        confirm_delivery(delivery, by=make.head(make.school()), on=DAY)
    assert state_of(delivery) == "delivered"


def test_a_broker_confirms_with_a_reason_only(delivery):
    broker = make.user("lead")
    with pytest.raises(Refusal, match="Say why you answer"):
        confirm_delivery(delivery, by=broker, on=DAY)
    confirm_delivery(delivery, by=broker, on=DAY, why="The head wrote to us")
    assert delivery.confirmed_why == "The head wrote to us"


def test_nobody_confirms_what_they_gave_themselves(school):
    head = make.head(school)
    champion = make.champion(user=head)
    mine = make.delivery(school, "SSLC", state="delivered", champion=champion)
    with pytest.raises(Refusal, match="You gave this support yourself"):
        confirm_delivery(mine, by=head, on=DAY)


def test_nobody_confirms_what_they_wrote_down_themselves(school):
    lead, colleague = make.user("lead"), make.user("lead")
    champion = make.champion("SSLC")
    planned = make.delivery(school, "SSLC", DAY, state="planned", champion=champion)
    logged = log_delivery(
        make.deployment(school, champion), happens_on=date(2023, 1, 18), half_days=1, summary="Phonics", by=lead, on=DAY
    )
    for delivery in (mark_delivered(planned, by=lead, on=DAY), logged):
        with pytest.raises(Refusal, match="You recorded this yourself, so somebody else must confirm it"):
            confirm_delivery(delivery, by=lead, on=DAY, why="The head said so")
        confirm_delivery(delivery, by=colleague, on=DAY, why="The head said so")
        assert delivery.confirmed_by == colleague


def test_the_page_offers_its_confirmation_to_others_than_who_recorded_it(signed_in, school, today):
    make.council()
    lead, colleague = make.user("lead"), make.user("lead")
    planned = make.delivery(school, "SSLC", DAY, state="planned")
    mark_delivered(planned, by=lead, on=DAY)
    page, link = reverse("delivery_detail", args=[planned.pk]), reverse("delivery_confirm", args=[planned.pk])
    assert [link in signed_in(each).get(page).content.decode() for each in (lead, colleague)] == [False, True]


def test_who_planned_it_may_confirm_what_somebody_else_recorded(school):
    lead, champion = make.user("lead"), make.champion("SSLC", user=make.user("champion"))
    deployment = make.deployment(school, champion)
    planned = plan_day(deployment, happens_on=DAY, half_days=2, by=lead, on=DAY)
    mark_delivered(planned, by=champion.user, on=DAY)
    confirm_delivery(planned, by=lead, on=DAY, why="The head said so")
    assert planned.confirmed_by == lead


def test_two_people_confirming_at_once_confirm_once(school, delivery):
    twin = Delivery.objects.get(pk=delivery.pk)
    first, second = make.head(school), make.head(school)
    confirm_delivery(delivery, by=first, on=DAY)
    with pytest.raises(Refusal, match="confirmed already"):
        confirm_delivery(twin, by=second, on=DAY)
    assert Delivery.objects.get().confirmed_by == first
    assert Event.objects.count() == 1


@pytest.mark.parametrize("state", ["planned", "cancelled"])
def test_only_what_was_delivered_is_confirmed(school, state):
    delivery = make.delivery(school, "SSLC", state=state)
    with pytest.raises(Refusal, match=f"This is {state} already"):
        confirm_delivery(delivery, by=make.head(school), on=DAY)


def test_a_confirmed_delivery_is_withdrawn_by_the_team_with_a_reason(school):
    delivery = make.delivery(school, "SSLC")
    with pytest.raises(Refusal, match="Say why"):
        withdraw_delivery(delivery, why=" ", by=make.user("lead"), on=DAY)
    withdraw_delivery(delivery, why="It was at another school", by=make.user("lead"), on=DAY)
    assert (delivery.state, Event.objects.get().why) == ("cancelled", "It was at another school")


def test_a_champion_withdraws_an_own_day_until_it_is_confirmed(school):
    champion = make.champion(user=make.user("champion"))
    deployment = make.deployment(school, champion)
    open_day = make.delivery(school, state="delivered", champion=champion, deployment=deployment)
    withdraw_delivery(open_day, why="The wrong date", by=champion.user, on=DAY)
    confirmed = make.delivery(school, happens_on=date(2023, 1, 20), champion=champion, deployment=deployment)
    with pytest.raises(Refusal, match="The school has confirmed this"):
        withdraw_delivery(confirmed, why="The wrong date", by=champion.user, on=DAY)


def test_a_champion_takes_back_no_visit_that_they_attended(school):
    champion = make.champion(user=make.user("champion"))
    visit = make.delivery(school, "HLV", state="planned", days="0.5", champion=champion)
    with pytest.raises(Refusal, match="Only the team"):
        cancel_delivery(visit, why="I cannot come", by=champion.user, on=DAY)


def test_planned_support_is_cancelled_not_withdrawn(school):
    planned = make.delivery(school, "SSLC", state="planned")
    with pytest.raises(Refusal, match="This is planned already"):
        withdraw_delivery(planned, why="Snow", by=make.user("lead"), on=DAY)
    cancel_delivery(planned, why="Snow", by=make.user("lead"), on=DAY)
    assert planned.state == "cancelled"


def test_a_price_is_agreed_with_somebody_on_a_day(school):
    group = make.delivery(make.academy(), "RIG", state="delivered")
    agree_price(group, pence=45000, agreed_with="Ann Lee, head", agreed_on=DAY, by=make.user("lead"))
    assert (group.agreed_price, group.agreed_with, group.agreed_on) == (45000, "Ann Lee, head", DAY)
    with pytest.raises(Refusal, match="with whom"):
        agree_price(group, pence=1, agreed_with="", agreed_on=DAY, by=make.user("lead"))


class TestRoomThatWasMadeForIt:
    """O13: a leader allowed more so that this could be booked; without it nothing more is given."""

    @pytest.fixture
    def lead(self):
        make.offer_2022()
        make.rates()
        return make.user("lead")

    @pytest.fixture
    def planned(self, lead, school):
        """A planned day of which half a day was left."""
        make.categorise(school, "Prevention")
        make.delivery(school, "ABLE", days="8.5", happens_on=date(2022, 11, 9))
        deployment = make.deployment(school, make.champion("SSPC", user=make.user("champion")), made_by=lead)
        answer = Answer(Way.ALLOW, why="The head has left")
        return plan_day(deployment, happens_on=date(2023, 3, 1), half_days=2, by=lead, on=DAY, answer=answer)

    def left(self, school):
        balance = balances_of(School.objects.filter(pk=school.pk), on=DAY)[school.pk].balance("SSPC/ABLE")
        return balance.adjustment, balance.left

    def test_is_taken_back_when_it_is_cancelled(self, lead, school, planned):
        assert self.left(school) == (1, 0)
        cancel_delivery(planned, why="Snow", by=planned.champion.user, on=DAY)
        assert self.left(school) == (0, 1)
        made, back = Adjustment.objects.order_by("pk")
        assert (made.amount, back.amount, back.starts_on, back.ends_on) == (1, -1, made.starts_on, made.ends_on)
        assert (made.delivery, back.delivery, back.allowed_by) == (planned, planned, planned.champion.user)
        assert back.reason == "No longer needed, for this was cancelled: Pupil Champion days, 1 March 2023. Snow"
        event = Event.objects.get(verb="adjustment.taken_back")
        assert (event.why, event.details) == (back.reason, {"service": "SSPC", "amount": -1})

    def test_is_taken_back_when_it_is_withdrawn(self, lead, school, planned):
        mark_delivered(planned, by=lead, on=date(2023, 3, 1))
        withdraw_delivery(planned, why="The champion was ill", by=lead, on=date(2023, 3, 2))
        assert self.left(school) == (0, 1)

    def test_is_taken_back_when_its_deployment_ends(self, lead, school, planned):
        end_deployment(planned.deployment, why="The champion has left", by=lead, on=DAY)
        assert self.left(school) == (0, 1)

    def test_with_a_longer_day_is_taken_back_whole(self, lead, school):
        make.categorise(school, "Prevention")
        make.delivery(school, "ABLE", days="9", happens_on=date(2022, 11, 9))
        deployment = make.deployment(school, make.champion("SSPC"), made_by=lead)
        answer = Answer(Way.ALLOW, why="The head has left")
        day = plan_day(deployment, happens_on=DAY, half_days=1, by=lead, on=DAY, answer=answer)
        mark_delivered(day, half_days=2, by=lead, on=DAY, answer=answer)
        withdraw_delivery(day, why="The wrong school", by=lead, on=DAY)
        assert sorted(Adjustment.objects.values_list("amount", flat=True)) == [-1, -1, 1, 1]
        assert self.left(school) == (0, 0)

    def test_an_adjustment_of_its_own_stays(self, lead, school, planned):
        adjust_allowance(
            school, service=make.service("SSPC"), amount=4, reason="A plan for the way down", by=lead,
            starts_on=DAY, ends_on=date(2023, 8, 31),
        )  # fmt: skip
        cancel_delivery(planned, why="Snow", by=lead, on=DAY)
        assert self.left(school) == (4, 5)

    def test_the_page_says_so_before(self, signed_in, lead, school, planned):
        make.council()
        page = signed_in(lead).get(reverse("delivery_cancel", args=[planned.pk])).content.decode()
        assert "What was allowed for it beyond the offer is taken back: 0.5 days." in page
        other = make.delivery(school, "SSPC", date(2023, 3, 2), state="planned")
        page = signed_in(lead).get(reverse("delivery_withdraw", args=[other.pk])).content.decode()
        assert "taken back" not in page
