"""Both sides of a deployment, end to end: from a need to the statement of what the home school is owed.

In browsers, on the demonstration council, with web, worker and beat as run.py starts them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from sidebyside.accounts.passwords import DEMONSTRATION_PASSWORD
from sidebyside.years import AcademicYear
from tests.journeys import doing
from tests.journeys.portal import Portal, attached, new_portal, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.process]
PHONE = {"width": 375, "height": 800}
HEAD, HOME, CHAMPION, LEAD, FINANCE = (
    f"{name}@sidebyside.example" for name in ("head", "home", "champion", "lead", "finance")
)
WHAT = "Guided reading in Year 2"
SPENT = "The afternoon was taken by a fire drill"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """The demonstration council, with its processes running."""
    with new_portal(tmp_path) as made:
        made.manage("demo")
        made.start()
        yield made


@pytest.fixture
def sign_in(open_browser: Callable[..., Page]) -> Callable[..., Page]:
    """A browser of somebody's own, signed in."""

    def enter(address: str, *viewport: dict[str, int]) -> Page:
        page = open_browser(*viewport)
        doing.sign_in(page, address, DEMONSTRATION_PASSWORD)
        return page

    return enter


def test_from_a_need_to_the_statement_of_the_home_school(portal, sign_in, open_browser, picture):
    today = timezone.localdate()
    head, lead, phone = sign_in(HEAD), sign_in(LEAD), sign_in(CHAMPION, PHONE)
    name = portal.shell(f"from support.models import Champion; print(Champion.objects.get(user__email={CHAMPION!r}))")
    ask_for_support(head, today)
    propose(lead, name, picture)
    for address in (HEAD, HOME):
        doing.consent_by_link(portal, open_browser(), address)
    deployment, delivery = log_a_day(phone, today, picture)
    dispute(head, delivery, picture)
    settle(lead, delivery, picture)
    evaluate(phone, deployment, "Champions know our pupils now", picture)
    evaluate(head, deployment, "Staff ask for more", picture)
    number = reimburse(sign_in(FINANCE), name, today, picture)
    read_the_statement(portal, sign_in(HOME), name, number, picture)


def ask_for_support(page: Page, today: date) -> None:
    """The head says what is needed, and why."""
    page.goto("/needs/new/")
    page.get_by_label("What support is needed?").fill(WHAT)
    page.get_by_label("Why?").fill("Results in Year 2 fell.")
    page.get_by_label("Type of champion").select_option(label="Pupil Champion (SSPC)")
    last = min(today + timedelta(days=12), AcademicYear.containing(today).last_day)
    doing.fill_date(page, "starts_on", min(today, last - timedelta(days=5)))
    doing.fill_date(page, "ends_on", last)
    page.get_by_label("How many days?").fill("2")
    page.get_by_role("button", name="Ask for support").click()
    expect(page.get_by_text("The team is looking for somebody.")).to_be_visible()


def propose(page: Page, champion: str, picture: Callable) -> None:
    """The broker finds the champion among those who suit the need, and sends the agreement to both heads."""
    page.goto("/needs/")
    page.get_by_role("link", name=WHAT, exact=True).click()
    page.get_by_role("button", name="Find a champion").click()
    picture(page, "30-match")
    page.locator(".match-card", has_text=champion).get_by_role("button", name="Propose").click()
    page.locator("#id_outcomes-0-text").fill("More pupils read at the standard")
    page.locator("#id_outcomes-0-measure").fill("The check in June")
    page.get_by_role("button", name="Check before sending").click()
    if (why := page.get_by_label("Why it should go on all the same")).count():
        why.fill("Another focus than the one before.")
        page.get_by_role("button", name="Check before sending").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Propose {champion}")
    picture(page, "31-proposal")
    page.get_by_role("button", name="Send for consent").click()
    expect(page.get_by_text("Both heads have a mail that asks them to agree.")).to_be_visible()


