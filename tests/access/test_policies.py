"""Every address says who may open it (design, section 4)."""

from django.urls import get_resolver

from tests.access.table import ROWS, SIGN_IN_OPEN, SIGN_IN_OWN
from tests.access.walk import addresses, policy_of


def unsaid(urlconf: str | None = None) -> set[str]:
    found = addresses(get_resolver(urlconf))
    return {name for namespace, name, view in found if policy_of(namespace, name, view) is None}


def test_every_address_says_who_may_open_it():
    assert unsaid() == set()


def test_an_address_that_does_not_say_is_found():
    assert unsaid("tests.access.open_door") == {"forgotten", "careless"}


def test_visitors_may_open_these_and_nothing_else():
    found = {name for namespace, name, view in addresses() if policy_of(namespace, name, view) == "public"}
    ours = {
        "healthz",
        "readyz",
        "accessibility",
        "privacy",
        "contact",
        "offer_list",
        "offer_detail",
        "first_run",
        "calendar_feed",
        "consent_link",  # heads who do not sign in agree by a link and a code mailed to the same address
        "consent_thanks",
    }
    assert found == ours | SIGN_IN_OPEN | {"login"}


def test_every_address_stands_in_the_table_and_the_table_has_no_other():
    named = {name for namespace, name, _ in addresses() if not namespace}
    assert named == {row.name for row in ROWS} | SIGN_IN_OPEN | SIGN_IN_OWN
