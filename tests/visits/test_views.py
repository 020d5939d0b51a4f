"""The pages of visits: who may open them, what they show, and how many queries they take (A1, A3, V1 to V5)."""

import csv
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from sidebyside.govuk.dates import posted
from sidebyside.mail.models import Dispatch
from support.beyond import Answer, Way
from support.models import Adjustment, Delivery
from tests import make
from tests.visits.cases import NOTE, filled
from visits.actions.planning import cancel_visit, plan_visit
from visits.filters import sorted_visits
from visits.models import AgreedAction, Draft, Note, NoteAnswer, Visit

pytestmark = pytest.mark.django_db
SECRET = "The chair may resign"
OF_A_VISIT = [
    *("visit_detail", "visit_log", "visit_move", "visit_cancel", "note_share"),
    *("note_answer", "note_amend", "note_versions", "draft_save"),
]
TEAM_ONLY = ["visit_log", "visit_move", "visit_cancel", "note_share", "note_amend", "draft_save"]


@pytest.fixture
def school(today):
    make.council()
    make.offer(today.year if today.month > 8 else today.year - 1)
    school = make.school(name="Mill Lane Primary School")
    make.categorise(school, "Prevention")
    return school


@pytest.fixture
def adviser(school):
    return make.user("adviser")


@pytest.fixture
def visit(school, adviser, today):
    return make.visit(school, today, adviser=adviser)


@pytest.fixture
def held(school, adviser, today):
    visit = make.visit(school, today - timedelta(days=30), "delivered", adviser=adviser, minutes=90)
    make.note(visit, confidential=SECRET)
    return visit


def page(browser, name, *args, **query):
    return browser.get(reverse(name, args=args), query)


