"""From a need to a match in a real browser: a head asks, the broker finds somebody, and knows why."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from brokering.models import Need
from sidebyside.accounts.models import User
from sidebyside.years import AcademicYear
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1200, 375)


@pytest.fixture
def school(settings):
    settings.DEMO = True
    make.council()
    year = AcademicYear.containing(make.timezone.localdate())
    make.offer(year.start)
    make.half_terms(year.start)
    school = make.school(name="Mill Lane Primary School", postcode="HP11 2TZ", federation="Vale Federation")
    make.categorise(school, "Prevention", starts_on=year.first_day)
    return school


@pytest.fixture
def champions(school):
    """One who fits, one of the same federation, and the school's own."""
    fitting = make.champion("SSPC", make.school(postcode="HP11 1AA"), name="Ann Fit", days_a_year="10")
    tied = make.champion("SSPC", make.school(postcode="MK18 1AA", federation="Vale Federation"), name="Bea Tied")
    for each in (fitting, tied):
        each.skills.add(make.skill())
    make.champion("SSPC", school, name="Dan Own")


@pytest.fixture
def enter(live_server, browser: Browser):
    """A browser of a person's own, signed in; what the page's console complains of fails the test."""
    contexts, complaints = [], []

    def let_in(who: User) -> Page:
        client = Client()
        client.force_login(who)
        context = browser.new_context(base_url=live_server.url)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    yield let_in
    for context in contexts:
        context.close()
    assert complaints == []


def faults(page: Page) -> dict[int, list[str]]:
    """What axe finds at either width, and whether the page is wider than its window."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        rules = [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in Axe().run(page).response["violations"]]
        wider = page.evaluate("document.documentElement.scrollWidth") > width
        found[width] = rules + (["wider than the window"] if wider else [])
    return found


CLEAN = {width: [] for width in WIDTHS}


def fill_date(page: Page, name: str, day) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"#id_{name}_{part}").fill(str(getattr(day, part)))


def test_a_head_asks_and_the_broker_finds_somebody(enter: Callable[[User], Page], school, champions, today):
    year = AcademicYear.containing(today)
    head = enter(make.head(school))
    head.goto(reverse("school_deployments", args=[school.pk]))
    head.get_by_role("button", name="Ask for support").click()
    head.get_by_role("button", name="Ask for support").click()  # with nothing filled in
    expect(head.locator(".govuk-error-summary")).to_be_focused()
    assert faults(head) == CLEAN
    head.get_by_label("What support is needed?").fill("The teaching of early reading")
    head.get_by_label("Why?").fill("Results in Year 1 fell.")
    head.get_by_label("Area").select_option(label="Early reading")
    head.get_by_label("Type of champion").select_option(label="Pupil Champion (SSPC)")
    fill_date(head, "starts_on", year.first_day)
    fill_date(head, "ends_on", year.last_day)
    head.get_by_label("How many days?").fill("4.5")
    head.get_by_role("button", name="Ask for support").click()
    expect(head.get_by_text("The team is looking for somebody.")).to_be_visible()
    assert faults(head) == CLEAN

    lead = enter(make.user("lead"))
    lead.goto("/")
    lead.get_by_role("link", name="The teaching of early reading").click()
    expect(lead.get_by_text("Results in Year 1 fell.")).to_be_visible()
    lead.get_by_role("button", name="Find a champion").click()
    cards = lead.locator(".match-card")
    expect(cards.nth(0)).to_contain_text("Ann Fit")
    expect(cards.nth(0)).to_contain_text("The home school is in the same postcode district, HP11.")
    expect(cards.nth(1)).to_contain_text("To propose Bea Tied you have to say why")
    expect(cards.nth(2)).to_contain_text("Mill Lane Primary School is the home school of Dan Own.")
    cards.nth(0).get_by_text("Why?").click()
    expect(cards.nth(0).get_by_role("table")).to_contain_text("25 of 25")
    assert faults(lead) == CLEAN

    cards.nth(1).get_by_role("button", name="Propose").click()
    lead.locator("#id_outcomes-0-text").fill("More pupils read at the standard")
    lead.locator("#id_outcomes-0-measure").fill("Phonics check in June")
    lead.locator("#id_home_name").fill("Lee Park")
    lead.locator("#id_home_email").fill("lee@home.example")
    lead.get_by_role("button", name="Check before sending").click()
    expect(lead.locator(".govuk-error-summary")).to_contain_text("are both in Vale Federation")
    assert faults(lead) == CLEAN
    lead.get_by_label("Why it should go on all the same").fill("Different year groups.")
    lead.get_by_role("button", name="Check before sending").click()
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Propose Bea Tied for Mill Lane Primary School?")
    assert faults(lead) == CLEAN
    lead.get_by_role("button", name="Send for consent").click()
    expect(lead.get_by_text("Bea Tied is proposed. Both heads have a mail that asks them to agree.")).to_be_visible()
    assert faults(lead) == CLEAN
    head.goto("/")
    expect(head.get_by_text("1 matched")).to_be_visible()


def test_empty_pages_offend_nobody(enter: Callable[[User], Page], school, today):
    need = make.need(school, starts_on=today, ends_on=AcademicYear.containing(today).last_day)
    lead = enter(make.user("lead"))
    for address in (reverse("need_match", args=[need.pk]), f"{reverse('need_list')}?state=met"):
        lead.goto(address)
        assert faults(lead) == CLEAN, address
    Need.objects.all().delete()
    lead.goto(reverse("need_list"))
    assert faults(lead) == CLEAN
