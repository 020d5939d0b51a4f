"""A school disputes a day, and the broker settles it: it stands, it was shorter, it did not take place (M1)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from sidebyside.audit.models import Event
from sidebyside.mail.models import Dispatch
from sidebyside.refusals import Refusal
from support.actions.confirming import confirm_delivery, withdraw_delivery
from support.actions.deliveries import log_delivery
from support.actions.disputing import dispute_delivery, resolve_dispute
from support.models import Delivery, Dispute
from tests import make

pytestmark = pytest.mark.django_db
DAY, NEXT, LATER = date(2023, 1, 18), date(2023, 1, 19), date(2023, 1, 25)
REASON, WORD = "It was only a morning", "Both agree that it was a morning"


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
    make.rates()
    return make.council()


@pytest.fixture
def school():
    school = make.school(name="Vale School")
    make.categorise(school, "Prevention")
    return school


@pytest.fixture
def head(school):
    return make.head(school)


@pytest.fixture
def day(school):
    champion = make.champion("SSPC", name="Jo Marsh", user=make.user("champion"))
    deployment = make.deployment(school, champion)
    return log_delivery(deployment, happens_on=DAY, half_days=2, summary="Phonics", by=champion.user, on=DAY)


@pytest.fixture
def dispute(day, head):
    return dispute_delivery(day, reason=REASON, by=head, on=NEXT)


def settle(dispute, outcome, **rest):
    values = {"resolution": WORD, "by": make.user("lead"), "on": LATER}
    return resolve_dispute(dispute, outcome=outcome, **values | rest)


def told(subject: str) -> list[list[str]]:
    return [mail.to for mail in Dispatch.objects.filter(subject__startswith=subject).order_by("pk")]


def test_m1_what_is_disputed_stays_as_it_is_and_waits(dispute, day, head, council):
    day.refresh_from_db()
    assert (day.state, dispute.reason, dispute.raised_by, dispute.raised_on) == ("delivered", REASON, head, NEXT)
    assert list(Delivery.objects.disputed()) == [day]
    assert told("Disputed") == [[council.email]]
    assert Event.objects.get(verb="dispute.raised").by == head


def test_the_mail_says_who_and_when_and_not_the_reason(dispute):
    mail = Dispatch.objects.get(subject__startswith="Disputed")
    assert (REASON in mail.body, "Phonics" in mail.body, "Jo Marsh" in mail.body) == (False, False, True)
    assert reverse("dispute_resolve", args=[dispute.pk]) in mail.body


def test_only_the_supported_school_disputes_with_a_reason(day, head):
    for stranger in (make.head(make.school()), make.user("lead"), day.champion.user):
        with pytest.raises(Refusal, match="Only the supported school"):
            dispute_delivery(day, reason=REASON, by=stranger, on=NEXT)
    with pytest.raises(Refusal, match="Say what is wrong"):
        dispute_delivery(day, reason=" ", by=head, on=NEXT)
    assert not Dispute.objects.exists()


def test_it_is_disputed_once_at_a_time(dispute, day, head):
    with pytest.raises(Refusal, match="disputed already"):
        dispute_delivery(day, reason="Again", by=head, on=LATER)
    values = {"delivery": day, "reason": "x", "raised_by": head, "raised_on": NEXT}
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.create(**values)


def test_what_is_confirmed_is_not_disputed(day, head):
    confirm_delivery(day, by=head, on=NEXT)
    with pytest.raises(Refusal, match="confirmed already"):
        dispute_delivery(day, reason=REASON, by=head, on=NEXT)


def test_m1_no_broker_confirms_past_an_open_dispute(dispute, day):
    with pytest.raises(Refusal, match="The school disputes this"):
        confirm_delivery(day, by=make.user("lead"), on=LATER, why="I think it did")


def test_a_head_takes_it_back_by_confirming(dispute, day, head):
    confirm_delivery(day, by=head, on=LATER)
    dispute.refresh_from_db()
    assert (day.state, dispute.outcome, dispute.resolved_by) == ("confirmed", "stands", head)


def test_it_stands_and_is_confirmed_with_the_reason(dispute, day, head):
    settled = settle(dispute, "stands")
    day.refresh_from_db()
    assert (settled.outcome, settled.resolution, settled.resolved_on) == ("stands", WORD, LATER)
    assert (day.state, day.half_days, day.confirmed_why) == ("confirmed", 2, WORD)
    assert sorted(told("Settled")) == sorted([[head.email], [day.champion.user.email]])


def test_it_was_shorter_and_is_confirmed(dispute, day):
    settle(dispute, "shortened", half_days=1)
    day.refresh_from_db()
    assert (day.state, day.half_days) == ("confirmed", 1)
    assert Event.objects.get(verb="delivery.shortened").why == WORD


def test_it_did_not_take_place_and_is_cancelled(dispute, day):
    settle(dispute, "withdrawn")
    day.refresh_from_db()
    assert (day.state, day.cancelled_why, day.cancelled_on) == ("cancelled", WORD, LATER)


def test_shorter_than_nothing_is_refused_and_changes_nothing(dispute, day):
    for half_days in (None, 2):
        with pytest.raises(Refusal):
            settle(dispute, "shortened", half_days=half_days)
    day.refresh_from_db()
    assert (day.state, day.half_days, Dispute.objects.open().count()) == ("delivered", 2, 1)


def test_it_is_settled_once_by_a_leader_with_a_word(dispute):
    with pytest.raises(Refusal, match="Say how you settled it"):
        settle(dispute, "stands", resolution="")
    for role in ("adviser", "finance"):
        with pytest.raises(Refusal, match="Only the team leader"):
            settle(dispute, "stands", by=make.user(role))
    settle(dispute, "stands")
    with pytest.raises(Refusal, match="already"):
        settle(dispute, "withdrawn")


def test_m1_who_recorded_it_does_not_settle_it(school, head):
    lead = make.user("lead")
    deployment = make.deployment(school, make.champion("SSPC"))
    day = log_delivery(deployment, happens_on=DAY, half_days=2, summary="Phonics", by=lead, on=DAY)
    dispute = dispute_delivery(day, reason=REASON, by=head, on=NEXT)
    with pytest.raises(Refusal, match="a colleague must settle it"):
        settle(dispute, "stands", by=lead)


def test_a_champion_who_withdraws_the_day_settles_it(dispute, day):
    withdraw_delivery(day, why="It was another day", by=day.champion.user, on=LATER)
    dispute.refresh_from_db()
    assert (dispute.outcome, dispute.resolution) == ("withdrawn", "It was another day")


class TestPages:
    def test_a_leader_settles_it_on_a_page_that_says_both_sides(self, signed_in, dispute, day):
        client, url = signed_in("lead"), reverse("dispute_resolve", args=[dispute.pk])
        page = client.get(url).content.decode()
        assert (REASON in page, "Phonics" in page) == (True, True)
        asked = client.post(url, {"outcome": "shortened", "resolution": WORD}).content.decode()
        assert "Say how long it was" in asked
        answer = client.post(url, {"outcome": "shortened", "half_days": "1", "resolution": WORD})
        assert answer.url == reverse("delivery_detail", args=[day.pk])
        assert WORD in client.get(answer.url).content.decode()
        assert client.get(url).status_code == 302

    @pytest.mark.parametrize("who", ["head", "champion"])
    def test_both_sides_read_it_on_the_page_of_the_day(self, signed_in, dispute, day, head, who):
        settle(dispute, "stands")
        client = signed_in(head if who == "head" else day.champion.user)
        page = client.get(reverse("delivery_detail", args=[day.pk])).content.decode()
        assert (REASON in page, WORD in page) == (True, True)

    def test_half_a_day_cannot_have_been_shorter(self, signed_in, day, head):
        Delivery.objects.filter(pk=day.pk).update(half_days=1)
        dispute = dispute_delivery(day, reason=REASON, by=head, on=NEXT)
        form = signed_in("lead").get(reverse("dispute_resolve", args=[dispute.pk])).context["form"]
        assert [value for value, _ in form.fields["outcome"].choices] == ["stands", "withdrawn"]

    def test_the_list_shows_what_is_disputed_and_only_that_on_request(self, signed_in, dispute, day, school):
        other = make.delivery(school, "ABLE", state="delivered")
        client, url = signed_in("lead"), reverse("confirmation_list")
        assert list(client.get(url).context["page"]) == [day, other]
        page = client.get(url, {"disputed": "yes"})
        assert list(page.context["page"]) == [day]
        assert reverse("dispute_resolve", args=[dispute.pk]) in page.content.decode()


class TestConfirmingSeveral:
    @pytest.fixture
    def days(self, school):
        return [make.delivery(school, "SSPC", date(2023, 2, day), state="delivered") for day in (1, 2, 3)]

    def test_a_head_confirms_all_that_is_chosen_on_a_page_of_its_own(self, signed_in, head, days):
        client, url = signed_in(head), reverse("deliveries_confirm")
        chosen = {"chosen": [days[0].pk, days[1].pk]}
        page = client.get(url, chosen).content.decode()
        assert ("Confirm these 2?" in page, "1 February 2023" in page, "3 February 2023" in page) == (True, True, False)
        assert client.post(url, chosen).url == reverse("confirmation_list")
        assert sorted(Delivery.objects.confirmed().values_list("pk", flat=True)) == [days[0].pk, days[1].pk]

    def test_a_second_press_is_told_and_changes_nothing(self, signed_in, head, days):
        client, url = signed_in(head), reverse("deliveries_confirm")
        for _ in range(2):
            answer = client.post(url, {"chosen": [days[0].pk]})
        assert answer.url == reverse("confirmation_list")
        assert Event.objects.filter(verb="delivery.confirmed").count() == 1

    def test_what_is_another_schools_or_disputed_or_no_number_is_left_out(self, signed_in, head, days, dispute):
        foreign = make.delivery(make.school(), "SSPC", state="delivered")
        chosen = [foreign.pk, dispute.delivery_id, "x", "9" * 30, days[2].pk]
        signed_in(head).post(reverse("deliveries_confirm"), {"chosen": chosen})
        assert list(Delivery.objects.confirmed()) == [days[2]]

    def test_one_that_the_head_gave_stops_all(self, signed_in, school, head, days):
        own = make.delivery(school, "SSPC", state="delivered", champion=make.champion("SSPC", user=head))
        page = signed_in(head).post(reverse("deliveries_confirm"), {"chosen": [days[0].pk, own.pk]})
        assert "You gave this support yourself" in page.content.decode()
        assert not Delivery.objects.confirmed().exists()

    def test_the_team_confirms_nothing_there(self, signed_in, days):
        assert signed_in("lead").post(reverse("deliveries_confirm"), {"chosen": [days[0].pk]}).status_code == 302
        assert not Delivery.objects.confirmed().exists()

    @pytest.mark.parametrize("count", [1, 40])
    def test_prices_take_the_same_queries_for_one_and_for_many(self, signed_in, count, django_assert_num_queries):
        academy, champion = make.academy(), make.champion("SSPC")
        days = [make.delivery(academy, "SSPC", state="delivered", champion=champion).pk for _ in range(count)]
        client, url = signed_in(make.head(academy)), reverse("deliveries_confirm")
        client.get(url, {"chosen": days})
        with django_assert_num_queries(4):
            page = client.get(url, {"chosen": days}).content.decode()
        assert page.count("The day rate is £400.00.") == count