def without_token(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


@pytest.mark.parametrize("role", ["champion", "trust_finance", "finance", "auditor", "administrator"])
def test_a1_only_the_team_and_the_school_open_visits(signed_in, held, role):
    browser = signed_in(role)
    codes = {name: page(browser, name, held.pk).status_code for name in OF_A_VISIT}
    assert codes == dict.fromkeys(OF_A_VISIT, 403)
    assert [page(browser, name).status_code for name in ("visit_list", "visit_export")] == [403, 403]


def test_a1_another_schools_visit_looks_exactly_like_none(signed_in, held):
    browser = signed_in(make.head(make.school()))
    for name in ("visit_detail", "note_versions", "note_answer"):
        theirs, absent = page(browser, name, held.pk), page(browser, name, 999_999)
        assert (theirs.status_code, without_token(theirs)) == (404, without_token(absent))
    assert page(browser, "school_visits", held.delivery.school_id).status_code == 404


def test_a1_a_head_neither_plans_logs_nor_amends(signed_in, school, held):
    browser = signed_in(make.head(school))
    assert {page(browser, name, held.pk).status_code for name in TEAM_ONLY} == {403}
    assert page(browser, "visit_plan", school.pk).status_code == 403
    assert page(browser, "action_close", make.agreed_action(held).pk).status_code == 403


@pytest.mark.parametrize("name", ["visit_detail", "note_versions", "note_answer", "school_visits", "visit_list"])
def test_v2_the_confidential_part_is_in_no_page_of_the_school(signed_in, school, held, name):
    make.note(held, version=2, reason="A name", confidential=SECRET, focus="Reading in Year 3")
    browser = signed_in(make.head(school))
    args = {"school_visits": [school.pk], "visit_list": []}.get(name, [held.pk])
    response = page(browser, name, *args)
    assert (response.status_code, SECRET in response.content.decode()) == (200, False)


@pytest.mark.parametrize("role", ["adviser", "lead"])
def test_v2_the_team_reads_the_confidential_part(signed_in, held, role):
    assert SECRET in page(signed_in(role), "visit_detail", held.pk).content.decode()


@pytest.mark.parametrize("role", ["finance", "auditor", "administrator"])
def test_finance_sees_that_a_visit_happened_and_nothing_of_its_note(signed_in, school, held, role):
    make.agreed_action(held)
    text = page(signed_in(role), "school_visits", school.pk).content.decode()
    assert "Headline Visit" in text
    assert [word for word in (held.get_absolute_url(), "Check the books", SECRET) if word in text] == []


def listed(browser, **query):
    return list(page(browser, "visit_list", **query).context["page"])


def test_an_advisers_list_begins_with_their_own(signed_in, adviser, visit, held):
    other = make.visit(make.school(), date(2023, 1, 18))
    browser = signed_in(adviser)
    assert listed(browser) == [visit, held]
    assert listed(browser, adviser="all") == [visit, held, other]
    assert listed(browser, adviser=other.delivery.adviser_id) == [other]


def test_a_lead_begins_with_everybodys(signed_in, visit, held):
    assert listed(signed_in("lead")) == [visit, held]


def test_a_heads_list_holds_the_schools_visits_and_no_advisers_to_choose(signed_in, school, visit, held):
    make.visit(make.school(), date(2023, 1, 18))
    response = page(signed_in(make.head(school)), "visit_list", adviser=999)
    assert list(response.context["page"]) == [visit, held]
    assert "adviser" not in response.context["filter"].form.fields


def test_the_list_is_narrowed_by_state_school_and_dates(signed_in, school, today):
    browser = signed_in("lead")
    due = make.visit(school, today - timedelta(days=1))
    coming = make.visit(make.school(name="St Mary’s"), today + timedelta(days=1))
    held = make.visit(school, today - timedelta(days=9), "delivered")
    cancelled = make.visit(school, today + timedelta(days=9), "cancelled")
    states = {state: listed(browser, state=state) for state in ("coming", "due", "held", "cancelled")}
    assert states == {"coming": [coming], "due": [due], "held": [held], "cancelled": [cancelled]}
    assert listed(browser, school="st mary") == [coming]
    assert listed(browser, school=str(school.pk), state="due") == [due]
    since, until = (str(today + timedelta(days=days)) for days in (-1, 1))
    assert listed(browser, since=since, until=until) == [coming, due]


def test_the_list_is_sorted_both_ways(signed_in, today):
    browser = signed_in("lead")
    first = make.visit(make.school(name="Alder"), today - timedelta(days=2))
    second = make.visit(make.school(name="Birch"), today - timedelta(days=5))
    orders = [listed(browser, sort=sort) for sort in ("school", "-school", "date", "-date", "nonsense")]
    assert orders == [[first, second], [second, first], [second, first], [first, second], [first, second]]


def test_the_spreadsheet_has_the_same_visits_and_no_word_of_a_note(signed_in, school, held):
    response = page(signed_in("lead"), "visit_export", state="held")
    text = response.getvalue().decode()
    (row,) = csv.DictReader(text.splitlines())
    assert [row[name] for name in ("urn", "service", "state", "note_shared", "note_accurate", "minutes")] == [
        str(school.pk), "HLV", "delivered", "yes", "no", "90",
    ]  # fmt: skip
    assert [word for word in (SECRET, NOTE.focus, NOTE.strengths) if word in text] == []


def test_a_note_is_accurate_only_when_its_newest_version_is(signed_in, held, today):
    browser = signed_in("lead")
    note = held.notes.get()
    NoteAnswer.objects.create(
        note=note, is_accurate=True, answered_by=held.delivery.adviser, answered_at=note.shared_at
    )
    assert listed(browser)[0].is_accurate
    make.note(held, version=2, reason="A name")
    assert not listed(browser)[0].is_accurate


@pytest.mark.parametrize("rows", [1, 50])
def test_lists_take_as_many_queries_for_fifty_as_for_one(signed_in, school, adviser, django_assert_num_queries, rows):
    for place in range(rows):
        visit = make.visit(school, date(2023, 1, 1) + timedelta(days=place), "delivered", adviser=adviser)
        make.note(visit)
        make.agreed_action(visit)
    browser = signed_in(adviser)
    page(browser, "visit_list")  # the council is in the cache from here on
    with django_assert_num_queries(6):
        page(browser, "visit_list")
    with django_assert_num_queries(6):
        page(browser, "school_visits", school.pk)
    with django_assert_num_queries(4):
        page(browser, "visit_export").getvalue()


@pytest.mark.parametrize("rows", [1, 50])
def test_pages_of_a_visit_take_at_most_six_queries(signed_in, school, visit, held, django_assert_max_num_queries, rows):
    for _ in range(rows):
        make.agreed_action(held)
        make.champion("SSLC", school)
    browser = signed_in(visit.delivery.adviser)
    Draft.objects.create(
        visit=visit, writer=visit.delivery.adviser, content=filled(), saved_at=held.notes.get().shared_at
    )
    for name, of in [
        *((name, visit) for name in ("visit_detail", "visit_log", "visit_move", "visit_cancel", "note_share")),
        *((name, held) for name in ("note_amend", "note_versions")),
    ]:
        with django_assert_max_num_queries(6):
            assert page(browser, name, of.pk).status_code == 200
    with django_assert_max_num_queries(6):
        assert page(browser, "visit_plan", school.pk).status_code == 200
    with django_assert_max_num_queries(8):
        assert page(browser, "visit_detail", held.pk).status_code == 200


def plan(today, **rest):
    values = {"service": make.service("HLV").pk, "mode": "in school", "starts_at": "9:30"}
    return values | posted("happens_on", today + timedelta(days=7)) | rest


def test_v1_an_adviser_plans_a_visit(signed_in, school, adviser, today):
    make.head(school, name="Ann Reed")
    response = signed_in(adviser).post(
        reverse("visit_plan", args=[school.pk]), plan(today, adviser=adviser.pk), follow=True
    )
    visit = Visit.objects.get()
    assert response.redirect_chain == [(visit.get_absolute_url(), 302)]
    assert "A mail tells Ann Reed." in response.content.decode()
    assert Dispatch.objects.count() == 1


def test_who_plans_is_told_when_nobody_could_be_told(signed_in, school, adviser, today):
    url, values = reverse("visit_plan", args=[school.pk]), plan(today, adviser=adviser.pk)
    assert "so nobody got a mail" in signed_in(adviser).post(url, values, follow=True).content.decode()


def test_o13_beyond_the_allowance_the_form_offers_the_ways(signed_in, school, adviser, today):
    for day in range(3):
        make.delivery(school, "HLV", today - timedelta(days=day))
    browser, url = signed_in(make.user("lead")), reverse("visit_plan", args=[school.pk])
    asked = browser.post(url, plan(today, adviser=adviser.pk))
    assert [way for way, _ in asked.context["form"].fields["way"].choices] == ["stop", "allow", "pays"]
    values = plan(today, adviser=adviser.pk, asked="yes", way="pays", agreed_with="Ann Reed")
    browser.post(url, values)
    assert Visit.objects.get().delivery.funding == Delivery.Funding.BOUGHT


def test_cancelling_says_that_what_was_allowed_for_the_visit_is_taken_back(signed_in, school, adviser, visit, today):
    """O13."""
    make.delivery(school, "HLV", today - timedelta(days=1), units=2)
    lead, day = make.user("lead"), today + timedelta(days=1)
    hlv, answer = make.service("HLV"), Answer(Way.ALLOW, why="A new head of English")
    more = plan_visit(school, service=hlv, happens_on=day, adviser=adviser, by=lead, on=today, answer=answer)
    words = "What was allowed for it beyond the offer is taken back: 1 visit."
    found = [words in page(signed_in(adviser), "visit_cancel", each.pk).content.decode() for each in (more, visit)]
    assert found == [True, False]
    cancel_visit(more, why="Snow", notice_on=today, by=adviser, on=today)
    assert list(Adjustment.objects.order_by("pk").values_list("amount", flat=True)) == [1, -1]


def test_a_refusal_stands_beside_its_field(signed_in, adviser, today):
    make.council()
    school = make.school(closed_on=today, status="closing")
    response = signed_in(adviser).post(reverse("visit_plan", args=[school.pk]), plan(today, adviser=adviser.pk))
    assert "is not open on" in str(response.context["form"].errors["happens_on"])


def test_a_visit_is_moved_and_cancelled_with_reasons(signed_in, visit, adviser, today):
    browser = signed_in(adviser)
    values = {"mode": "online", "reason": "Trains", **posted("happens_on", today + timedelta(days=2))}
    browser.post(reverse("visit_move", args=[visit.pk]), values)
    visit.refresh_from_db()
    assert (visit.delivery.happens_on, visit.mode) == (today + timedelta(days=2), "online")
    browser.post(reverse("visit_cancel", args=[visit.pk]), {"why": "Snow", **posted("notice_on", today)})
    visit.delivery.refresh_from_db()
    assert visit.delivery.state == "cancelled"
    assert page(browser, "visit_log", visit.pk).url == visit.get_absolute_url()


def test_sharing_from_the_page_twice_makes_one_note_and_ends_on_the_visit(signed_in, visit, adviser, today):
    browser, url = signed_in(adviser), reverse("note_share", args=[visit.pk])
    checked = browser.post(reverse("visit_log", args=[visit.pk]), filled(check="1") | posted("happens_on", today))
    assert checked.url == url
    shown = browser.get(url)
    assert "not shared" in shown.content.decode()
    answers = [browser.post(url, {"revision": shown.context["revision"]}) for _ in range(2)]
    assert [answer.url for answer in answers] == [visit.get_absolute_url()] * 2
    assert (Note.objects.count(), AgreedAction.objects.count()) == (1, 1)


def test_what_is_shared_is_what_was_shown(signed_in, visit, adviser, today):
    browser = signed_in(adviser)
    browser.post(reverse("visit_log", args=[visit.pk]), filled() | posted("happens_on", today))
    Draft.objects.update(revision=7)
    response = browser.post(reverse("note_share", args=[visit.pk]), {"revision": "1"})
    assert "has changed since you opened this page" in response.content.decode()
    assert not Note.objects.exists()


def test_a_date_to_come_is_refused_only_when_it_is_shared_and_the_text_stays(signed_in, visit, adviser, today):
    browser = signed_in(adviser)
    values = filled(check="1") | posted("happens_on", today + timedelta(days=1))
    browser.post(reverse("visit_log", args=[visit.pk]), values)
    response = browser.post(reverse("note_share", args=[visit.pk]), {"revision": "1"})
    assert "still to come" in response.content.decode()
    assert Draft.objects.get().content["focus"] == NOTE.focus


def test_an_unfinished_log_is_a_draft_and_not_a_note(signed_in, visit, adviser):
    browser, url = signed_in(adviser), reverse("visit_log", args=[visit.pk])
    values = {"strengths": "Phonics", "happens_on_day": "31", "actions-0-what": "Check", "revision": "0"}
    errors = browser.post(url, values | {"check": "1"}).context["form"].errors
    assert errors["focus"] == ["Say what the visit looked at"]
    shown = browser.get(url).content.decode()
    assert 'value="31"' in shown
    assert 'value="Check"' in shown
    assert page(browser, "note_share", visit.pk).url == f"{url}?check=1"


def test_a_colleague_never_sees_a_draft(signed_in, visit, adviser):
    signed_in(adviser).post(reverse("visit_log", args=[visit.pk]), filled(confidential=SECRET))
    browser = signed_in("lead")
    for name in ("visit_log", "visit_detail"):
        assert SECRET not in page(browser, name, visit.pk).content.decode()


def test_without_a_script_an_older_page_is_shown_the_newer_text(signed_in, visit, adviser):
    browser, url = signed_in(adviser), reverse("visit_log", args=[visit.pk])
    browser.post(url, filled(strengths="From the first"))
    response = browser.post(url, filled(strengths="From the second"))
    text = response.content.decode()
    assert (response.status_code, "From the first" in text, "From the second" in text) == (409, True, True)
    assert Draft.objects.get().content["strengths"] == "From the first"
    browser.post(url, filled(strengths="From the second", revision=str(response.context["draft"].revision)))
    assert Draft.objects.get().content["strengths"] == "From the second"


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"content": 1}', "\xff"])
def test_a_draft_that_is_none_is_refused(signed_in, visit, adviser, body):
    url = reverse("draft_save", args=[visit.pk])
    assert signed_in(adviser).post(url, body, content_type="application/json").status_code == 400
    assert not Draft.objects.exists()


