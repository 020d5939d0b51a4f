"""The forms pack in a real browser: focus, access, phones, and no script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("/sample/form/", "/sample/list/?page=3", "/schools/900101/", "/accounts/login/", "/accounts/password/reset/")
WIDTHS = (1200, 375)


@pytest.fixture
def site(live_server, settings):
    """The address of the sample pages."""
    settings.ROOT_URLCONF = "tests.sidebyside.sample_pages"
    return live_server.url


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console says against the page: a refused script or style would stand here."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def offences(page: Page) -> list[str]:
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in Axe().run(page).response["violations"]]


def test_each_link_of_the_error_summary_focuses_its_control(site, page):
    page.goto(f"{site}/sample/form/")
    page.get_by_role("button", name="Save the visit").click()
    links = page.locator(".govuk-error-summary__list a")
    focused = []
    for index in range(links.count()):
        links.nth(index).click()
        focused.append(page.evaluate("[document.activeElement.id, document.activeElement.tagName]"))
    asked = [link.get_attribute("href").removeprefix("#") for link in links.all()]
    tags = {"id_headline": "TEXTAREA", "id_follow_up": "SELECT"}
    assert len(asked) == 17
    assert focused == [[target, tags.get(target, "INPUT")] for target in asked]


def test_the_error_summary_takes_the_focus_and_the_title_says_error(site, page):
    page.goto(f"{site}/sample/form/")
    page.get_by_role("button", name="Save the visit").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title() == "Error: Log a Headline Visit – Side by Side"


def faults(page: Page, width: int) -> list[str]:
    """What axe finds, and whether the page is wider than its window."""
    is_wider = page.evaluate("document.documentElement.scrollWidth") > width
    return offences(page) + (["wider than the window"] if is_wider else [])


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_offends_axe_the_policy_or_a_phones_width(site, page, complaints, width):
    page.set_viewport_size({"width": width, "height": 800})
    found = {}
    for path in PAGES:
        page.goto(f"{site}{path}")
        found[path] = faults(page, width)
    page.goto(f"{site}/sample/form/")
    page.get_by_role("button", name="Save the visit").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    found["errors"] = faults(page, width)
    assert (found, complaints) == ({key: [] for key in (*PAGES, "errors")}, [])


def test_a_choice_opens_its_own_questions_only(site, page):
    page.goto(f"{site}/sample/form/")
    page.get_by_label("The school pays").check()
    expect(page.locator("#id_agreed_price")).to_be_visible()
    expect(page.locator("#id_reason")).to_be_hidden()


def test_without_a_script_every_question_is_open(site, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/sample/form/")
    expect(page.locator("#id_agreed_price")).to_be_visible()
    expect(page.locator("#id_reason")).to_be_visible()
    context.close()


def test_the_first_tab_stop_skips_to_the_main_content(site, page):
    page.goto(f"{site}/sample/form/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_a_stacked_table_is_still_a_table_for_screen_readers(site, page):
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{site}/schools/900101/")
    expect(page.get_by_role("table", name="Visits")).to_be_visible()
    row = page.get_by_role("table", name="Visits").get_by_role("row").nth(1)
    assert [cell.get_attribute("data-label") for cell in row.locator("th, td").all()] == ["Date", "Focus", "Days"]


def test_filters_start_folded_on_a_phone_only(site, page):
    page.goto(f"{site}/sample/list/")
    expect(page.get_by_label("Name or URN")).to_be_visible()
    page.set_viewport_size({"width": 375, "height": 800})
    page.reload()
    expect(page.get_by_label("Name or URN")).to_be_hidden()


def test_a_schools_tabs_say_which_page_is_open(site, page):
    page.goto(f"{site}/schools/900101/visits/")
    tabs = page.get_by_role("navigation", name="This school").get_by_role("link")
    assert [(tab.inner_text(), tab.get_attribute("aria-current")) for tab in tabs.all()] == [
        ("Overview", None),
        ("Visits", "page"),
    ]
