"""M16 in a real browser: finance previews, approves and pays; the home school reads its own statement alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sidebyside.accounts.passwords import DEMONSTRATION_PASSWORD
from tests.journeys.portal import Portal, new_portal

pytestmark = [pytest.mark.browser, pytest.mark.process]
PATIENCE = 60_000
SPRING = "/reimbursements/new/?first_day=2023-04-01&last_day=2023-08-31"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demonstration, in which the days of April to August 2023 are owed."""
    with new_portal(tmp_path_factory.mktemp("reimbursing")) as made:
        assert made.manage("demo") == "The demonstration council is ready."
        made.start("web")
        yield made


def signed_in(browser: Browser, portal: Portal, who: str) -> tuple[BrowserContext, Page]:
    context = browser.new_context(base_url=portal.url)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(f"{who}@sidebyside.example")
    page.get_by_label("Password", exact=True).fill(DEMONSTRATION_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Sign out").wait_for()
    return context, page


def offences(page: Page) -> list[str]:
    return [rule["id"] for rule in Axe().run(page).response["violations"]]


def test_from_the_days_that_are_owed_to_the_file_that_pays_them(portal: Portal, browser: Browser):
    context, page = signed_in(browser, portal, "finance")
    page.goto(SPRING)
    expect(page.get_by_role("heading", name="1 April 2023 to 31 August 2023")).to_be_visible()
    assert offences(page) == []
    page.get_by_role("button", name="Approve and write").click()
    expect(page.get_by_text("The portal is writing them now.")).to_be_visible()
    portal.manage("sweep")
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("All of them are written")).to_be_visible()
    assert offences(page) == []
    page.locator("table tbody a").first.click()
    number = page.locator("h1").inner_text()
    said = words_of(context.request.get(f"/reimbursements/{number}/pdf/").body())
    total = page.get_by_text("Total", exact=True).locator("xpath=following-sibling::dd").inner_text()
    assert (number in said, total in said) == (True, True)
    for name, path in (("Journals for maintained schools", "journals"), ("Payments to academies", "payments")):
        page.goto("/reimbursements/files/")
        page.get_by_role("button", name=name).click()
        assert offences(page) == [], path
        page.get_by_role("button", name="Make the file").click()
        link = page.locator("table tbody a").first
        first, again = (context.request.get(link.get_attribute("href")).body() for _ in range(2))
        assert first == again
        assert len(list(csv.DictReader(io.StringIO(first.decode())))) > 0
    context.close()


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_head_of_a_home_school_reads_its_own_statement_on_a_phone_and_no_other(portal: Portal, browser: Browser):
    context, page = signed_in(browser, portal, "home")
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/reimbursements/")
    own = page.locator("table tbody a").first
    number = own.inner_text()
    own.click()
    expect(page.get_by_role("heading", name=number)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert offences(page) == []
    others = "from reimbursing.models import Statement; print(*Statement.objects.values_list('number', flat=True))"
    numbers = set(portal.shell(others).split()) - {each.inner_text() for each in listed(page)}
    assert {context.request.get(f"/reimbursements/{each}/").status for each in numbers} == {404}
    context.close()


def listed(page: Page) -> list:
    page.goto("/reimbursements/")
    return page.locator("table tbody a").all()