def log_a_day(page: Page, today: date, picture: Callable) -> tuple[str, str]:
    """The champion logs today on a telephone; the paths of the deployment and of the day."""
    page.goto("/deployments/")
    page.get_by_role("link", name=re.compile("Oak Green")).first.click()
    expect(page.get_by_text(WHAT).first).to_be_visible()
    page.get_by_role("button", name="Log a day").click()
    doing.fill_date(page, "happens_on", today)
    page.get_by_label("A whole day").check()
    page.get_by_label("What was done").fill("Modelled guided reading with two teachers")
    page.get_by_label("What effect it has had").fill("Both taught a group themselves")
    picture(page, "32-log-a-day")
    page.get_by_role("button", name="Save the day").click()
    expect(page.get_by_text("The day is in the record.")).to_be_visible()
    deployment = urlsplit(page.url).path
    page.locator(".ss-timeline").get_by_role("link").first.click()
    expect(page.get_by_text("Modelled guided reading with two teachers")).to_be_visible()
    return deployment, urlsplit(page.url).path


def dispute(page: Page, delivery: str, picture: Callable) -> None:
    """The head says that it was shorter."""
    page.goto(f"{delivery}confirm/")
    page.get_by_label("No, something is wrong").check()
    page.get_by_label("What is wrong").fill(SPENT)
    picture(page, "33-dispute")
    page.get_by_role("button", name="Save the answer").click()
    page.goto(delivery)
    expect(page.get_by_text(SPENT)).to_be_visible()


def settle(page: Page, delivery: str, picture: Callable) -> None:
    """The broker finds that it was half a day: that is what is confirmed."""
    page.goto(delivery)
    page.get_by_role("button", name="Settle the dispute").click()
    page.get_by_label("It was shorter").check()
    page.get_by_label("Half a day").check()
    page.get_by_label("How you settled it").fill("Both agree that it was the morning")
    picture(page, "34-settle")
    page.get_by_role("button", name="Settle the dispute").click()
    page.goto(delivery)
    expect(page.get_by_text("Both agree that it was the morning").first).to_be_visible()
    expect(page.get_by_text("Confirmed", exact=True).first).to_be_visible()


def evaluate(page: Page, deployment: str, well: str, picture: Callable) -> None:
    """One side says what the deployment changed, against its outcome."""
    page.goto(f"{deployment}reviews/closing/new/")
    page.get_by_role("group", name="More pupils read at the standard").get_by_label("Mostly").check()
    page.get_by_label("What shows it").fill("41 of 50 at the standard")
    page.get_by_label("What went well").fill(well)
    page.get_by_label("What you would change another time").fill("Begin earlier")
    page.get_by_role("group", name="Would you recommend this support").get_by_label("Yes", exact=True).check()
    picture(page, "35-evaluation")
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_text(well)).to_be_visible()


def reimburse(page: Page, champion: str, today: date, picture: Callable) -> str:
    """Finance sees each line before it approves; the statement's number, once the worker has written it."""
    page.goto(f"/reimbursements/new/?first_day={today}&last_day={today}")
    expect(page.get_by_text(champion).first).to_be_visible()
    picture(page, "36-reimbursement")
    page.get_by_role("button", name="Approve and write").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    run = page.url

    def written() -> str | None:
        page.goto(run)
        found = re.search(r"/reimbursements/([A-Z]+\d{4}-\d{5})/", page.content())
        return found[1] if found else None

    return wait_for(written, "the statement")


def read_the_statement(portal: Portal, page: Page, champion: str, number: str, picture: Callable) -> None:
    """The home school's head reads what the school is owed, on the page, in the PDF and in the mail; and no more."""
    page.goto("/")
    page.get_by_role("link", name="Reimbursements").first.click()
    page.get_by_role("link", name=number).first.click()
    expect(page.get_by_text(champion).first).to_be_visible()
    for word in (SPENT, "Modelled guided reading"):
        assert word not in page.content()
    picture(page, "37-statement")
    with page.expect_download() as coming:
        page.get_by_role("link", name=re.compile("PDF")).first.click()
    pdf = Path(coming.value.path()).read_bytes()
    text = "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages)
    assert (number in text, champion in text, "0.5" in text) == (True, True, True)
    assert attached(portal.mail("", f"Statement {number}")) == pdf
