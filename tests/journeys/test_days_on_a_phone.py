"""A champion's days on a telephone, by touch: booked, moved, logged; the head disputes one, the broker settles it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from sidebyside.accounts.models import User
from sidebyside.months import Month
from sidebyside.years import AcademicYear
from support.models import Delivery, Deployment, Dispute
from tests import make
from tests.journeys.doing import fill_date

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 375, "height": 800}
PATIENCE = 20_000  # milliseconds, for a page on a slow machine


@pytest.fixture
def deployment(settings) -> Deployment:
    settings.DEMO = True
    make.council()
    today = timezone.localdate()
    for start in {AcademicYear.containing(today + timedelta(days=ahead)).start for ahead in (-60, 0, 90)}:
        make.offer(start)
    school = make.school(name="Vale School")
    make.categorise(school, "Intervention", today - timedelta(days=90))
    champion = make.champion("SSPC", name="Jo Marsh", user=make.user("champion", name="Jo Marsh"))
    return make.deployment(
        school, champion, starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=90)
    )  # fmt: skip


@pytest.fixture
def phone_of(browser: Browser, live_server) -> Iterator[Callable[[User], Page]]:
    """A telephone in whose browser somebody is signed in."""
    contexts = []

    def open_one(who: User) -> Page:
        client = Client()
        client.force_login(who)
        context = browser.new_context(base_url=live_server.url, viewport=PHONE, has_touch=True, is_mobile=True)
        context.set_default_timeout(PATIENCE)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def fits_and_is_accessible(page: Page) -> None:
    """No wider than the telephone, and nothing that axe finds."""
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_days_from_a_booking_to_a_dispute_that_is_settled(deployment, phone_of):
    champion = phone_of(deployment.champion.user)
    first, second = book_two_days(champion, deployment)
    move_one(champion, first, second + timedelta(days=1))
    log_half_a_day(champion, deployment)
    log_the_week(champion, deployment)
    dispute_the_half_day(phone_of(make.head(deployment.school)))
    settle_it(phone_of(make.user("lead")))


def book_two_days(page: Page, deployment: Deployment) -> tuple[date, date]:
    """Tick two free days of a month and book both at once."""
    page.goto(deployment.get_absolute_url())
    page.get_by_role("button", name="Book days").tap()
    month = Month.containing(timezone.localdate()).next
    page.get_by_role("link", name=str(month)).tap()
    expect(page.get_by_role("table", name=str(month))).to_be_visible()
    fits_and_is_accessible(page)
    boxes = page.get_by_role("checkbox")
    for place in (0, 1):
        boxes.nth(place).tap()
    page.get_by_label("Half a day").tap()
    page.get_by_role("button", name="Book these days").tap()
    expect(page.get_by_text("2 days are booked.")).to_be_visible()
    booked = Delivery.objects.filter(state="planned").order_by("happens_on")
    assert [(each.half_days, each.deployment) for each in booked] == [(1, deployment)] * 2
    return booked[0].happens_on, booked[1].happens_on


def move_one(page: Page, day: date, to: date) -> None:
    """Give the first one another date."""
    delivery = Delivery.objects.get(happens_on=day)
    page.goto(reverse("delivery_detail", args=[delivery.pk]))
    page.get_by_role("link", name="Move it").tap()
    fill_date(page, "happens_on", to)
    page.get_by_role("button", name="Move the day").tap()
    expect(page.get_by_text(f"The day is moved to {to:%-d %B %Y}.")).to_be_visible()


def log_half_a_day(page: Page, deployment: Deployment) -> None:
    """Today's half day, with its effect, from the home page."""
    page.goto("/")
    page.get_by_role("link", name="Log a day at Vale School").tap()
    page.get_by_label("Half a day").tap()
    page.get_by_label("What was done, or is planned").fill("Modelled guided reading in Year 3.")
    page.get_by_label("What effect it has had").fill("Two teachers now plan it together.")
    fits_and_is_accessible(page)
    page.get_by_role("button", name="Save the day").tap()
    expect(page.get_by_text("The day is in the record.")).to_be_visible()
    assert Delivery.objects.get(state="delivered").effect == "Two teachers now plan it together."


def log_the_week(page: Page, deployment: Deployment) -> None:
    """Yesterday and the day before on one page."""
    page.goto("/days/week/")
    fits_and_is_accessible(page)
    for ago in (1, 2):
        day = timezone.localdate() - timedelta(days=ago)
        page.locator(f"#id_day-{day}-length").select_option("2")
        page.locator(f"#id_day-{day}-summary").fill("Phonics with Year 1.")
    page.get_by_role("button", name="Save the week").tap()
    expect(page.get_by_text("The week is in the record.")).to_be_visible()
    assert Delivery.objects.filter(state="delivered").count() == 3


def dispute_the_half_day(page: Page) -> None:
    """The head confirms two together and says what is wrong with the third."""
    page.goto(reverse("confirmation_list"))
    fits_and_is_accessible(page)
    for place in (0, 1):
        page.get_by_role("checkbox").nth(place).tap()
    page.get_by_role("button", name="Confirm all chosen").tap()
    page.get_by_role("button", name="Confirm", exact=True).tap()
    expect(page.get_by_text("Thank you. 2 deliveries are confirmed.")).to_be_visible()
    page.get_by_role("link", name="Something is wrong").tap()
    page.get_by_label("No, something is wrong").tap()
    page.get_by_label("What is wrong").fill("Nobody came: the school was closed.")
    page.get_by_role("button", name="Save the answer").tap()
    expect(page.get_by_text("Nothing is charged meanwhile.").first).to_be_visible()
    assert Dispute.objects.open().count() == 1


def settle_it(page: Page) -> None:
    """The broker finds it on the home page and settles it."""
    page.goto("/")
    page.get_by_role("link", name="Jo Marsh").first.tap()
    expect(page.get_by_text("Nobody came: the school was closed.")).to_be_visible()
    fits_and_is_accessible(page)
    page.get_by_label("It did not take place").tap()
    page.get_by_label("How you settled it").fill("Both agree that the school was closed.")
    page.get_by_role("button", name="Settle the dispute").tap()
    expect(page.get_by_text("The dispute is settled.")).to_be_visible()
    expect(page.get_by_text("Both agree that the school was closed.").first).to_be_visible()
    assert (Dispute.objects.open().count(), Delivery.objects.filter(state="confirmed").count()) == (0, 2)
