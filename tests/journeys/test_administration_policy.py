"""The administration and the account's pages work in a real browser under the portal's one strict policy."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.access.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser(live_server, page, client):
    """An administrator's browser with a small world to look at; `page.complaints` is what the policy refused."""
    world = build()
    client.force_login(world.people["administrator"])
    page.context.add_cookies([{"name": "sessionid", "value": client.session.session_key, "url": live_server.url}])
    page.complaints = []
    page.on("console", lambda line: "Security Policy" in line.text and page.complaints.append((page.url, line.text)))
    page.on("pageerror", lambda error: page.complaints.append((page.url, str(error))))
    page.go = lambda path: page.goto(live_server.url + path)
    return page


def pages() -> list[str]:
    urls = [reverse(name) for name in ("admin:index", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "imports")]
    for model in admin.site._registry:
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        urls += [reverse(f"{names}_changelist"), reverse(f"{names}_add")]
        if row := model._default_manager.first():
            urls += [reverse(f"{names}_{page}", args=[row.pk]) for page in ("change", "history")]
    return urls


def test_no_page_asks_for_what_the_policy_refuses(browser):
    for url in pages():
        browser.go(url)
    assert browser.complaints == []
    browser.evaluate("document.body.setAttribute('style', 'color: red')")
    assert len(browser.complaints) == 1  # the control: a style of a page's own is heard of


def test_the_calendar_and_the_search_for_a_school_work(browser):
    browser.go(reverse("admin:schools_appointment_add"))
    browser.locator(".datetimeshortcuts a").nth(1).click()
    browser.locator(".calendarbox td a").first.click()
    assert browser.input_value("#id_started_on") != ""
    browser.locator(".select2-selection").first.click()
    browser.keyboard.type("Mine")
    browser.locator(".select2-results__option", has_text="Mine Academy").click()
    assert "Mine Academy" in browser.locator(".select2-selection").first.inner_text()
    assert browser.complaints == []
