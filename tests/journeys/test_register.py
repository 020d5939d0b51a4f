"""The register of champions in a real browser: for everybody, on a desk and on a telephone (A4)."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from sidebyside.accounts.models import User
from sidebyside.years import AcademicYear
from support.models import ChampionCheck, CheckKind, Interest, Phase, Skill
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def champion(settings):
    """One with something on every page."""
    settings.DEMO = True
    make.council()
    today, lead = timezone.localdate(), make.user("lead")
    year = AcademicYear.containing(today)
    make.offer(year.start)
    make.half_terms(year.start)
    person = make.user("champion", name="Kim Ode")
    champion = make.champion(code="CH01", name="Kim Ode", days_a_year="5", user=person, email="kim@westmere.example")
    champion.other_types.set([make.champion_type("ABLE")])
    champion.skills.set([Skill.objects.create(name="Early reading")])
    champion.phases.set([Phase.objects.create(name="Primary")])
    for name, last in (("Induction", None), ("Training", today + timedelta(days=9)), ("First aid", today)):
        kind = CheckKind.objects.create(name=name, good_for_months=12)
        ChampionCheck.objects.create(champion=champion, kind=kind, done_on=today, expires_on=last, recorded_by=lead)
    school = make.school(name="Oak Green School")
    Interest.objects.create(champion=champion, school=school, what="A sister", declared_on=today, recorded_by=lead)
    deployment = make.deployment(school, champion, starts_on=today, ends_on=year.last_day, made_by=lead)
    for days in range(2):
        at = {"champion": champion, "deployment": deployment, "happens_on": today + timedelta(days=days)}
        make.delivery(school, state=("delivered", "planned")[days], **at)
    return champion


def let_in(context: BrowserContext, who: User, url: str) -> None:
    """Sign a person in, as the sign-in does."""
    client = Client()
    client.force_login(who)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}])


def faults(page: Page, width: int) -> list[str]:
    """What axe finds, and whether the page is wider than its window."""
    found = [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in Axe().run(page).response["violations"]]
    wider = page.evaluate("document.documentElement.scrollWidth") > width
    return [*found, "wider than the window"] if wider else found


@pytest.mark.parametrize("width", [1200, 375])
def test_no_page_of_the_register_offends_axe_or_a_phones_width(live_server, page, champion, width):
    let_in(page.context, make.user("lead"), live_server.url)
    page.set_viewport_size({"width": width, "height": 800})
    names = ["champion_detail", "champion_checks", "champion_calendar", "champion_edit", "availability", "check_new",
             "home_school_change", "lending_days", "lending_end", "interest_new"]  # fmt: skip
    paths = [reverse("champion_list"), reverse("champion_new")]
    paths += [reverse(name, args=[champion.code]) for name in names]
    paths.append(reverse("interest_end", args=[champion.code, champion.interests.get().pk]))
    paths.append(reverse("check_remove", args=[champion.code, champion.checks.first().pk]))
    found = {}
    for path in paths:
        page.goto(f"{live_server.url}{path}")
        if wrong := faults(page, width):
            found[path] = wrong
    assert found == {}


def test_a_champion_says_on_a_telephone_when_they_have_days_and_turns_the_calendar(live_server, page, champion):
    let_in(page.context, champion.user, live_server.url)
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{live_server.url}{reverse('champion_detail', args=[champion.code])}")
    page.get_by_role("link", name="Change the availability").click()
    page.get_by_label("Days in Autumn 2").fill("400")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").get_by_text("working days.")).to_be_visible()
    page.get_by_label("Days in Autumn 2").fill("4.5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is saved.")).to_be_visible()
    assert champion.availabilities.get().half_days == 9
    page.get_by_role("link", name="Calendar").click()
    today = timezone.localdate()
    expect(page.get_by_text(f"{today:%A} {today.day} {today:%B}")).to_be_visible()
    following = f"{today.replace(day=1) + timedelta(days=31):%B %Y}"
    page.get_by_role("link", name=following).click()
    expect(page.get_by_role("table", name=following)).to_be_visible()
