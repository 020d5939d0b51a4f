"""From a review on a telephone to the report for the Board, in a real browser."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from impact.inviting import invite_reviews
from impact.models import Finding, Review, Sample
from sidebyside.accounts.models import User
from support.models import Skill
from tests import make
from tests.impact.cases import OUTCOME, half_over, just_over

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 375, "height": 800}, {"width": 1200, "height": 900}


@pytest.fixture
def open_as(live_server, browser: Browser) -> Callable[..., Page]:
    """A browser in which somebody is signed in; it must meet no error of a script or of the policy."""
    opened, faults = [], []

    def open_one(who: User, viewport: dict[str, int] = DESK, **rest: bool) -> Page:
        client = Client()
        client.force_login(who)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(base_url=live_server.url, viewport=viewport, **rest)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        opened.append(context)
        page.goto("/")
        return page

    yield open_one
    for context in opened:
        context.close()
    assert faults == []


def is_sound(page: Page) -> None:
    """No offence against axe, and nothing wider than the window."""
    found = Axe().run(page).response["violations"]
    assert [violation["id"] for violation in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def fill_in(page: Page, how_far: str, well: str) -> None:
    page.get_by_role("group", name=OUTCOME).get_by_label(how_far).check()
    page.get_by_label("What shows it").fill("41 of 50 at the standard")
    page.get_by_label("What went well").fill(well)


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_champion_writes_the_mid_point_review_on_a_telephone(open_as, today, has_javascript):
    make.council()
    all_of_them = half_over(today)
    invite_reviews(now=timezone.now())
    page = open_as(all_of_them.champion, PHONE, java_script_enabled=has_javascript)
    page.get_by_role("link", name="Write the mid-point review").click()
    fill_in(page, "Partly", "Leaders were always there")
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_role("link", name="Enter what to change")).to_be_visible()
    expect(page.get_by_label("What went well")).to_have_value("Leaders were always there")
    page.get_by_label("What to change").fill("Begin earlier")
    if has_javascript:
        is_sound(page)
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_text("The mid-point review is in. Thank you.")).to_be_visible()
    expect(page.get_by_text("41 of 50 at the standard")).to_be_visible()
    assert (Review.objects.get().party, Review.objects.get().kind) == ("champion", "midpoint")


def test_a_head_evaluates_then_reads_what_the_champion_wrote(open_as, today):
    make.council()
    all_of_them = just_over(today)
    make.review(all_of_them.deployment, "champion", went_well="Leaders were always there")
    invite_reviews(now=timezone.now())
    page = open_as(all_of_them.head)
    page.goto(reverse("deployment_reviews", args=[all_of_them.deployment.pk]))
    expect(page.get_by_text("You can read it once yours is in.")).to_be_visible()
    expect(page.get_by_text("Leaders were always there")).not_to_be_attached()
    page.get_by_role("link", name="Write the review of the school").click()
    fill_in(page, "Mostly", "Staff ask for more")
    page.get_by_label("What you would change another time").fill("Fix the days at the start")
    page.get_by_role("group", name="Would you recommend this support").get_by_label("Yes", exact=True).check()
    is_sound(page)
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_text("Leaders were always there")).to_be_visible()
    is_sound(page)


def test_a_leader_draws_a_sample_records_a_finding_and_shows_the_board_what_worked(open_as, today):
    make.council()
    reading = Skill.objects.create(name="Early reading")
    for _ in range(3):
        over = just_over(today, skill=reading).deployment
        make.review(over, ratings={OUTCOME: "mostly"})
    page = open_as(make.user("lead"))
    page.get_by_role("link", name="Impact").click()
    page.get_by_role("link", name="Quality assurance").click()
    page.get_by_role("button", name="Draw a sample").click()
    page.goto(f"{reverse('sample_new')}?year={over.starts_on.year - (over.starts_on.month < 9)}")
    expect(page.get_by_text("3 deployments")).to_be_visible()
    page.get_by_label("How many to draw").fill("1")
    page.get_by_label("Why you draw this sample").fill("This term’s checks")
    is_sound(page)
    page.get_by_role("button", name="Draw the sample").click()
    expect(page.get_by_text("Drawn again just now with the same seed")).to_be_visible()
    is_sound(page)
    page.get_by_role("link", name="Record a finding").click()
    page.get_by_label("Strong").check()
    page.get_by_label("What you found").fill("Each day has a purpose")
    page.get_by_role("button", name="Record the finding").click()
    expect(page.get_by_text("Each day has a purpose")).to_be_visible()
    assert (Sample.objects.get().size, Finding.objects.get().grade) == (1, "strong")
    page.get_by_role("link", name="Impact").click()
    row = page.get_by_role("row", name="Early reading")
    expect(row).to_contain_text("2.0")
    expect(row).to_contain_text("3 of 3")
    expect(row).to_contain_text("1 strong")
    is_sound(page)
    page.set_viewport_size(PHONE)
    is_sound(page)