def test_v3_the_head_answers_the_version_that_was_read(signed_in, school, held):
    browser, url = signed_in(make.head(school)), reverse("note_answer", args=[held.pk])
    browser.post(url, {"verdict": "answer", "text": "Year 3, not Year 2", "version": "1"})
    assert NoteAnswer.objects.get().text == "Year 3, not Year 2"
    make.note(held, version=2, reason="The year")
    response = browser.post(url, {"verdict": "accurate", "version": "1"})
    assert "has been amended since" in response.content.decode()
    browser.post(url, {"verdict": "accurate", "version": "2"})
    held.delivery.refresh_from_db()
    assert (NoteAnswer.objects.count(), held.delivery.state) == (2, "confirmed")


def test_v3_an_amendment_shows_the_school_what_changed_and_why(signed_in, school, held, adviser):
    values = {name: getattr(NOTE, name) for name in ("people_met", "strengths", "areas")}
    values |= {"focus": "Reading in Year 3", "confidential": SECRET, "reason": "The year was wrong", "amends": "1"}
    signed_in(adviser).post(reverse("note_amend", args=[held.pk]), values | {"revision": "0"})
    text = page(signed_in(make.head(school)), "note_versions", held.pk).content.decode()
    assert "<del>2</del><ins>3</ins>" in text
    assert "The year was wrong" in text


