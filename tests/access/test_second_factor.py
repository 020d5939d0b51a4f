"""Outside the demonstration: who needs a second factor has one before anything else, and no page costs more for it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sidebyside.accounts.roles import COUNCIL_STAFF
from tests.access.table import ROWS, Row
from tests.access.test_roles import url_of
from tests.second_factor import SECRET, sign_in_with_code

pytestmark = pytest.mark.django_db
ONLY_IN_THE_DEMONSTRATION = {"outbox", "outbox_mail"}


@pytest.fixture(params=sorted(COUNCIL_STAFF))
def role(request) -> str:
    return request.param


@pytest.fixture
def client(world, role) -> Client:
    browser = Client()
    browser.force_login(world.people[role])
    return browser


@pytest.fixture
def pages(role) -> list[Row]:
    """What this role may read, and only inside the sign-in."""
    return [
        row
        for row in ROWS
        if role in row.roles and row.method == "get" and not row.is_public and row.name not in ONLY_IN_THE_DEMONSTRATION
    ]


def counted(client: Client, pages: list[Row], world) -> dict[str, tuple[int, int]]:
    """What each page answers, and how many queries it takes."""
    found = {}
    for row in pages:
        url = url_of(row, "mine", world)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(url)
            if answer.streaming:
                list(answer)
        found[row.name] = (answer.status_code, len(queries))
    return found


def test_pages_take_as_many_queries_outside_the_demonstration(world, client, role, pages, settings):
    counted(client, pages, world)  # what stands in the cache stands there from here on
    inside = counted(client, pages, world)
    TOTP.activate(world.people[role], SECRET)
    settings.DEMO = False
    assert counted(sign_in_with_code(world.people[role]), pages, world) == inside


def test_without_a_second_factor_every_page_leads_to_setting_it_up(world, client, pages, settings):
    settings.DEMO = False
    answers = {client.get(url_of(row, "mine", world)).headers["Location"] for row in pages}
    assert answers == {reverse("mfa_activate_totp")}


def test_a_session_of_a_password_alone_ends_when_its_person_sets_up_a_factor_elsewhere(
    world, client, role, pages, settings
):
    """It may be a thief's, who waited for it: whoever it is signs in again, with the factor."""
    settings.DEMO = False
    factor = TOTP.activate(world.people[role], SECRET).instance
    answers = {}
    for row in pages:
        client.force_login(world.people[role])
        answers[row.name] = client.get(url_of(row, "mine", world)).headers["Location"].partition("?")[0]
    assert set(answers.values()) == {reverse("account_login")}
    factor.delete()
    assert client.get("/contact/").context["user"].is_anonymous


def test_a_second_factor_that_is_taken_away_counts_no_more_at_the_next_request(world, role, settings):
    settings.DEMO = False
    TOTP.activate(world.people[role], SECRET)
    client = sign_in_with_code(world.people[role])
    assert client.get("/contact/").status_code == 200
    Authenticator.objects.filter(user=world.people[role]).delete()
    assert client.get("/contact/").headers["Location"] == reverse("mfa_activate_totp")


def test_recovery_codes_alone_are_no_second_factor(world, client, role, settings):
    settings.DEMO = False
    RecoveryCodes.activate(world.people[role])
    assert client.get("/contact/").headers["Location"] == reverse("mfa_activate_totp")
