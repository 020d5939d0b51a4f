"""Access is of the moment: whoever leaves, or whose school leaves, loses it the next day (A1, S8)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.models import Account, Invoice
from schools.models import Membership, School, TrustMembership
from support.models import Champion, Delivery, Deployment
from tests import make
from tests.billing.cases import issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust(today):
    """A trust that has been billed for its academy."""
    make.council()
    make.rates()
    make.offer_2022()
    academy = make.academy(200001)
    make.delivery(academy)
    trust = make.trust(academy)
    make.account(trust)
    issue()
    return trust


def seen_by(person) -> tuple[int, int, int]:
    return tuple(model.objects.visible_to(person).count() for model in (School, Account, Invoice))


@pytest.mark.parametrize(("days", "seen"), [(0, (1, 1, 1)), (-1, (0, 0, 0))], ids=["last day", "day after"])
def test_a_trust_officers_access_ends_with_the_post(signed_in, trust, today, days, seen):
    officer = make.trust_officer(trust)
    Membership.objects.update(ended_on=today + timedelta(days=days))
    assert seen_by(officer) == seen
    answer = signed_in(officer).get(Invoice.objects.get().get_absolute_url())
    assert answer.status_code == (200 if seen[2] else 404)


def test_an_academy_that_leaves_the_trust_is_not_its_officers_any_more(trust, today):
    officer = make.trust_officer(trust)
    TrustMembership.objects.update(left_on=today - timedelta(days=1))
    assert seen_by(officer) == (0, 1, 1)  # the trust's own account and what it was billed stay the trust's


@pytest.mark.parametrize("started_in", [1, -1000])
def test_a_head_sees_the_school_from_the_first_day_on(today, started_in):
    school = make.school()
    head = make.head(school)
    Membership.objects.update(started_on=today + timedelta(days=started_in))
    assert School.objects.visible_to(head).count() == (0 if started_in > 0 else 1)


def test_a_head_who_has_left_gets_nothing(signed_in, today):
    school = make.school()
    head = make.head(school)
    delivery = make.delivery(school)
    Membership.objects.update(ended_on=today - timedelta(days=1))
    client = signed_in(head)
    for url in (school.get_absolute_url(), reverse("delivery_detail", args=[delivery.pk])):
        assert client.get(url).status_code == 404
    assert client.get(reverse("school_list")).status_code == 200


def test_trust_finance_sees_money_and_no_support(trust):
    officer = make.trust_officer(trust)
    school = School.objects.get(pk=200001)
    make.deployment(school)
    assert [model.objects.visible_to(officer).count() for model in (Champion, Deployment, Delivery)] == [0, 0, 0]


def test_a_champion_sees_no_school_not_even_the_one_supported():
    user = make.user("champion")
    deployment = make.deployment(make.school(), make.champion(user=user))
    assert School.objects.visible_to(user).count() == 0
    assert list(Deployment.objects.visible_to(user)) == [deployment]
