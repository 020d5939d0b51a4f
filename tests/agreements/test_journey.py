"""From a proposal to an agreement in a real browser: typed addresses, two links, two codes, one PDF."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from agreements.models import Agreement
from sidebyside.accounts.models import User
from sidebyside.years import AcademicYear
from support.models import Deployment
from tests import make
from tests.agreements.cases import last_code, mails

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1200, 375)
CLEAN = {width: [] for width in WIDTHS}
HOME, SUPPORTED = "kim@home.example", "lee@supported.example"


@pytest.fixture
def open_page(live_server, browser: Browser):
    """A browser of somebody's own, signed in or not; an error of a script or of the policy fails the test."""
    contexts, complaints = [], []

    def let_in(who: User | None = None) -> Page:
        context = browser.new_context(base_url=live_server.url)
        if who:
            client = Client()
            client.force_login(who)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        return page

    yield let_in
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def year(settings, today) -> AcademicYear:
    settings.DEMO = True
    make.council()
    make.rates()
    year = AcademicYear.containing(today)
    make.offer(year.start)
    return year


def faults(page: Page) -> dict[int, list[str]]:
    """What axe finds at either width, and whether the page is wider than its window."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        rules = [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in Axe().run(page).response["violations"]]
        wider = page.evaluate("document.documentElement.scrollWidth") > width
        found[width] = rules + (["wider than the window"] if wider else [])
    return found


def fill_date(page: Page, name: str, day: date) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"#id_{name}_{part}").fill(str(getattr(day, part)))


def link_to(address: str) -> str:
    """The path of the newest link that was mailed to somebody."""
    newest = [mail for mail in mails("consent-link") if mail.to == [address]][-1]
    return re.findall(r"/agree/\S+", newest.body)[0]


def agree_by(page: Page, address: str, *, looks: bool = False) -> None:
    """Open the link, ask for the code, enter it, say yes."""
    page.goto(link_to(address))
    if looks:
        assert faults(page) == CLEAN
    page.get_by_role("button", name="Send me the code").click()
    expect(page.get_by_label("The code from our mail")).to_be_visible()
    if looks:
        page.get_by_label("The code from our mail").fill("no code")
        page.get_by_role("button", name="Open the agreement").click()
        expect(page.get_by_text("This is not the code").first).to_be_visible()
        assert faults(page) == CLEAN
    page.get_by_label("The code from our mail").fill(last_code())
    page.get_by_role("button", name="Open the agreement").click()
    expect(page.get_by_label("Yes, I agree")).to_be_visible()
    if looks:
        page.get_by_label("No, I do not agree").check()
        expect(page.get_by_label("Why not?")).to_be_visible()
        assert faults(page) == CLEAN
    page.get_by_label("Yes, I agree").check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_text("Your answer is in the record.")).to_be_visible()
    if looks:
        assert faults(page) == CLEAN


def propose(page: Page, year: AcademicYear) -> None:
    """The broker fills in a new deployment, checks it and sends it."""
    page.goto("/deployments/new/")
    page.get_by_role("button", name="Check before sending").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert faults(page) == CLEAN
    page.get_by_label("Champion", exact=True).select_option(label="Jo Marsh, SSLC, of Westfield School")
    page.get_by_label("School", exact=True).select_option(index=1)
    page.get_by_label("Focus").fill("Early reading")
    rows = page.locator("[data-row]").count()
    page.get_by_role("button", name="Add another outcome").click()
    expect(page.locator("[data-row]")).to_have_count(rows + 1)
    expect(page.locator("[data-row]").last.get_by_label("What will be better")).to_be_focused()
    for place, (outcome, measure) in enumerate({"More pupils read": "Phonics check", "Staff share": "Visits"}.items()):
        page.locator(f"#id_outcomes-{place}-text").fill(outcome)
        page.locator(f"#id_outcomes-{place}-measure").fill(measure)
    page.get_by_label("Days", exact=True).fill("4")
    fill_date(page, "starts_on", date(year.start + 1, 1, 11))
    fill_date(page, "ends_on", date(year.start + 1, 7, 16))
    for party, (name, address) in {"supported": ("Lee Park", SUPPORTED), "home": ("Kim Ode", HOME)}.items():
        page.locator(f"#id_{party}_name").fill(name)
        page.locator(f"#id_{party}_email").fill(address)
    page.get_by_role("button", name="Check before sending").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send this deployment for consent?")
    expect(page.get_by_text(f"Up to 31 March {year.start + 1}: £550.00 a day")).to_be_visible()
    assert faults(page) == CLEAN
    page.get_by_role("button", name="Send for consent").click()
    expect(page.get_by_text("The deployment is proposed.")).to_be_visible()


def test_two_heads_agree_by_the_links_in_their_mails(open_page: Callable[..., Page], year):
    academy = make.academy(name="Mill Lane Academy")
    make.account(academy)
    home_school = make.school(name="Westfield School", authority_code="826")  # so that one school is offered
    make.champion("SSLC", home_school, name="Jo Marsh")
    lead = open_page(make.user("lead"))
    propose(lead, year)
    agree_by(open_page(), SUPPORTED, looks=True)
    assert Deployment.objects.get().state == "proposed"
    home = open_page()
    agree_by(home, HOME)
    deployment, agreement = Deployment.objects.get(), Agreement.objects.get()
    assert (deployment.state, agreement.state) == ("agreed", "agreed")
    home.goto(link_to(HOME))
    expect(home.get_by_role("heading", level=1)).to_have_text("This link cannot be used")
    assert faults(home) == CLEAN
    lead.goto(agreement.get_absolute_url())
    assert faults(lead) == CLEAN
    paper = lead.request.get(f"{agreement.get_absolute_url()}pdf/").body()
    assert paper == bytes(agreement.document.content)
    words = " ".join(pypdf.PdfReader(io.BytesIO(paper)).pages[0].extract_text().split())
    for said in ("Jo Marsh", "Mill Lane Academy", "Westfield School", "More pupils read Phonics check", "Kim Ode"):
        assert said in words
    assert "£" not in words


def test_other_terms_stand_beside_the_old_ones_and_every_state_is_clean(open_page: Callable[..., Page], year):
    school = make.academy(name="Mill Lane Academy")
    champion = make.champion("SSLC", make.school(name="Westfield School"), name="Jo Marsh")
    head, home = make.head(school), make.head(champion.home_school)
    dates = {"starts_on": year.first_day, "ends_on": year.last_day}
    deployment = make.deployment(school, champion, half_days_agreed=8, **dates)
    deployment.intended.create(text="More pupils read", measure="Phonics check")
    lead = open_page(make.user("lead"))
    lead.goto(f"/deployments/{deployment.pk}/change/")
    lead.get_by_label("Days", exact=True).fill("6")
    lead.get_by_label("Why the terms change").fill("A second class joins")
    lead.get_by_role("button", name="Check before sending").click()
    expect(lead.get_by_role("cell", name="The same").first).to_be_visible()
    assert faults(lead) == CLEAN
    lead.get_by_role("button", name="Send for consent").click()
    expect(lead.get_by_text("The new terms are sent.")).to_be_visible()
    for link in ("Send a new link", "Withdraw it"):
        lead.get_by_text(link).first.click()
        assert faults(lead) == CLEAN
        lead.get_by_role("link", name="Cancel").click()
    supported = open_page(head)
    supported.goto("/")
    supported.get_by_role("link", name="Agree: Jo Marsh at Mill Lane Academy").click()
    supported.get_by_role("button", name="Answer for Mill Lane Academy").click()
    expect(supported.get_by_text("What it costs your school")).to_be_visible()
    supported.get_by_label("No, I do not agree").check()
    supported.get_by_label("Why not?").fill("We have no room for more")
    supported.get_by_role("button", name="Send my answer").click()
    expect(supported.get_by_text("Declined").first).to_be_visible()
    assert faults(supported) == CLEAN
    other = open_page(home)
    other.goto("/agreements/")
    assert faults(other) == CLEAN
    other.get_by_role("link", name="Jo Marsh").click()
    expect(other.get_by_text("We have no room for more")).not_to_be_visible()
    assert Deployment.objects.get().half_days_agreed == 8
    assert Agreement.objects.get().decided_at > timezone.now() - timedelta(minutes=5)
