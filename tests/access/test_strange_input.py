"""What no browser sends by itself breaks no page: every address of the table, on both databases."""

import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access.table import OBJECTS, ROWS, Row
from tests.access.test_roles import expected, url_of
from tests.access.typed import Forms, Sent

pytestmark = pytest.mark.django_db
STRANGE = {"nul": "\x00", "huge": "9" * 30, "high two": "²", "negative": "-1", "no number": "NaN", "long": "x" * 9000}
# What pages read from an address beyond the fields of a form that is shown.
ASKED = (
    "page",
    "sort",
    "before",
    "year",
    "on",
    "next",
    "rows",
    "check",
    "school",
    "champion",
    "payer",
    "number",
    "tab",
)
WHO = ("lead", "finance", "administrator", "head", "champion")
HUGE = 10**20  # more than a column of either database holds


@pytest.fixture(scope="module")
def clients(world) -> dict[str, Client]:
    """A browser for everybody, which shows an error as a visitor sees it."""
    found = {role: Client(raise_request_exception=False) for role in world.people}
    for role, browser in found.items():
        browser.force_login(world.people[role])
    return found


def send(browser: Client, method: str, url: str, data: dict[str, str]) -> str:
    """Where the page broke, empty when it did not; whatever it did is taken back."""
    with transaction.atomic():
        answer = getattr(browser, method)(url, data)
        if answer.streaming:
            list(answer)
        transaction.set_rollback(True)
    if answer.status_code != 500:
        return ""
    _, error, stack = answer.exc_info
    place = [each for each in traceback.extract_tb(stack) if ".venv" not in Path(each.filename).parts][-1]
    return f"{method} {url}: {error!r} at {place.filename}:{place.lineno}"


def who_may(row: Row) -> str:
    """One of those whom the page answers."""
    answered = row.roles - {*row.blind.split(), *row.refused.split()}
    return min(answered, key=lambda role: (role not in WHO, role))


def forms_of(browser: Client, url: str) -> Iterator[Sent]:
    """Every form that the page shows, but for the way out."""
    page = browser.get(url)
    if page.streaming:
        list(page)  # to the end, so that it closes its files
    elif page.status_code == 200 and page.headers.get("Content-Type", "").startswith("text/html"):
        for form in Forms(page.content.decode()).found:
            form.action = form.action or url
            if form.action != reverse("account_logout"):
                yield form


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_no_page_breaks_over_what_stands_in_its_address(world, clients, strange):
    asked = dict.fromkeys(ASKED, strange)
    assert {send(clients[who_may(row)], "get", url_of(row, "mine", world), asked) for row in ROWS} == {""}


def test_no_form_breaks_over_what_stands_in_its_fields(world, clients):
    """All of its fields at once, and a NUL in each alone among the others as they stand."""
    broken, sent = set(), set()
    for row in ROWS:
        browser = clients[who_may(row)]
        for form in forms_of(browser, url_of(row, "mine", world)):
            if (form.action, *form.values) in sent:
                continue
            sent.add((form.action, *form.values))
            tries = [dict.fromkeys(form.values, strange) for strange in STRANGE.values()]
            tries += [form.values | {name: STRANGE["nul"]} for name in form.values]
            broken |= {send(browser, form.method, form.action, values) for values in tries}
    assert broken == {""}
    assert len(sent) > 40


def test_a_number_in_an_address_that_no_database_holds_is_as_absent_as_any_other(world, clients):
    found = {}
    for row in (row for row in ROWS if row.of):
        absent = {name: HUGE if isinstance(value, int) else value for name, value in OBJECTS[row.of][1].items()}
        url = reverse(row.name, kwargs=absent)
        for role, browser in clients.items():
            answer = getattr(browser, row.method)(url)
            if answer.status_code != expected(row, role, "absent"):
                found[row.name, role] = (expected(row, role, "absent"), answer.status_code)
    assert found == {}


@pytest.mark.parametrize("url", ["/first-run/%00/", "/offer/%00/", "/imports/%00/", "/champions/%00/", "/schools/%00/"])
def test_a_nul_in_an_address_is_nothing_that_there_is(clients, url):
    assert clients["administrator"].get(url).status_code == 404
