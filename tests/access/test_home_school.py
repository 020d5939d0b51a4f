"""M16, A1: the head of a home school sees what the own school gets, and nothing of the schools that it supports."""

import pytest
from django.test import Client
from django.urls import reverse

from reimbursing.models import Statement
from sidebyside.money import pounds
from tests.access.crawl import Seen, crawl
from tests.access.table import ROWS
from tests.access.test_canaries import canaries
from tests.access.test_roles import url_of
from tests.access.world import HOME_RATE, word

pytestmark = pytest.mark.django_db
# What the head of a home school reads of the own champion: who, where and when, never what was done there.
READS = ("champion", "championmail", "homeschool")


@pytest.fixture(scope="module")
def seen(world) -> Seen:
    """Everything that the head of my champion's home school comes to see, by links and by guessing."""
    client = Client()
    client.force_login(world.mine.home_head)
    rows = [row for row in ROWS if "head" in row.roles]
    guesses = [url_of(row, side, world) for row in rows for side in (world.sides if row.of else ["mine"])]
    return crawl(client, ["/", *guesses])


def answer(world, name: str, side: str, who) -> int:
    client = Client()
    client.force_login(who)
    return client.get(reverse(name, args=[world.sides[side].statement.number])).status_code


@pytest.mark.parametrize("name", ["statement_detail", "statement_pdf"])
def test_a_home_schools_head_opens_its_own_statements_and_no_others(world, name):
    found = {side: answer(world, name, side, world.mine.home_head) for side in ("mine", "theirs")}
    assert found == {"mine": 200, "theirs": 404}


@pytest.mark.parametrize("name", ["statement_detail", "statement_pdf"])
def test_the_supported_schools_head_opens_no_statement(world, name):
    assert [answer(world, name, side, world.mine.head) for side in ("mine", "theirs")] == [404, 404]


def test_a_home_schools_head_reads_who_went_where_and_nothing_of_what_was_done_there(seen):
    found = {name.removeprefix("zqmine") for name in canaries(seen)}
    assert found & {"summary", "effect", "nextstep", "payeename", "agreedwith", "confirmedwhy", "bank"} == set()
    assert [name for name in READS if name in found] == list(READS)


def test_a_home_schools_head_reads_no_word_of_the_other_side(seen):
    assert [name for name in canaries(seen) if name.startswith("zqtheirs")] == []


def test_a_home_schools_head_sees_no_price_that_a_supported_school_pays(world, seen):
    """The academy pays half or all of the rate with VAT; the invoice's number and sums are on none of these pages."""
    invoice = world.mine.invoice
    assert (invoice.number in seen.text, Statement.objects.get(pk=world.mine.statement.pk).number in seen.text) == (
        False,
        True,
    )


def test_the_supported_schools_head_finds_no_way_to_reimbursements(world):
    client = Client()
    client.force_login(world.mine.head)
    labels = [link.label for link in client.get("/").context["navigation"]]
    assert ("Reimbursements" in labels, "Invoices" in labels) == (False, True)


def test_the_champion_reads_what_the_home_school_is_paid_and_not_what_the_academy_pays(world):
    client = Client()
    client.force_login(world.mine.champion.user)
    page = client.get(reverse("my_days")).content.decode()
    assert (pounds(HOME_RATE) in page, word("mine", "homeschool") in page, "£660.00" in page) == (True, True, False)
