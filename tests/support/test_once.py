"""A form that is sent twice makes one row: one after the other, and several at once, on either database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from sidebyside.audit.models import Event
from sidebyside.govuk.dates import posted
from sidebyside.refusals import Refusal
from support.actions.adjusting import adjust_allowance
from support.actions.confirming import withdraw_delivery
from support.models import Adjustment, Champion, Delivery, Deployment
from tests import make

AT_ONCE = 4
DAY = date(2023, 1, 18)


@pytest.fixture
def world():
    """A school of Prevention with a champion at work, and a leader who signs in."""
    make.council()
    make.offer_2022()
    make.rates()
    make.service("RIG")
    school = make.school(110195)
    make.categorise(school, "Prevention")
    lead = make.user("lead")
    return make.deployment(school, make.champion("SSPC", code="CH50"), made_by=lead)


def days(first: str = "starts_on", last: str = "ends_on") -> dict[str, str]:
    return posted(first, date(2022, 9, 5)) | posted(last, date(2023, 7, 21))


def log_a_day(deployment):
    data = {"half_days": "1", "summary": "Phonics", **posted("happens_on", DAY)}
    return reverse("delivery_log", args=[deployment.pk]), data, Delivery


def record_support(deployment):
    data = {"service": make.service("RIG").pk, "units": "1", **posted("happens_on", DAY)}
    return reverse("support_new", args=[deployment.school_id]), data, Delivery


def adjust(deployment):
    data = {"service": make.service("HLV").pk, "direction": "1", "amount": "1", "reason": "More", **days()}
    return reverse("adjustment_new", args=[deployment.school_id]), data, Adjustment


def agree(deployment):
    data = {"champion": deployment.champion_id, "school": 110195, "focus": "Reading", "half_days_agreed": "4", **days()}
    data |= {
        "override": "Two year groups",
        "send": "1",
        "outcomes-0-text": "More read",
        "outcomes-0-measure": "A check",
    }
    for party in ("supported", "home"):
        data |= {f"{party}_name": "Kim Ode", f"{party}_email": "kim@school.example"}
    return reverse("deployment_new"), data, Deployment


def register(deployment):
    data = {"code": "CH51", "name": "Kim Ode", "champion_type": deployment.champion.type_id, "home_school": 110195}
    return reverse("champion_new"), data, Champion


FORMS = pytest.mark.parametrize("form", [log_a_day, record_support, adjust, agree, register])


def by_leader(deployment) -> Client:
    client = Client()
    client.force_login(deployment.made_by)
    return client


def key_of(client: Client, url: str) -> str:
    """The key that the page brings."""
    return client.get(url).context["form"]["request_key"].value()


def each_deed_once() -> bool:
    """Whether the trail names each kind of deed once: proposing a deployment is two, its row and its agreement."""
    verbs = list(Event.objects.values_list("verb", flat=True))
    return len(verbs) == len(set(verbs)) > 0


@FORMS
@pytest.mark.django_db
def test_the_same_form_again_ends_where_the_first_did_and_makes_nothing(world, form):
    url, data, model = form(world)
    client, before = by_leader(world), model.objects.count()
    data["request_key"] = key_of(client, url)
    first, second = client.post(url, data), client.post(url, data)
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert (model.objects.count(), each_deed_once()) == (before + 1, True)


@pytest.mark.django_db
def test_each_page_brings_a_key_of_its_own(world):
    client = by_leader(world)
    assert key_of(client, reverse("deployment_new")) != key_of(client, reverse("deployment_new"))


@pytest.mark.django_db
def test_who_goes_back_and_changes_something_means_another_row(world):
    url, data, _ = log_a_day(world)
    client = by_leader(world)
    data["request_key"] = key_of(client, url)
    client.post(url, data)
    client.post(url, data | posted("happens_on", date(2023, 1, 19)))
    assert Delivery.objects.count() == 2


@pytest.mark.django_db
def test_a_full_day_is_still_refused_to_another_form(world):
    url, data, _ = log_a_day(world)
    client = by_leader(world)
    for length, key in (("2", "first"), ("1", "second")):
        answer = client.post(url, data | {"half_days": length, "request_key": key})
    assert "a whole day on 18 January 2023 already" in answer.content.decode()


@pytest.mark.django_db
def test_the_same_key_at_another_school_makes_another_row(world):
    url, data, _ = adjust(world)
    other, client = make.school(110200), by_leader(world)
    make.categorise(other, "Prevention")
    for address in (url, reverse("adjustment_new", args=[other.pk])):
        client.post(address, data | {"request_key": "one"})
    assert sorted(Adjustment.objects.values_list("school", flat=True)) == [110195, 110200]


@pytest.mark.django_db
def test_the_same_key_of_another_person_makes_another_row(world):
    url, data, _ = adjust(world)
    other = Client()
    other.force_login(make.user("lead"))
    for client in (by_leader(world), other):
        client.post(url, data | {"request_key": "one"})
    assert Adjustment.objects.values("allowed_by").distinct().count() == 2


@pytest.mark.django_db
def test_the_same_form_after_the_day_was_withdrawn_says_that_nothing_was_done(world):
    url, data, _ = log_a_day(world)
    client = by_leader(world)
    client.post(url, data | {"request_key": "one"})
    withdraw_delivery(Delivery.objects.get(), why="The wrong date", by=world.made_by, on=DAY)
    page = client.post(url, data | {"request_key": "one"}).content.decode()
    assert "What this form made was cancelled since, and nothing was done now. Open it again." in page


@pytest.mark.django_db
def test_an_action_with_the_key_of_another_schools_row_is_refused(world):
    values = {"service": make.service("HLV"), "amount": 1, "starts_on": DAY, "ends_on": DAY, "reason": "More"}
    adjust_allowance(world.school, **values, by=world.made_by, request_key="one")
    with pytest.raises(Refusal, match="was used for another school, and nothing was done here"):
        adjust_allowance(make.school(110200), **values, by=world.made_by, request_key="one")


def press_at_once(deployment, url: str, data: dict[str, object]) -> list[int]:
    """The answers to the same form, sent several times at the same moment."""
    together = Barrier(AT_ONCE)
    clients = [by_leader(deployment) for _ in range(AT_ONCE)]

    def press(client: Client) -> int:
        try:
            connection.ensure_connection()
            together.wait()
            return client.post(url, data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(press, clients))


@FORMS
@pytest.mark.django_db(transaction=True)
def test_the_same_form_several_times_at_once_makes_one_row(world, form):
    url, data, model = form(world)
    before = model.objects.count()
    answers = press_at_once(world, url, data | {"request_key": "one"})
    assert (answers, model.objects.count(), each_deed_once()) == ([302] * AT_ONCE, before + 1, True)


@pytest.mark.parametrize("form", [record_support, adjust, agree])
@pytest.mark.django_db(transaction=True)
def test_without_a_key_each_press_makes_a_row(world, form):
    """The control: what the key is for."""
    url, data, model = form(world)
    before = model.objects.count()
    press_at_once(world, url, data)
    assert model.objects.count() == before + AT_ONCE
