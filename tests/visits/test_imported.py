"""A visit from a spreadsheet goes on like one that was planned here: V1, V3, V4, S9."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from sidebyside.govuk.dates import posted
from sidebyside.imports.kinds import KINDS
from sidebyside.imports.writing import import_sheet
from sidebyside.refusals import Refusal
from support.actions.confirming import confirm_delivery
from support.models import Delivery
from tests import make
from tests.visits.cases import DAY, MOMENT, NOTE, filled, log
from visits.actions.importing import visits_for_deliveries
from visits.actions.notes import share_note
from visits.models import Note, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    make.council()
    make.offer_2022()
    school = make.school(name="Mill Lane Primary School")
    make.categorise(school, "Prevention")
    return school


@pytest.fixture
def adviser(school):
    return make.adviser_of(school)


def bring_in(school, *rows: str, on: date = DAY) -> None:
    make.service("HLV")
    text = "urn,service,date,days,champion,state,reference\n" + "".join(f"{school.pk},{row}\n" for row in rows)
    plan = import_sheet(KINDS["deliveries"], text.encode(), name="visits.csv", by=None, on=on)
    assert plan.problems == []


def planned(school, day: date = DAY) -> Visit:
    bring_in(school, f"HLV,{day},,,planned,R1", on=day)
    return Visit.objects.get()


def held(school, state: str = "delivered", day: date = DAY) -> Visit:
    bring_in(school, f"HLV,{day},,,{state},R1", on=day)
    return Visit.objects.get()


def test_every_imported_visit_has_its_row_and_nothing_else_has(school):
    make.champion("SSLC", code="CH1")
    bring_in(school, "HLV,2023-01-18,,,planned,R1", "HLV,2022-11-09,,,confirmed,R2", "SSLC,2023-01-18,1,CH1,delivered,")
    assert sorted(Visit.objects.values_list("delivery__reference", flat=True)) == ["R1", "R2"]


def test_the_same_file_again_and_a_later_one_leave_the_visit_as_it_is(school):
    visit = planned(school)
    Visit.objects.update(mode="online")
    bring_in(school, "HLV,2023-01-18,,,planned,R1")
    bring_in(school, "HLV,2023-01-17,,,delivered,R1")
    visit.refresh_from_db()
    assert (visit.mode, visit.delivery.happens_on, visit.is_held) == ("online", date(2023, 1, 17), True)


def test_an_imported_visit_is_of_whoever_looked_after_the_school_on_its_day(school):
    former, present = make.user("adviser"), make.user("adviser")
    school.adviser_assignments.create(adviser=former, started_on=date(2020, 9, 1), ended_on=date(2022, 12, 31))
    school.adviser_assignments.create(adviser=present, started_on=date(2023, 1, 1))
    days = ("2020-01-15,,,delivered", "2022-11-09,,,delivered", "2023-01-10,,,planned", "2023-06-14,,,planned")
    bring_in(school, *(f"HLV,{day}," for day in days))
    found = Delivery.objects.order_by("happens_on").values_list("adviser", flat=True)
    assert list(found) == [None, former.pk, present.pk, present.pk]


def test_a_delivery_has_one_visit(school):
    visit = planned(school)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(delivery=visit.delivery)
    assert visits_for_deliveries(on=DAY) == 0


def test_an_imported_plan_is_logged_like_any_other_and_belongs_to_who_logged_it(school):
    lead = make.user("lead")
    visit = planned(school)
    share_note(visit, log(), by=lead, on=DAY, at=MOMENT)
    visit.refresh_from_db()
    assert (visit.delivery.state, visit.delivery.adviser, Note.objects.get().version) == ("delivered", lead, 1)


@pytest.mark.parametrize("state", ["delivered", "confirmed"])
def test_a_visit_that_was_held_elsewhere_gets_its_note_and_keeps_its_facts(school, adviser, state):
    visit = held(school, state)
    note = share_note(visit, log(minutes=75), by=adviser, on=DAY + timedelta(days=9), at=MOMENT)
    visit.refresh_from_db()
    assert (visit.delivery.state, visit.delivery.happens_on, visit.minutes) == (state, DAY, 75)
    assert (note.version, note.focus) == (1, NOTE.focus)


def test_a_note_never_changes_the_day_or_the_champion_of_a_visit_that_was_held(school, adviser):
    visit = held(school)
    for different in ({"happens_on": DAY - timedelta(days=1)}, {"champion": make.champion(), "half_days": 1}):
        with pytest.raises(Refusal, match="stands as held on 18 January 2023"):
            share_note(visit, log(**different), by=adviser, on=DAY, at=MOMENT)
    assert not Note.objects.exists()


def test_m1_who_added_the_note_does_not_confirm_the_visit(school, adviser):
    visit, lead = held(school), make.user("lead")
    share_note(visit, log(), by=lead, on=DAY, at=MOMENT)
    with pytest.raises(Refusal, match="You recorded this yourself"):
        confirm_delivery(visit.delivery, by=lead, on=DAY, why="The head is ill")
    assert Delivery.objects.get().state == "delivered"


def test_m1_who_confirmed_a_visit_of_nobody_does_not_become_its_adviser(signed_in, school):
    visit, lead = held(school), make.user("lead")
    confirm_delivery(visit.delivery, by=lead, on=DAY, why="The head said so")
    browser = signed_in(lead)
    browser.post(reverse("visit_log", args=[visit.pk]), filled())
    assert f"{lead}, 90 minutes" not in text_of(browser, "note_share", visit.pk)
    share_note(Visit.objects.get(), log(), by=lead, on=DAY, at=MOMENT)
    assert (Delivery.objects.get().adviser, Note.objects.get().shared_by) == (None, lead)


def test_a_note_is_added_once(school, adviser):
    visit = held(school)
    share_note(visit, log(), by=adviser, on=DAY, at=MOMENT)
    with pytest.raises(Refusal, match="shared already"):
        share_note(Visit.objects.get(), log(), by=adviser, on=DAY, at=MOMENT)
    assert Note.objects.count() == 1


# --- The pages --------------------------------------------------------------------------------------------------------


def text_of(browser, name, *args, **query) -> str:
    return browser.get(reverse(name, args=args), query).content.decode()


def test_the_adviser_finds_an_imported_plan_logs_moves_or_cancels_it(signed_in, school, adviser, today):
    visit, browser = planned(school, today), signed_in(adviser)
    for name, args in (("visit_list", []), ("school_visits", [school.pk])):
        assert visit.get_absolute_url() in text_of(browser, name, *args)
    shown = text_of(browser, "visit_detail", visit.pk)
    assert [words in shown for words in ("Log this visit", "Move it", "Cancel it")] == [True] * 3
    browser.post(reverse("visit_log", args=[visit.pk]), filled(check="1") | posted("happens_on", today))
    browser.post(reverse("note_share", args=[visit.pk]), {"revision": "1"})
    assert Note.objects.get().visit == visit


def test_the_adviser_adds_a_note_to_a_visit_that_was_held(signed_in, school, adviser, today):
    visit, browser = held(school, day=today - timedelta(days=9)), signed_in(adviser)
    shown = text_of(browser, "visit_detail", visit.pk)
    assert [words in shown for words in ("Add a note", "Log this visit", "Move it")] == [True, False, False]
    asked = text_of(browser, "visit_log", visit.pk)
    assert ("Add a note" in asked, 'name="happens_on' in asked, 'name="champion"' in asked) == (True, False, False)
    answer = browser.post(reverse("visit_log", args=[visit.pk]), filled(check="1"))
    assert answer.url == reverse("note_share", args=[visit.pk])
    browser.post(answer.url, {"revision": "1"})
    visit.refresh_from_db()
    assert (Note.objects.get().visit, visit.delivery.happens_on) == (visit, today - timedelta(days=9))
    assert "Add a note" not in text_of(browser, "visit_detail", visit.pk)
    assert browser.get(reverse("visit_log", args=[visit.pk])).url == visit.get_absolute_url()


@pytest.mark.parametrize(("make_one", "words"), [(planned, "Log this visit"), (held, "Add a note")])
def test_both_lists_lead_whoever_may_log_to_the_log(signed_in, school, adviser, today, make_one, words):
    visit = make_one(school, day=today)
    link = f'href="{reverse("visit_log", args=[visit.pk])}">{words}<'
    for person, is_there in ((adviser, True), (make.head(school), False)):
        browser = signed_in(person)
        shown = [text_of(browser, "school_visits", school.pk), text_of(browser, "visit_list")]
        assert [link in text for text in shown] == [is_there] * 2
    make.note(visit, shared_by=adviser)
    Delivery.objects.update(state="delivered")
    assert link not in text_of(signed_in(adviser), "school_visits", school.pk)


def of_nobody(school, state: str = "delivered", day: date = DAY) -> Visit:
    """A visit that came in while nobody looked after its school."""
    bring_in(school, f"HLV,{day},,,{state},R1", on=day)
    assert Delivery.objects.get().adviser is None
    return Visit.objects.get()


def assigned(school, started_on: date, ended_on: date | None = None):
    adviser = make.user("adviser")
    school.adviser_assignments.create(adviser=adviser, started_on=started_on, ended_on=ended_on)
    return adviser


def test_a1_a_visit_of_nobody_is_for_the_schools_adviser_then_or_now_and_for_a_leader(school):
    visit, today = of_nobody(school), date(2023, 6, 1)
    then = assigned(school, date(2023, 1, 1), DAY)
    between = assigned(school, DAY + timedelta(days=1), today - timedelta(days=1))
    now, elsewhere, lead = assigned(school, today), make.adviser_of(make.school()), make.user("lead")
    people = (then, between, now, elsewhere, lead, make.head(school))
    assert [visit.may_be_logged_by(person, on=today) for person in people] == [True, False, True, False, True, False]
    with pytest.raises(Refusal, match=r"Nobody is recorded as this visit’s adviser.* ask a team leader"):
        share_note(visit, log(), by=between, on=today, at=MOMENT)
    share_note(visit, log(), by=then, on=today, at=MOMENT)
    assert (Delivery.objects.get().adviser, Note.objects.get().shared_by) == (then, then)


def test_a_visit_that_has_an_adviser_is_logged_by_a_colleague_who_stands_in(school, adviser):
    assert held(school).may_be_logged_by(make.user("adviser"), on=DAY)


@pytest.mark.parametrize("state", ["planned", "delivered"])
def test_who_may_not_log_a_visit_of_nobody_reads_why_and_loses_no_word(signed_in, school, today, state):
    visit, browser = of_nobody(school, state, today), signed_in("adviser")
    link = reverse("visit_log", args=[visit.pk])
    shown = text_of(browser, "visit_detail", visit.pk)
    assert ("ask a team leader to make you the school’s adviser" in shown, link in shown) == (True, False)
    lists = text_of(browser, "school_visits", school.pk), text_of(browser, "visit_list", adviser="none")
    assert [link in text for text in lists] == [False, False]
    assert browser.get(link).url == visit.get_absolute_url()
    browser.post(link, filled(check="1", focus="Typed while I was its adviser") | posted("happens_on", today))
    assert browser.post(reverse("note_share", args=[visit.pk]), {"revision": "1"}).url == visit.get_absolute_url()
    assert not Note.objects.exists()
    assert "Typed while I was its adviser" in text_of(browser, "visit_detail", visit.pk)


def test_lists_lead_its_schools_adviser_and_a_leader_to_a_visit_of_nobody(signed_in, school, today):
    visit = of_nobody(school, day=today)
    for person in (assigned(school, today), make.user("lead")):
        browser = signed_in(person)
        lists = text_of(browser, "school_visits", school.pk), text_of(browser, "visit_list", adviser="none")
        assert [reverse("visit_log", args=[visit.pk]) in text for text in lists] == [True, True]


def test_a_visit_to_come_is_not_offered_for_logging_in_lists(signed_in, school, adviser, today):
    visit = make.visit(school, today + timedelta(days=1), adviser=adviser)
    assert reverse("visit_log", args=[visit.pk]) not in text_of(signed_in(adviser), "visit_list")


def test_a_head_adds_no_note(signed_in, school):
    visit, browser = held(school), signed_in(make.head(school))
    assert "Add a note" not in text_of(browser, "visit_detail", visit.pk)
    assert browser.get(reverse("visit_log", args=[visit.pk])).status_code == 403


def test_visits_of_nobody_are_found_among_those_without_an_adviser(signed_in, school):
    visit, browser = planned(school), signed_in("adviser")
    assert list(browser.get(reverse("visit_list")).context["page"]) == []
    assert list(browser.get(reverse("visit_list"), {"adviser": "none"}).context["page"]) == [visit]


def test_no_page_calls_a_missing_adviser_none(signed_in, school, today):
    visit, browser = planned(school, today), signed_in("adviser")
    browser.post(reverse("visit_log", args=[visit.pk]), filled() | posted("happens_on", today))
    for name in ("visit_detail", "visit_log", "note_share"):
        assert "None" not in text_of(browser, name, visit.pk)


def test_adding_a_note_takes_at_most_six_queries(signed_in, school, adviser, django_assert_max_num_queries):
    visit, browser = held(school), signed_in(adviser)
    browser.post(reverse("visit_log", args=[visit.pk]), filled())
    for name in ("visit_detail", "visit_log"):
        with django_assert_max_num_queries(6):
            text_of(browser, name, visit.pk)
    with django_assert_max_num_queries(7):
        text_of(browser, "note_share", visit.pk)


def test_a_delivery_that_has_no_visit_yet_breaks_no_page(signed_in, school, adviser):
    make.delivery(school, "HLV", DAY, state="planned")
    assert "Note due" in text_of(signed_in(adviser), "school_visits", school.pk)
