"""A school that is silent is reminded once; from then on the broker may confirm, with a reason (M1)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from sidebyside.mail.models import Dispatch
from sidebyside.refusals import Refusal
from support.actions.confirming import confirm_delivery
from support.actions.deliveries import log_delivery
from support.actions.disputing import dispute_delivery
from support.models import ConfirmationReminder, Delivery
from support.silence import remind_of_unconfirmed
from tests import make

pytestmark = pytest.mark.django_db
LOGGED = date(2023, 3, 6)  # a Monday
DUE = date(2023, 3, 20)  # ten working days later


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
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
def deployment(school):
    return make.deployment(school, make.champion("SSPC", name="Jo Marsh", user=make.user("champion")))


def log(deployment, happens_on=LOGGED, on=LOGGED):
    by = deployment.champion.user
    return log_delivery(deployment, happens_on=happens_on, half_days=1, summary="Phonics", by=by, on=on)


def sweep(day: date) -> int:
    return remind_of_unconfirmed(now=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def test_a_day_that_nobody_answers_is_reminded_of_after_ten_working_days(head, deployment):
    day = log(deployment)
    assert [sweep(DUE - timedelta(days=days)) for days in (3, 2, 1)] == [0, 0, 0]  # no mail on a weekend
    assert sweep(DUE) == 1
    reminder = ConfirmationReminder.objects.get()
    assert (reminder.delivery, reminder.reminded_on, reminder.mail.to) == (day, DUE, [head.email])
    assert reminder.mail.subject == "Please confirm 1 day of support at Vale School"
    assert ("Monday 6 March 2023: Jo Marsh" in reminder.mail.body, "Phonics" in reminder.mail.body) == (True, False)


def test_it_is_reminded_of_once_however_often_the_sweep_runs(head, deployment):
    log(deployment)
    assert [sweep(DUE + timedelta(days=days)) for days in (0, 0, 1, 30)] == [1, 0, 0, 0]
    assert Dispatch.objects.count() == 1


def test_one_mail_names_all_the_days_of_a_school(head, deployment):
    for day in (1, 2, 3):
        log(deployment, date(2023, 3, day))
    assert sweep(DUE) == 3
    assert Dispatch.objects.get().subject == "Please confirm 3 days of support at Vale School"
    log(deployment, date(2023, 3, 7), on=date(2023, 3, 7))
    assert sweep(DUE + timedelta(days=1)) == 1
    assert Dispatch.objects.count() == 2


def test_the_days_count_from_when_it_was_logged_where_that_was_later(head, deployment):
    log(deployment, date(2023, 2, 1), on=LOGGED)
    assert [sweep(DUE - timedelta(days=3)), sweep(DUE)] == [0, 1]


def test_the_number_of_days_is_a_setting(head, deployment, council):
    council.silent_after_days = 1
    council.save()
    log(deployment)
    assert sweep(date(2023, 3, 7)) == 1


def test_confirmed_disputed_visits_and_meetings_are_not_reminded_of(school, head, deployment):
    confirm_delivery(log(deployment), by=head, on=LOGGED)
    dispute_delivery(log(deployment, date(2023, 3, 3)), reason="It was another day", by=head, on=LOGGED)
    make.delivery(school, "HLV", date(2023, 1, 11), state="delivered", champion=deployment.champion)
    make.delivery(school, "RIG", date(2023, 1, 12), state="delivered")
    assert sweep(DUE) == 0


def test_where_nobody_signs_in_there_is_no_mail_and_the_broker_may(deployment):
    log(deployment)
    assert (sweep(DUE), Dispatch.objects.count()) == (1, 0)
    assert ConfirmationReminder.objects.get().mail is None


def test_people_of_the_school_today_get_the_mail_and_nobody_who_has_left(school, head, deployment):
    gone = make.head(school)
    gone.memberships.update(ended_on=date(2023, 3, 1))
    make.head(school, is_active=False)
    deputy = make.head(school)
    log(deployment)
    sweep(DUE)
    assert Dispatch.objects.get().to == sorted([head.email, deputy.email])


def test_nothing_due_costs_one_query(deployment, django_assert_num_queries):
    log(deployment)
    sweep(LOGGED)
    with django_assert_num_queries(1):
        assert sweep(LOGGED) == 0


def test_what_breaks_at_one_school_stops_no_other(head, deployment):
    """A mail with this key is there: the row is refused, and the other school is reminded all the same."""
    broken = log(deployment)
    Dispatch.objects.create(key=f"confirmation-reminder-{broken.pk}", to=["x@y.example"], subject="x", body="x")
    other = make.school()
    make.categorise(other, "Prevention")
    fine = log(make.deployment(other, make.champion("SSPC", user=make.user("champion"))))
    assert sweep(DUE) == 1
    assert ConfirmationReminder.objects.get().delivery == fine


class TestTheBroker:
    def test_m1_does_not_confirm_before_the_school_was_reminded(self, head, deployment):
        day = log(deployment)
        with pytest.raises(Refusal, match="reminded by mail on 20 March 2023, and from then on you may"):
            confirm_delivery(day, by=make.user("lead"), on=date(2023, 3, 8), why="It is late")
        assert Delivery.objects.get().state == "delivered"

    def test_m1_confirms_with_a_reason_from_then_on(self, head, deployment):
        day, lead = log(deployment), make.user("lead")
        sweep(DUE)
        with pytest.raises(Refusal, match="Say why"):
            confirm_delivery(day, by=lead, on=DUE)
        confirm_delivery(day, by=lead, on=DUE, why="No answer, and the visitors’ book names her")
        assert (day.state, day.confirmed_by) == ("confirmed", lead)

    def test_confirms_at_once_where_nobody_signs_in(self, deployment):
        day = log(deployment)
        confirm_delivery(day, by=make.user("lead"), on=LOGGED, why="By telephone")
        assert day.state == "confirmed"

    @pytest.mark.parametrize("code", ["HLV", "RIG"])
    def test_waits_for_no_reminder_of_a_visit_or_a_meeting(self, school, head, code):
        delivery = make.delivery(school, code, LOGGED, state="delivered")
        confirm_delivery(delivery, by=make.user("lead"), on=LOGGED, why="By telephone")
        assert delivery.state == "confirmed"

    def test_reads_on_the_page_from_when_on(self, signed_in, head, deployment):
        day = log(deployment)
        page = signed_in("lead").get(reverse("delivery_confirm", args=[day.pk])).content.decode()
        assert "Vale School can still answer." in page
