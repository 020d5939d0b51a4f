"""Two people decide the same thing at the same moment: one does, the other is told."""

from datetime import date

import pytest

from sidebyside.audit.models import Event
from support.models import ConfirmationReminder, Delivery, Dispute
from tests import make
from tests.processes.crowd import crowd

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_two_heads_who_confirm_the_same_day_confirm_it_once():
    school = make.school()
    people = [make.head(school).pk for _ in range(2)]
    delivery = make.delivery(school, "SSPC", state="delivered")
    said = crowd(2, "confirm", people=people, delivery=delivery.pk)
    assert said.count("confirmed") == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.confirmed_by_id in people) == ("confirmed", True)
    assert Event.objects.filter(verb="delivery.confirmed").count() == 1


@pytest.fixture
def last_half_day() -> dict[str, object]:
    """A school in Prevention with half a day left of its nine, and two champions who come on one day (O5)."""
    make.council()
    make.offer_2022()
    school = make.school()
    make.categorise(school, "Prevention")
    champions = [make.champion("SSPC"), make.champion("ABLE")]
    for number in range(8):
        make.delivery(school, "SSPC", date(2022, 10, 3 + number), champion=champions[0])
    make.delivery(school, "SSPC", date(2022, 11, 7), days="0.5", champion=champions[0])
    deployments = [make.deployment(school, champion).pk for champion in champions]
    return {"deployments": deployments, "by": make.user("lead").pk}


def half_days_used() -> int:
    return sum(Delivery.objects.counting().values_list("half_days", flat=True))


def test_of_two_bookings_of_the_last_half_day_one_is_asked_what_should_happen(last_half_day):
    said = crowd(2, "book", **last_half_day)
    assert said.count("booked") == 1
    assert half_days_used() == 18


def test_without_the_guard_both_take_the_last_half_day(last_half_day):
    assert crowd(2, "book_without_a_guard", **last_half_day) == ["booked", "booked"]
    assert half_days_used() == 19


@pytest.fixture
def one_champion() -> dict[str, object]:
    """A champion who is deployed at two schools, and somebody who books for both."""
    make.council()
    make.offer_2022()
    champion = make.champion("SSPC")
    deployments = []
    for _ in range(2):
        school = make.school()
        make.categorise(school, "Prevention")
        deployments.append(make.deployment(school, champion).pk)
    return {"deployments": deployments, "by": make.user("lead").pk}


def test_of_two_schools_that_book_a_champion_on_one_date_one_gets_the_day(one_champion):
    said = crowd(2, "book_twice", **one_champion)
    assert said.count("booked") == 1
    assert half_days_used() == 2


def test_without_the_guard_both_get_the_day(one_champion):
    assert crowd(2, "book_twice_without_a_guard", **one_champion) == ["booked", "booked"]
    assert half_days_used() == 4


def test_a_day_is_confirmed_or_disputed_and_never_both():
    make.council()
    school = make.school()
    people = [make.head(school).pk for _ in range(2)]
    delivery = make.delivery(school, "SSPC", state="delivered")
    said = crowd(2, "dispute", people=people, delivery=delivery.pk)
    delivery.refresh_from_db()
    is_disputed = Dispute.objects.open().exists()
    assert (delivery.state == "confirmed", is_disputed) in [(True, False), (False, True)], said


def test_a_broker_who_confirms_while_the_school_disputes_does_not_pass_the_dispute_by():
    """The school was reminded, so that the broker may answer (M1)."""
    make.council()
    school = make.school()
    delivery = make.delivery(school, "SSPC", state="delivered")
    people = [make.head(school).pk, make.user("lead").pk]
    ConfirmationReminder.objects.create(delivery=delivery, reminded_on=date(2023, 2, 1))
    said = crowd(2, "dispute_while_confirmed", people=people, delivery=delivery.pk)
    sentence = "The school disputes this. Settle the dispute instead: it leads to the same page."
    delivery.refresh_from_db()
    assert (sorted(said), delivery.state) == (sorted(["disputed", sentence]), "delivered")
    assert Dispute.objects.open().count() == 1