def test_an_unfinished_amendment_is_a_draft(signed_in, held, adviser):
    browser, url = signed_in(adviser), reverse("note_amend", args=[held.pk])
    browser.post(url, {"focus": "Reading in Year 3", "amends": "1", "revision": "0", "save": "1"})
    assert "Reading in Year 3" in browser.get(url).content.decode()
    assert held.notes.count() == 1


def test_v5_open_actions_stand_on_the_schools_page_until_they_are_closed(signed_in, school, held, adviser):
    action, browser = make.agreed_action(held), signed_in(adviser)
    assert "Overdue" in page(browser, "school_visits", school.pk).content.decode()
    browser.post(reverse("action_close", args=[action.pk]), {"effect": "Books match"})
    text = page(browser, "school_visits", school.pk).content.decode()
    assert ("Overdue" in text, "Effect: Books match" in text) == (False, True)


def test_v5_the_log_carries_open_actions_forward(signed_in, visit, held, adviser, today):
    action, browser = make.agreed_action(held), signed_in(adviser)
    done = {f"carried_{action.pk}": "done"}
    values = filled(check="1", **done) | posted("happens_on", today)
    errors = browser.post(reverse("visit_log", args=[visit.pk]), values).context["form"].errors
    assert errors == {f"effect_{action.pk}": ["Say what effect “Check the books” has had"]}
    browser.post(
        reverse("visit_log", args=[visit.pk]), values | {f"effect_{action.pk}": "Books match", "revision": "1"}
    )
    browser.post(reverse("note_share", args=[visit.pk]), {"revision": "2"})
    action.refresh_from_db()
    assert (action.effect, AgreedAction.objects.open().count()) == ("Books match", 1)


