"""What a deployment's page and a school's entitlement say of what runs out, and to whom."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sidebyside.council.models import Council
from tests import make
from tests.agreements.cases import agree, later, propose, terms
from tests.agreements.test_proposing import change

pytestmark = pytest.mark.django_db
USED = "8.5 of 10 days are delivered or booked (85 per cent): 1.5 days left."


@pytest.fixture(autouse=True)
def council():
    return make.council()


@pytest.fixture
def school():
    return make.school()


@pytest.fixture
def deployment(school, today):
    champion = make.champion(user=make.user("champion"))
    dates = {"starts_on": today - timedelta(days=90), "ends_on": today + timedelta(days=90)}
    deployment = make.deployment(school, champion, **dates)
    days = {"champion": champion, "deployment": deployment, "days": "1"}
    for ago in range(8):
        make.delivery(school, "SSLC", today - timedelta(days=ago), state="confirmed", **days)
    make.delivery(school, "SSLC", today + timedelta(days=5), state="planned", **days | {"days": "0.5"})
    make.delivery(school, "SSLC", today, state="cancelled", **days)
    return deployment


def page(client, deployment) -> str:
    return client.get(deployment.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("role", "advice"),
    [
        ("lead", "Agree more days with both heads, or plan the closing evaluation."),
        ("adviser", "If more are needed, talk to the team leader now."),
    ],
)
def test_a_deployments_page_says_what_runs_out_and_what_its_reader_can_do(signed_in, deployment, role, advice):
    text = page(signed_in(role), deployment)
    assert (USED in text, advice in text) == (True, True)


def test_the_champion_and_the_supported_head_read_it_too(signed_in, deployment, school):
    for person in (deployment.champion.user, make.head(school)):
        text = page(signed_in(person), deployment)
        assert (USED in text, "talk to the team leader now" in text) == (True, True)


@pytest.mark.parametrize("state", ["ended", "proposed", "declined", "cancelled"])
def test_nothing_runs_out_of_what_is_not_agreed(signed_in, deployment, state):
    type(deployment).objects.update(state=state)
    text = page(signed_in("lead"), deployment)
    assert (USED in text, "Days left: the numbers" in text) == (False, state == "ended")


def test_the_council_says_from_where_on_it_is_warned(signed_in, deployment):
    Council.objects.update(warn_at_percent=90)
    assert USED not in page(signed_in("lead"), deployment)


def test_a_deployments_chart_says_its_numbers_in_a_table(signed_in, deployment):
    text = page(signed_in("lead"), deployment)
    assert ("10 days agreed" in text, "0.5 days booked" in text, 'aria-hidden="true"' in text) == (True, True, True)
    assert text.count("<polyline") == 3


def test_what_an_academy_buys_by_the_day_does_not_run_out(signed_in, today):
    make.offer(today.year if today.month >= 9 else today.year - 1)
    academy = make.academy()
    make.categorise(academy, starts_on=today - timedelta(days=30))
    make.delivery(academy, "SSPC", today + timedelta(days=1), state="planned", champion=make.champion("SSPC"))
    page = signed_in("lead").get(reverse("school_entitlement", args=[academy.pk]))
    assert "the school has none" not in page.content.decode()


def test_a_schools_entitlement_says_which_pool_of_days_runs_out(signed_in, today):
    make.offer(today.year if today.month >= 9 else today.year - 1)
    school = make.school()
    make.categorise(school, starts_on=today - timedelta(days=30))
    champion = make.champion("SSPC")
    for ago in range(8):
        make.delivery(school, "SSPC", today - timedelta(days=ago), champion=champion)
    url = reverse("school_entitlement", args=[school.pk])
    sentence = "8 of 9 days are delivered or booked (88 per cent): 1 day left."
    assert sentence in signed_in("lead").get(url).content.decode()
    text = signed_in(make.head(school)).get(url).content.decode()
    assert (sentence in text, "Talk to your adviser before you ask for more." in text) == (True, True)
    assert sentence not in signed_in("lead").get(url, {"on": today - timedelta(days=1)}).content.decode()


def test_the_chart_says_when_another_number_of_days_was_agreed(signed_in):
    deployment = agree(propose())
    agree(change(deployment, make.user("lead"), at=later(days=20), terms=terms(half_days=12)), at=later(days=21))
    deployment.refresh_from_db()
    text = page(signed_in("lead"), deployment)
    assert ("4 days agreed" in text, "6 days agreed instead of 4" in text) == (True, True)
