"""A champion in conflict attends no visit, as none is deployed: the own school never, another with a reason only."""

import re
from datetime import date

import pytest
from django.urls import reverse

from schools.models import SchoolLink
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.models import Delivery
from tests import make
from tests.visits.cases import DAY, MOMENT, filled, log
from visits.actions.notes import share_note
from visits.models import Note, Visit

pytestmark = pytest.mark.django_db
WHY = "The only one who teaches braille"


@pytest.fixture
def academy():
    make.council()
    make.offer_2022()
    return make.academy(name="Vale Academy")


@pytest.fixture
def visit(academy) -> Visit:
    return make.visit(academy, DAY)


@pytest.fixture
def sister(academy):
    """An academy of the same trust."""
    sister = make.academy()
    make.trust(academy, sister, name="Mill Lane Trust")
    return sister


def share(visit: Visit, champion, **rest) -> Note:
    return share_note(visit, log(champion=champion, half_days=1), by=visit.delivery.adviser, on=DAY, at=MOMENT, **rest)


@pytest.mark.parametrize("override", ["", WHY])
def test_a_champion_never_attends_a_visit_to_the_own_school(visit, academy, override):
    with pytest.raises(Refusal, match="Vale Academy is the home school of") as refused:
        share(visit, make.champion(home=academy), override=override)
    visit.delivery.refresh_from_db()
    assert (refused.value.field, visit.delivery.state, Note.objects.count()) == ("champion", "planned", 0)


def test_s7_nor_one_to_what_the_own_school_was_before(visit, academy):
    home = make.school()
    SchoolLink.objects.create(urn=academy.pk, linked_urn=home.pk, kind="predecessor")
    with pytest.raises(Refusal, match="home school"):
        share(visit, make.champion(home=home))


def test_one_of_the_same_trust_attends_with_a_reason_that_stands_in_the_trail(visit, sister):
    champion = make.champion(home=sister)
    with pytest.raises(Refusal, match=r"both in Mill Lane Trust\. Say why") as refused:
        share(visit, champion, override=" ")
    assert (refused.value.field, Note.objects.count()) == ("override", 0)
    share(visit, champion, override=WHY)
    assert (visit.delivery.champion, Event.objects.get(verb="note.shared").why) == (champion, WHY)


def test_one_who_is_deployed_there_that_day_needs_no_further_reason(visit, academy, sister):
    champion = make.champion(home=sister)
    make.deployment(academy, champion, ends_on=date(2023, 1, 17))
    with pytest.raises(Refusal, match="Say why"):
        share(visit, champion)
    make.deployment(academy, champion, starts_on=DAY)
    assert share(visit, champion).version == 1


def test_a_reason_that_nobody_needs_is_not_written_down(visit):
    share(visit, make.champion(), override=WHY)
    assert Event.objects.get(verb="note.shared").why == ""


def test_a_note_of_a_visit_that_was_held_asks_nothing_of_its_champion(academy):
    own = make.champion(home=academy)
    visit = make.visit(academy, DAY, "delivered", champion=own, days="0.5")
    assert share(visit, own).version == 1


def test_the_page_asks_why_and_then_shares(signed_in, academy, sister, today):
    champion = make.champion(home=sister)
    visit = make.visit(academy, DAY)
    browser, url = signed_in(visit.delivery.adviser), reverse("note_share", args=[visit.pk])
    browser.post(reverse("visit_log", args=[visit.pk]), filled(champion=str(champion.pk)))
    assert "attended all the same" not in browser.get(url).content.decode()
    asked = browser.post(url, {"revision": "1"}).content.decode()
    assert ("both in Mill Lane Trust" in asked, 'name="override"' in asked) == (True, True)
    browser.post(url, {"revision": "1", "override": WHY})
    assert (Delivery.objects.get().champion, Note.objects.count()) == (champion, 1)


def test_the_page_says_that_it_is_the_own_school_and_leads_back_to_the_log(signed_in, academy, visit):
    champion, browser = make.champion(home=academy), signed_in(visit.delivery.adviser)
    browser.post(reverse("visit_log", args=[visit.pk]), filled(champion=str(champion.pk)))
    asked = browser.post(reverse("note_share", args=[visit.pk]), {"revision": "1"}).content.decode()
    assert "Choose another champion, or none." in asked
    assert ('name="override"' in asked, reverse("visit_log", args=[visit.pk]) in asked) == (False, True)


class TestAPlannedChampion:
    """A spreadsheet may plan a visit with a champion: the log begins with that, and may say otherwise."""

    @pytest.fixture
    def visit(self, academy) -> Visit:
        planned = make.champion(name="Kim Ode", is_active=False)
        return make.visit(academy, DAY, champion=planned, days="1")

    def test_is_the_logs_first_answer(self, signed_in, visit, today):
        page = signed_in(visit.delivery.adviser).get(reverse("visit_log", args=[visit.pk])).content.decode()
        assert f'<option value="{visit.delivery.champion_id}" selected' in page
        assert [value for value in "12" if checked(page, "half_days", value)] == ["2"]

    def test_is_taken_off_by_no_champion(self, signed_in, visit, today):
        browser, log_url = signed_in(visit.delivery.adviser), reverse("visit_log", args=[visit.pk])
        browser.post(log_url, filled(champion=""))
        assert f'<option value="{visit.delivery.champion_id}" selected' not in browser.get(log_url).content.decode()
        browser.post(reverse("note_share", args=[visit.pk]), {"revision": "1"})
        visit.delivery.refresh_from_db()
        facts = visit.delivery.state, visit.delivery.champion, visit.delivery.champion_type, visit.delivery.half_days
        assert facts == ("delivered", None, None, 0)


def checked(page: str, name: str, value: str) -> bool:
    """Whether a radio button is chosen."""
    inputs = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return any(f'value="{value}"' in each and "checked" in each for each in inputs)


def test_the_log_says_deployed_here_of_those_deployed_on_the_visits_day(signed_in, academy, visit, today):
    spans = {
        "Then": {"starts_on": DAY, "ends_on": DAY},
        "Ended": {"state": "ended", "ends_on": DAY},
        "Before": {"ends_on": date(2023, 1, 17)},
        "Later": {"starts_on": date(2023, 1, 19)},
        "Never": {"state": "cancelled"},
    }
    for name, span in spans.items():
        make.deployment(academy, make.champion(name=f"{name} Lee"), **span)
    page = signed_in(visit.delivery.adviser).get(reverse("visit_log", args=[visit.pk])).content.decode()
    assert re.findall(r"(\w+) Lee, SSLC – deployed here", page) == ["Ended", "Then"]