def test_texts_of_a_note_are_escaped_everywhere(signed_in, held):
    make.note(held, version=2, reason="<script>1</script>", focus="<script>2</script>")
    browser = signed_in(held.delivery.adviser)
    for name in ("visit_detail", "note_versions", "note_amend"):
        assert "<script>" not in page(browser, name, held.pk).content.decode().replace('<script type="module"', "")


def test_an_advisers_list_is_read_in_its_order_from_an_index(adviser, today):
    for day in range(3):
        make.visit(make.school(), today - timedelta(days=day), adviser=adviser)
    mine = sorted_visits(Visit.objects.filter(delivery__adviser=adviser), "")[:50]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # three rows are read without an index unless that is forbidden
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        plan = mine.values_list("pk").explain()
    sorts = "TEMP B-TREE FOR ORDER BY" if connection.vendor == "sqlite" else "Sort Key"
    assert ("delivery_of_an_adviser" in plan, sorts in plan) == (True, False), plan


def test_the_way_back_from_cancelling_or_sharing_says_where_it_leads(signed_in, visit, adviser, today):
    browser = signed_in(adviser)
    browser.post(reverse("visit_log", args=[visit.pk]), filled() | posted("happens_on", today))
    for name, words in (("visit_cancel", "Keep it"), ("note_share", "Go on writing")):
        shown = page(browser, name, visit.pk).content.decode()
        assert (words in shown, ">Cancel</a>" in shown) == (True, False)


@pytest.mark.parametrize(("has_head", "words"), [(True, "A mail tells Ann Reed."), (False, "so nobody got a mail")])
def test_who_shares_or_amends_a_note_is_told_who_was_told(signed_in, school, visit, adviser, today, has_head, words):
    if has_head:
        make.head(school, name="Ann Reed")
    browser = signed_in(adviser)
    browser.post(reverse("visit_log", args=[visit.pk]), filled() | posted("happens_on", today))
    shared = browser.post(reverse("note_share", args=[visit.pk]), {"revision": "1"}, follow=True)
    assert words in shared.content.decode()
    texts = {name: getattr(NOTE, name) for name in ("people_met", "strengths", "areas")}
    values = texts | {"focus": "Reading in Year 3", "reason": "The year was wrong", "amends": "1", "revision": "0"}
    amended = browser.post(reverse("note_amend", args=[visit.pk]), values, follow=True)
    assert words in amended.content.decode()


def test_v3_a_head_is_asked_for_an_answer_where_the_page_begins_and_told_what_each_does(signed_in, school, held):
    browser = signed_in(make.head(school))
    ask = "mark it accurate or answer it"
    assert ask in page(browser, "visit_detail", held.pk).content.decode()
    shown = page(browser, "note_answer", held.pk).content.decode()
    assert "The note is final then, and your answer confirms that the visit took place." in shown
    empty = browser.post(reverse("note_answer", args=[held.pk]), {"verdict": "answer", "version": "1"})
    assert empty.context["form"].errors == {"text": ["Say what is not accurate, or what you want to add"]}
    browser.post(reverse("note_answer", args=[held.pk]), {"verdict": "answer", "text": "Year 3", "version": "1"})
    assert ask not in page(browser, "visit_detail", held.pk).content.decode()
