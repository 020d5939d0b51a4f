"""V4 in a real browser: nothing typed is lost, and the page never says saved when it is not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sidebyside.accounts.models import User
from tests import make
from visits.models import AgreedAction, Draft, Note, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 375, "height": 800}
SOON = 20_000  # milliseconds: longer than the longest pause between two attempts


@pytest.fixture
def adviser(settings) -> User:
    settings.DEMO = True
    make.council()
    make.offer(timezone.localdate().year if timezone.localdate().month > 8 else timezone.localdate().year - 1)
    adviser = make.user("adviser", email="adviser@westmere.example", name="Priya Raman")
    adviser.set_password("a long enough password")
    adviser.save()
    return adviser


@pytest.fixture
def visit(adviser) -> Visit:
    school = make.school(name="Mill Lane Primary School")
    make.categorise(school, "Prevention")
    make.head(school, name="Ann Reed")
    return make.visit(school, timezone.localdate(), adviser=adviser)


@pytest.fixture
def enter(live_server) -> Callable[[BrowserContext, User], None]:
    """Let a person into a browser, as signing in does."""

    def let_in(context: BrowserContext, who: User) -> None:
        client = Client()
        client.force_login(who)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return let_in


@pytest.fixture
def log(live_server, page: Page, visit, adviser, enter) -> Page:
    """The log of the visit, open on a telephone."""
    page.set_viewport_size(PHONE)
    enter(page.context, adviser)
    page.goto(f"{live_server.url}{reverse('visit_log', args=[visit.pk])}")
    return page


def status(page: Page):
    return page.locator("[data-save-state]")


def saved(page: Page) -> None:
    expect(status(page)).to_contain_text("Saved at", timeout=SOON)


def test_what_is_typed_is_saved_within_ten_seconds_and_is_there_in_the_next_tab(log, adviser):
    log.get_by_label("Strengths").fill("Phonics is taught well")
    expect(status(log)).to_have_text("Saving…")
    expect(status(log)).to_contain_text("Saved at", timeout=10_000)
    assert Draft.objects.get(writer=adviser).content["strengths"] == "Phonics is taught well"
    other = log.context.new_page()
    other.goto(log.url)
    expect(other.get_by_label("Strengths")).to_have_value("Phonics is taught well")
    expect(status(other)).to_contain_text("Saved at")


def test_who_types_without_a_pause_is_saved_all_the_same(log):
    box = log.get_by_label("Strengths")
    with log.expect_request(lambda request: request.url.endswith("/draft/"), timeout=10_000):
        box.press_sequentially("Phonics is taught well. " * 4, delay=100)


def test_a_lost_connection_is_said_and_the_text_is_saved_when_it_is_back(log):
    log.context.set_offline(True)
    log.get_by_label("Strengths").fill("Phonics is taught well")
    expect(status(log)).to_contain_text("Not saved – trying again. You are offline", timeout=SOON)
    assert not Draft.objects.exists()
    log.context.set_offline(False)
    saved(log)
    assert Draft.objects.get().content["strengths"] == "Phonics is taught well"


def test_a_server_that_is_gone_is_said_and_the_text_is_saved_when_it_is_back(log):
    log.route("**/draft/", lambda route: route.abort())
    log.get_by_label("Strengths").fill("Phonics is taught well")
    expect(status(log)).to_contain_text("Not saved – trying again. The portal does not answer", timeout=SOON)
    log.unroute("**/draft/")
    saved(log)


def test_an_error_of_the_server_is_never_taken_for_saved(log):
    log.route("**/draft/", lambda route: route.fulfill(status=500, body="<h1>Sorry</h1>"))
    log.get_by_label("Strengths").fill("Phonics is taught well")
    expect(status(log)).to_contain_text("Not saved – trying again. The portal has a problem", timeout=SOON)
    log.unroute("**/draft/")
    saved(log)


def test_a_lost_answer_is_no_second_writer(log):
    def lose_the_answer(route):
        route.fetch()
        route.abort()

    log.route("**/draft/", lose_the_answer, times=1)
    log.get_by_label("Strengths").fill("Phonics")
    expect(status(log)).to_contain_text("Not saved – trying again", timeout=SOON)
    log.get_by_label("Strengths").fill("Phonics is taught well")
    saved(log)
    assert Draft.objects.get().content["strengths"] == "Phonics is taught well"


def test_after_an_expired_session_the_text_stays_and_is_saved_once_signed_in_in_another_tab(log, adviser):
    Session.objects.all().delete()
    log.get_by_label("Strengths").fill("Phonics is taught well")
    expect(status(log)).to_contain_text("You are signed out; your text stays here and will be saved", timeout=SOON)
    with log.context.expect_page() as opened:
        log.get_by_role("link", name="Sign in in another tab").click()
    other = opened.value
    other.locator("input[name=login]").fill(adviser.email)
    other.locator("input[name=password]").fill("a long enough password")
    other.locator("form:has(input[name=password]) button[type=submit]").first.click()
    expect(other.get_by_role("heading", name="Headline Visit")).to_be_visible()
    saved(log)
    assert Draft.objects.get().content["strengths"] == "Phonics is taught well"
    log.get_by_role("button", name="Save draft").click()
    expect(log.get_by_label("Strengths")).to_have_value("Phonics is taught well")


def test_somebody_else_who_signs_in_there_is_not_given_the_text(log, enter):
    stranger = make.user("adviser")
    enter(log.context, stranger)
    log.get_by_label("Strengths").fill("Phonics is taught well")
    expect(status(log)).to_contain_text("Somebody else is signed in", timeout=SOON)
    assert not Draft.objects.exists()


def test_the_text_of_a_tab_that_is_closed_in_the_middle_of_a_word_is_there_again(log):
    log.get_by_label("Strengths").fill("Phonics is tau")
    with log.expect_response(lambda response: response.url.endswith("/draft/")):
        log.evaluate("window.dispatchEvent(new Event('pagehide'))")
    other = log.context.new_page()
    log.close()
    other.goto(log.url)
    expect(other.get_by_label("Strengths")).to_have_value("Phonics is tau")


@pytest.mark.parametrize(
    ("button", "kept"),
    [("Keep the text of this window", "From the second"), ("Use the newer text", "From the first")],
)
def test_a_second_window_is_told_of_the_newer_text_and_its_writer_chooses(log, button, kept):
    second = log.context.new_page()
    second.goto(log.url)
    log.get_by_label("Strengths").fill("From the first")
    saved(log)
    second.get_by_label("Strengths").fill("From the second")
    expect(status(second)).to_contain_text("Newer text was saved at", timeout=SOON)
    panel = second.get_by_role("alert").filter(has_text="from another window")
    expect(panel.get_by_role("row", name="Strengths From the second From the first")).to_be_visible()
    assert Draft.objects.get().content["strengths"] == "From the first"
    second.get_by_role("button", name=button).click()
    saved(second)
    expect(second.get_by_label("Strengths")).to_have_value(kept)
    assert Draft.objects.get().content["strengths"] == kept


def test_how_long_a_champion_stayed_is_asked_only_when_one_came(log):
    make.champion("SSLC", name="Cleo Marsh")
    log.reload()
    stayed = log.get_by_role("group", name="How long the champion was there")
    expect(stayed).to_be_hidden()
    log.get_by_label("Did a champion attend?").select_option(label="Cleo Marsh, SSLC")
    expect(stayed).to_be_visible()


def fill_in(page: Page) -> None:
    page.get_by_label("Length").fill("90")
    page.get_by_label("People met").fill("Ann Reed, headteacher")
    page.get_by_label("Focus and evidence seen").fill("Reading in Year 2")
    page.get_by_label("Strengths").fill("Phonics is taught well")
    page.get_by_label("Areas for development").fill("Books match the sounds")
    page.get_by_label("Confidential part").fill("The chair may resign")
    due = timezone.localdate() + timedelta(days=30)
    rows = page.locator("[data-row]")
    if page.evaluate("document.body.classList.contains('js-enabled')"):
        page.get_by_role("button", name="Add another action").click()
    row = rows.last
    row.get_by_label("What will be done").fill("Check the books")
    row.get_by_label("Who will do it").fill("The reading lead")
    for part, value in (("Day", due.day), ("Month", due.month), ("Year", due.year)):
        row.get_by_label(part).fill(str(value))


def share(page: Page) -> None:
    page.get_by_role("button", name="Check and share").click()
    expect(page.get_by_role("heading", name="Confidential: not shared")).to_be_visible()
    page.get_by_role("button", name="Share the note").click()
    expect(page.get_by_text("The note is shared with Mill Lane Primary School.")).to_be_visible()


def test_a_visit_is_logged_on_a_telephone_shared_and_marked_accurate(log, visit, enter):
    fill_in(log)
    share(log)
    assert (Note.objects.count(), AgreedAction.objects.get().what, Draft.objects.count()) == (1, "Check the books", 0)
    enter(log.context, User.objects.get(name="Ann Reed"))
    log.reload()
    expect(log.get_by_text("Phonics is taught well")).to_be_visible()
    expect(log.get_by_text("The chair may resign")).to_have_count(0)
    log.get_by_role("button", name="Mark it accurate, or answer").click()
    log.get_by_label("Yes, it is accurate").check()
    log.get_by_role("button", name="Send").click()
    expect(log.get_by_text("The note is accurate.")).to_be_visible()
    visit.delivery.refresh_from_db()
    assert visit.delivery.state == "confirmed"


def test_when_all_is_saved_the_first_press_leads_on(log):
    fill_in(log)
    saved(log)
    log.get_by_role("button", name="Check and share").click()
    expect(log.get_by_role("heading", name="Confidential: not shared")).to_be_visible()


def test_everything_works_without_a_script(live_server, browser: Browser, visit, adviser, enter):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    enter(context, adviser)
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('visit_log', args=[visit.pk])}")
    page.get_by_label("Strengths").fill("Phonics")
    page.get_by_role("button", name="Save draft").click()
    expect(status(page)).to_contain_text("Saved at")
    page.get_by_role("button", name="Add another action").click()
    expect(page.locator("[data-row]")).to_have_count(3)
    expect(page.get_by_label("Strengths")).to_have_value("Phonics")
    page.get_by_role("button", name="Check and share").click()
    expect(page.get_by_role("link", name="Say whom you met")).to_be_visible()
    fill_in(page)
    share(page)
    context.close()
    assert Note.objects.get().strengths == "Phonics is taught well"


def offences(page: Page) -> list[str]:
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("width", [1200, 375])
def test_no_page_of_visits_offends_axe_or_a_phones_width(live_server, page, visit, adviser, enter, width):
    enter(page.context, adviser)
    held = make.visit(visit.delivery.school, timezone.localdate() - timedelta(days=40), "delivered", adviser=adviser)
    make.note(held, confidential="Only us")
    action = make.agreed_action(held)
    make.note(held, version=2, reason="A name was wrong", focus="Reading in Year 3")
    page.set_viewport_size({"width": width, "height": 800})
    names = ["visit_detail", "visit_log", "visit_move", "visit_cancel"]
    paths = [reverse("visit_list"), *(reverse(name, args=[visit.pk]) for name in names)]
    paths += [reverse(name, args=[held.pk]) for name in ("visit_detail", "note_versions", "note_amend")]
    paths += [reverse(name, args=[visit.delivery.school_id]) for name in ("school_visits", "visit_plan")]
    paths += [reverse("action_close", args=[action.pk]), f"{reverse('visit_log', args=[visit.pk])}?check=1"]
    found = {}
    for path in paths:
        page.goto(f"{live_server.url}{path}")
        wider = page.evaluate("document.documentElement.scrollWidth") > width
        if faults := offences(page) + (["wider than the window"] if wider else []):
            found[path] = faults
    assert found == {}
