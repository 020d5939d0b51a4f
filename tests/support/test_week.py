"""The past week at once: saved all together, each error at its day (O13, M1)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sidebyside.years import AcademicYear
from support.actions.deliveries import plan_day
from support.actions.weekly import DayDone, WeekRefused, log_week
from support.models import Delivery
from support.week import week_of
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture(autouse=True)
def world(today):
    make.council()
    for start in {AcademicYear.containing(today).start, AcademicYear.containing(today - timedelta(days=6)).start}:
        make.offer(start)


@pytest.fixture
def champion():
    return make.champion("SSPC", name="Jo Marsh", user=make.user("champion"))


def agree(champion, today, name="Vale School"):
    school = make.school(name=name)
    make.categorise(school, "Intervention", date(2022, 9, 1))
    dates = {"starts_on": today - timedelta(days=60), "ends_on": today + timedelta(days=60)}
    return make.deployment(school, champion, **dates)


@pytest.fixture
def deployment(champion, today):
    return agree(champion, today)


def row(day, *, length="2", summary="Phonics", booked=None, **rest):
    key = f"day-{day}" + (f"-{booked.pk}" if booked else "")
    values = {"length": length, "summary": summary} | rest
    return {f"{key}-{name}": value for name, value in values.items()}


def logged():
    rows = Delivery.objects.filter(state="delivered").order_by("happens_on")
    return list(rows.values_list("happens_on", "half_days", "summary"))


URL = "/days/week/"


def test_a_champion_logs_several_days_in_one_go(signed_in, champion, deployment, today):
    days = [today - timedelta(days=ago) for ago in (3, 1)]
    client = signed_in(champion.user)
    answer = client.post(URL, row(days[0]) | row(days[1], length="1", summary="Guided reading"), follow=True)
    assert [str(said) for said in answer.context["messages"]] == ["The week is in the record."]
    assert logged() == [(days[0], 2, "Phonics"), (days[1], 1, "Guided reading")]


def test_the_same_page_sent_twice_logs_once(signed_in, champion, deployment, today):
    client, booked = (
        signed_in(champion.user),
        plan_day(deployment, happens_on=today, half_days=1, by=champion.user, on=today),
    )
    data = row(today - timedelta(days=1), length="1") | row(today, length="1", booked=booked) | {"request_key": "k"}
    assert [client.post(URL, data).status_code for _ in range(2)] == [302, 302]
    assert len(logged()) == 2


def test_a_booked_day_becomes_a_delivered_one(signed_in, champion, deployment, today):
    booked = plan_day(deployment, happens_on=today, half_days=2, by=champion.user, on=today, summary="Planned")
    signed_in(champion.user).post(URL, row(today, length="1", booked=booked, summary="Only the morning"))
    booked.refresh_from_db()
    assert (booked.state, booked.half_days, booked.summary) == ("delivered", 1, "Only the morning")
    assert Delivery.objects.count() == 1


def test_one_bad_row_saves_nothing_and_says_so_at_its_day(signed_in, champion, deployment, today):
    good, bad = today - timedelta(days=2), today - timedelta(days=1)
    page = signed_in(champion.user).post(URL, row(good) | row(bad, summary=""))
    errors = {form.row.day: dict(form.errors) for form in page.context["forms"] if form.errors}
    assert errors == {bad: {"summary": [f"Say what was done on {bad:%A %-d %B}"]}}
    assert f'href="#id_day-{bad}-summary"' in page.content.decode()
    assert not Delivery.objects.exists()


def test_where_two_deployments_run_the_row_asks_which(signed_in, champion, deployment, today):
    other, client = agree(champion, today, "Hill School"), signed_in(champion.user)
    assert f"Say where you were on {today:%A %-d %B}" in client.post(URL, row(today)).content.decode()
    client.post(URL, row(today, deployment=str(other.pk)))
    assert Delivery.objects.get().deployment == other


def test_another_champions_deployment_is_no_choice(signed_in, champion, deployment, today):
    agree(champion, today, "Hill School")
    foreign = agree(make.champion("SSPC"), today)
    signed_in(champion.user).post(URL, row(today, deployment=str(foreign.pk)))
    assert not Delivery.objects.exists()


def test_what_needs_an_answer_is_logged_alone(signed_in, champion, deployment, today):
    type(deployment).objects.filter(pk=deployment.pk).update(half_days_agreed=1)
    page = signed_in(champion.user).post(URL, row(today)).content.decode()
    assert "beyond the 0.5 days that were agreed. Log this day alone" in page
    assert f"{reverse('delivery_log', args=[deployment.pk])}?on={today}" in page
    assert not Delivery.objects.exists()


def test_the_day_of_a_visit_is_logged_alone(signed_in, champion, deployment, today):
    make.visit(deployment.school, today)
    page = signed_in(champion.user).post(URL, row(today)).content.decode()
    assert "There is a Headline Visit at Vale School that day. Log this day alone" in page


def test_a_row_that_is_gone_is_not_passed_over_in_silence(signed_in, champion, deployment, today):
    booked = plan_day(deployment, happens_on=today, half_days=2, by=champion.user, on=today)
    Delivery.objects.filter(pk=booked.pk).update(happens_on=today - timedelta(days=20))
    page = signed_in(champion.user).post(URL, row(today, booked=booked)).content.decode()
    assert "One of the days was logged or moved since you opened this page" in page


def test_nothing_filled_in_is_said(signed_in, champion, deployment, today):
    assert "Say of at least one day" in signed_in(champion.user).post(URL, row(today, length="0")).content.decode()


def test_a_day_with_no_room_is_shown_and_has_no_row(champion, deployment, today):
    make.delivery(deployment.school, "SSPC", today, state="delivered", champion=champion, deployment=deployment)
    first = week_of(champion, on=today)[0]
    assert (first.day, len(first.logged), first.rows) == (today, 1, ())


def test_the_action_refuses_what_is_not_of_the_week_or_of_the_champion(champion, deployment, today):
    foreign = agree(make.champion("SSPC"), today)
    rows = [
        DayDone(deployment, today - timedelta(days=7), 2, "Phonics"),
        DayDone(deployment, today + timedelta(days=1), 2, "Phonics"),
        DayDone(foreign, today, 2, "Phonics"),
        DayDone(deployment, today, 2, " "),
    ]
    with pytest.raises(WeekRefused) as refused:
        log_week(champion, rows, by=champion.user, on=today)
    said = {place: error.sentence.split(".")[0] for place, error in refused.value.errors.items()}
    assert said == {
        0: "This day is not in the past week",
        1: "This day is not in the past week",
        2: "This is a deployment of somebody else",
        3: "Say what was done",
    }


def test_a_broker_logs_it_for_a_champion(signed_in, champion, deployment, today):
    client, url = signed_in("lead"), reverse("champion_week", args=[champion.code])
    client.post(url, row(today))
    assert len(logged()) == 1


def test_it_is_for_champions_and_the_broker(signed_in, champion, deployment):
    other = make.champion("SSPC", user=make.user("champion"))
    assert signed_in(other.user).get(reverse("champion_week", args=[champion.code])).status_code == 404
    assert signed_in("lead").get(URL).status_code == 403
    assert signed_in("adviser").get(URL).status_code == 403


def test_the_page_takes_the_same_queries_for_one_and_for_many(signed_in, champion, today, django_assert_num_queries):
    client = signed_in(champion.user)
    for count in (1, 12):
        for _ in range(count):
            deployment = agree(champion, today)
            make.delivery(
                deployment.school, "SSPC", today, "0.5", state="planned", champion=champion, deployment=deployment
            )
        client.get(URL)
        with django_assert_num_queries(5):
            client.get(URL)
