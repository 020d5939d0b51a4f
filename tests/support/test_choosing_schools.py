"""Lists to choose a school from: those that are open first, and twins told apart."""

import re
from datetime import date

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(signed_in):
    make.council()
    return signed_in("lead")


@pytest.fixture(autouse=True)
def schools(today):
    """An academy, the school that it was before, one that closed on an unknown day, and one that closes tonight."""
    make.academy(140300, name="Vale School")
    make.school(110300, name="Vale School", status="closed", closed_on=date(2011, 3, 31))
    make.school(110200, name="Abbey School", status="closed")
    make.school(110100, name="Wood School", closed_on=today)


def offered(client, name: str) -> list[str]:
    page = client.get(reverse(name)).content.decode()
    return re.findall(r"<option[^>]*>((?:Vale|Abbey|Wood) School[^<]*)", page)


def test_a_home_school_is_chosen_from_the_open_ones_first(lead):
    assert offered(lead, "champion_new") == [
        "Vale School (URN 140300)",
        "Wood School (URN 110100)",
        "Abbey School (URN 110200, closed)",
        "Vale School (URN 110300, closed 2011)",
    ]


def test_no_new_deployment_is_offered_at_a_school_that_has_closed(lead):
    assert offered(lead, "deployment_new") == ["Vale School (URN 140300)", "Wood School (URN 110100)"]
