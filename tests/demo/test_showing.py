"""The demonstration as its visitors meet it: made by `manage.py demo`, served by the real server, open in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from sidebyside.accounts.passwords import DEMONSTRATION_PASSWORD
from sidebyside.demo.build import build
from tests.demo.digest import digest
from tests.journeys.portal import Portal, new_portal

pytestmark = [pytest.mark.browser, pytest.mark.process]
SIGN_INS = ("admin", "lead", "adviser", "champion", "head", "academy", "home", "finance")
PATIENCE = 60_000
LEFT_OUT = re.compile(r"/(admin/.+|accounts/.+|static/.+)|.*(\.csv|\.zip|/pdf/|/zip/)$")
ALIKE = 2  # pages of one kind that are opened: two schools stand for all


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demonstration, built by its command."""
    with new_portal(tmp_path_factory.mktemp("demonstration")) as made:
        assert made.manage("demo") == "The demonstration council is ready."
        made.start("web")
        yield made


@pytest.fixture(scope="module")
def people(portal: Portal, browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """A browser for each sign-in, signed in on the sign-in page."""
    contexts = {who: sign_in(browser.new_context(base_url=portal.url), who) for who in SIGN_INS}
    yield contexts
    for context in contexts.values():
        context.close()


def sign_in(context: BrowserContext, who: str) -> BrowserContext:
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(f"{who}@sidebyside.example")
    page.get_by_label("Password", exact=True).fill(DEMONSTRATION_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Sign out").wait_for()
    return context


def test_a_second_call_changes_nothing(portal):
    before = told(portal)
    assert portal.manage("demo") == "The demonstration council is there already."
    assert told(portal) == before


def told(portal: Portal) -> str:
    return portal.shell("from tests.demo.digest import digest; print(digest())").splitlines()[-1]


@pytest.mark.django_db
def test_it_is_the_same_each_time_it_is_built_for_a_day(portal):
    build(on=timezone.localdate())
    assert digest() == told(portal)


def kind_of(address: str) -> str:
    """Addresses that differ in figures and questions only are of one kind."""
    return re.sub(r"[A-Z]{1,6}\d{4}-\d+|\d+|(?<=/)(CH|A)[\w-]+(?=/)", "#", urlsplit(address).path)


def links_of(html: str, address: str) -> list[str]:
    """Where a page leads to, within the portal."""
    found = [urljoin(address, link.replace("&amp;", "&")) for link in re.findall(r'href="([^"#]+)', html)]
    ours = [link for link in found if urlsplit(link).netloc == urlsplit(address).netloc]
    return [link for link in ours if not LEFT_OUT.fullmatch(urlsplit(link).path)]


@pytest.mark.parametrize("who", SIGN_INS)
def test_every_page_within_two_steps_of_home_has_something_to_show(people, portal, who):
    request = people[who].request
    seen: dict[str, int] = {}
    waiting, faults = [(f"{portal.url}/", 0)], []
    while waiting:
        address, depth = waiting.pop(0)
        kind = kind_of(address)
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] > ALIKE:
            continue
        answer = request.get(address, timeout=PATIENCE)
        html = answer.text() if answer.ok else ""
        main = re.sub(r"<[^>]+>|\s+", " ", html.partition("<main")[2].partition("</main")[0])
        if answer.status != 200 or ("<h1" not in html) or len(main.split()) < 5:
            faults.append(f"{answer.status} {address}: {main[:80]}")
        if depth < 2:
            waiting += [(link, depth + 1) for link in dict.fromkeys(links_of(html, address))]
    assert faults == []
    assert len(seen) > 3


PAGES = {
    "admin": ["/", "/imports/"],
    "lead": [
        "/",
        "/schools/",
        "/schools/110206/",
        "/needs/",
        "/deployments/",
        "/deployments/watch/",
        "/deployments/watch/pools/",
        "/champions/",
        "/attention/",
    ],
    "adviser": ["/", "/visits/", "/schools/110206/visits/", "/schools/110206/history/"],
    "champion": ["/", "/calendar/", "/deployments/"],
    "head": ["/", "/schools/110206/entitlement/", "/deliveries/waiting/"],
    "home": ["/", "/reimbursements/", "/reimbursements/owed/"],
    "finance": [
        "/",
        "/reimbursements/",
        "/reimbursements/new/?first_day=2023-04-01&last_day=2023-08-31",
        "/reimbursements/owed/",
        "/reimbursements/payees/",
        "/reimbursements/files/payments/",
        "/subsidy/?year=all",
        "/invoices/",
        "/invoices/SBS2324-00001/credit/",
        "/invoices/SBC2324-00001/",
        "/invoices/runs/new/?first_day=2022-09-01&last_day=2023-08-31",
        "/billing/accounts/",
    ],
}


@pytest.mark.parametrize("width", [1200, 375])
@pytest.mark.parametrize("who", PAGES)
def test_no_main_page_offends_axe_or_is_wider_than_the_window(people, who, width):
    page = people[who].new_page()
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for address in PAGES[who]:
        page.goto(address)
        if faults := offences(page, width):
            found[address] = faults
    page.close()
    assert found == {}


def offences(page: Page, width: int) -> list[str]:
    wider = page.evaluate("document.documentElement.scrollWidth") > width
    rules = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in rules] + (["wider"] if wider else [])
