"""The head of a home school sees where its champion is, and nothing of the school that is supported (M16, A1).

The same role as the head of the school that is supported, so each page that opens to heads is asked as this person too.
"""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from sidebyside.accounts.roles import Role
from tests.access.crawl import Seen, crawl
from tests.access.table import ROWS, Row
from tests.access.test_canaries import CANARY
from tests.access.test_roles import WHICH, url_of
from tests.access.world import SIDES, word

pytestmark = pytest.mark.django_db

# What opens of the own champion, of all that an address can name. Everything else is as absent.
OPEN = frozenset(
    {
        *("champion_detail", "champion_calendar", "agreement_detail", "agreement_pdf"),
        *("statement_detail", "statement_pdf"),
    }
)
EMPTY = {"invoice_zip": 302}  # there is no invoice to be put into it
NAMED = [row for row in ROWS if row.of and Role.HEAD in row.roles]

# What is read of the own champion: who, and what both heads agree to. Of the supported school, its notes, category,
# entitlement, money, disputes and needs there is no word here.
READS = frozenset(
    {
        *("champion", "championmail", "homeschool"),
        *("deploymentfocus", "outcomes", "measure", "newfocus", "newoutcomes", "newmeasure", "changewhy"),
        *("signer", "homesigner", "homesaidno"),
    }
)


@pytest.fixture(scope="module")
def clients(world) -> dict[str, Client]:
    """A browser for the head of each side's home school."""
    found = {side: Client() for side in SIDES}
    for side, browser in found.items():
        browser.force_login(world.sides[side].home_head)
    return found


def status(row: Row, which: str) -> int:
    """What the page answers: of the own champion's what is open, else the 404 of what does not exist."""
    return row.status if which == "mine" and row.name in OPEN else 404


def differences(world, client: Client) -> dict[tuple[str, str], tuple[int, int]]:
    """Every answer about something that is not as it should be, as (expected, found)."""
    found = {}
    for row in NAMED:
        for which in WHICH:
            answer = getattr(client, row.method)(url_of(row, which, world))
            if answer.streaming:
                list(answer)  # to the end, so that it closes its files
            if answer.status_code != status(row, which):
                found[row.name, which] = (status(row, which), answer.status_code)
    return found


def test_a1_every_page_about_something_opens_for_the_own_champion_or_not_at_all(world, clients):
    assert differences(world, clients["mine"]) == {}


def test_a1_pages_for_other_roles_are_refused_to_this_head_too(world, clients):
    for row in ROWS:
        if Role.HEAD not in row.roles:
            answer = getattr(clients["mine"], row.method)(url_of(row, "mine", world))
            assert answer.status_code == 403, row.name


def test_a1_pages_that_name_nothing_open_as_for_every_head(world, clients):
    for row in ROWS:
        if Role.HEAD in row.roles and not row.of:
            answer = getattr(clients["mine"], row.method)(url_of(row, "mine", world))
            assert answer.status_code == EMPTY.get(row.name, row.status), row.name


def test_this_head_answers_for_the_home_school_and_not_for_the_supported_one(world, clients):
    answers = {}
    for which in SIDES:
        for party in ("supported", "home"):
            url = reverse("agreement_answer", args=[world.sides[which].open_version.pk, party])
            answers[which, party] = clients["mine"].get(url).status_code
    assert answers == {
        ("mine", "supported"): 404,
        ("mine", "home"): 200,
        ("theirs", "supported"): 404,
        ("theirs", "home"): 404,
    }


@pytest.fixture(scope="module")
def seen(world, clients) -> Seen:
    """What the head of my champion's home school comes to see, by links and by guesses."""
    guesses = [url_of(row, side, world) for row in NAMED for side in SIDES]
    answer = reverse("agreement_answer", args=[world.mine.open_version.pk, "home"])
    lists = [url_of(row, "mine", world) for row in ROWS if Role.HEAD in row.roles and not row.of]
    return crawl(clients["mine"], ["/", *lists, *guesses, answer])


def test_m16_who_where_and_when_is_read_and_nothing_of_what_was_done_there(seen):
    found = {name.lower(): url for url, text in reversed(seen.texts.items()) for name in CANARY.findall(text)}
    expected = {word("mine", name) for name in READS}
    expected = {name.lower() for name in expected}
    assert {name: found[name] for name in found.keys() - expected} == {}, "this head reads too much"
    assert expected - found.keys() == set(), "this head does not get to read what a home school should"


def test_m16_what_the_supported_school_pays_is_on_no_page(world, seen):
    invoice = world.mine.invoice
    for secret in (invoice.number, "£123.45", *world.mine.open_version.cost):
        assert [url for url, text in seen.texts.items() if secret in text] == [], secret


def test_without_the_scopes_this_head_would_open_everything(world, clients, monkeypatch):
    """The control: the tests above see it when `visible_to` and `lent_by` let everything through."""
    for model in apps.get_models():
        rows = type(model._default_manager.all())
        for scope in ("visible_to", "lent_by"):
            if hasattr(rows, scope):
                monkeypatch.setattr(rows, scope, lambda rows, user: rows)
    opened = {name for (name, which), (wanted, _) in differences(world, clients["mine"]).items() if which == "theirs"}
    assert opened == {row.name for row in NAMED}
