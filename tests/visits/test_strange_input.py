"""What no browser sends by itself: no page of visits breaks over it, and no text that was typed is lost."""

import json
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests import make
from tests.visits.cases import filled
from visits.forms.logging import MOST_ACTIONS
from visits.models import Draft, Visit

pytestmark = pytest.mark.django_db
NUL, HALF_A_LETTER, HIGH_TWO = "\x00", "\ud800", "²"
STRANGE = {
    "nul": NUL, "half a letter": HALF_A_LETTER, "high two": HIGH_TWO, "negative": "-1", "huge": "9" * 30,
    "longer than a number may be": "9" * 5000, "arabic three": "٣",
}  # fmt: skip
PASTED = "Reading in Year 2. " * 250_000
strange = pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE)
OF_FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def visit(today) -> Visit:
    make.council()
    make.offer(today.year if today.month > 8 else today.year - 1)
    school = make.school()
    make.categorise(school, "Prevention")
    return make.visit(school, today)


@pytest.fixture
def browser(signed_in, visit):
    return signed_in(visit.delivery.adviser)


def post(browser, name: str, *args, **fields: str):
    """A form as a hand-made request may send it: half a letter in bytes that are no text."""
    body = urlencode({key: value.encode("utf-8", "surrogatepass") for key, value in fields.items()})
    return browser.post(reverse(name, args=args), body, content_type=OF_FORM)


def send(browser, visit: Visit, content: dict[str, str], **about):
    """A save as a script sends it."""
    sent = {"writer": visit.delivery.adviser_id, "revision": 0, "content": content} | about
    url = reverse("draft_save", args=[visit.pk])
    return browser.post(url, json.dumps(sent), content_type="application/json")


@strange
def test_a_number_of_rows_that_is_none_counts_as_nothing(browser, visit, value):
    asked = urlencode({"rows": value.encode("utf-8", "surrogatepass")})
    response = browser.get(f"{reverse('visit_log', args=[visit.pk])}?{asked}")
    assert (response.status_code, response.content.count(b"data-row>")) == (200, 2)


def test_a_huge_number_of_rows_shows_as_many_as_a_log_may_have(browser, visit):
    shown = browser.get(reverse("visit_log", args=[visit.pk]), {"rows": "999999999"}).content
    assert shown.count(b"data-row>") == MOST_ACTIONS


@strange
def test_the_log_takes_or_refuses_each_field(browser, visit, value):
    for name in [*filled(), "window", "sequence", "amends", "writer"]:
        response = post(browser, "visit_log", visit.pk, **filled(check="1") | {name: value})
        assert response.status_code in {200, 302, 409}, name


@strange
def test_a_draft_of_strange_texts_opens_again(browser, visit, value):
    names = ("focus", "minutes", "champion", "happens_on_day", "actions-0-due_on_year")
    post(browser, "visit_log", visit.pk, **filled() | dict.fromkeys(names, value))
    for name in ("visit_log", "visit_detail"):
        assert browser.get(reverse(name, args=[visit.pk]), {"check": "1"}).status_code == 200
    assert browser.get(reverse("note_share", args=[visit.pk])).status_code == 302


def test_a_paste_of_5_megabytes_stays_on_the_page_with_the_reason(browser, visit):
    response = post(browser, "visit_log", visit.pk, **filled(focus=PASTED))
    shown = response.content.decode()
    assert (response.status_code, PASTED.strip() in shown, "too long to be saved" in shown) == (422, True, True)
    answer = send(browser, visit, {"focus": PASTED})
    assert (answer.status_code, answer.json()["state"], Draft.objects.count()) == (422, "refused", 0)


NESTED = {
    "lists": "[" * 200_000,
    "objects": '{"content":' * 100_000,
    "in place of a name": '{"window":' + "[" * 200_000,
}


@pytest.mark.parametrize("body", [*NESTED.values(), '{"revision": ' + "9" * 10_000 + "}"], ids=[*NESTED, "number"])
def test_what_cannot_be_read_is_no_draft(browser, visit, body):
    url = reverse("draft_save", args=[visit.pk])
    assert browser.post(url, body, content_type="application/json").status_code == 400
    assert not Draft.objects.exists()


@pytest.mark.parametrize("value", [[["a"]], {"a": 1}, None, 1.5, True, *STRANGE.values()])
def test_what_a_script_says_of_itself_breaks_no_save(browser, visit, value):
    for place in ("window", "sequence", "revision", "amends"):
        Draft.objects.all().delete()
        assert send(browser, visit, {"focus": "Reading"}, **{place: value}).status_code in {200, 422}
    assert send(browser, visit, {"focus": "Reading"}, writer=value).json() == {"state": "stranger"}


def test_lists_within_lists_as_deep_as_can_be_read_break_no_save(browser, visit):
    """However deep the stack is: where reading them just works, writing them out as text may not."""
    for depth in range(100, 1000, 20):
        nested = "[" * depth + "]" * depth
        body = f'{{"content": {{"focus": "x"}}, "writer": {nested}, "revision": {nested}, "window": {nested}}}'
        url = reverse("draft_save", args=[visit.pk])
        assert browser.post(url, body, content_type="application/json").status_code in {400, 409}


@strange
def test_a_scripts_save_keeps_a_strange_text(browser, visit, value):
    assert send(browser, visit, {"focus": value}).json()["state"] == "saved"


@strange
def test_the_other_forms_say_what_is_wrong(browser, visit, signed_in, value):
    plan = {"service": value, "adviser": value, "mode": value, "starts_at": value, "happens_on_day": value}
    for name, args, fields in (
        ("visit_plan", visit.delivery.school_id, plan),
        ("visit_move", visit.pk, {"reason": value, "starts_at": value, "mode": value, "happens_on_year": value}),
        ("visit_cancel", visit.pk, {"why": value, "notice_on_month": value}),
        ("note_share", visit.pk, {"revision": value, "way": value, "asked": value, "override": value}),
        ("action_close", make.agreed_action(visit).pk, {"effect": value}),
    ):
        assert post(browser, name, args, **fields).status_code in {200, 302}, name
    make.note(visit)
    for fields in ({"focus": value}, {"reason": value}, {"amends": value, "revision": value, "window": value}):
        assert post(browser, "note_amend", visit.pk, **filled(amends="1", save="1") | fields).status_code in {200, 302}
    head = signed_in(make.head(visit.delivery.school))
    answer = {"verdict": "answer", "text": value, "version": "1"}
    assert post(head, "note_answer", visit.pk, **answer | {"version": value, "verdict": value}).status_code == 200
    assert post(head, "note_answer", visit.pk, **answer).status_code in {200, 302}


@strange
def test_an_address_by_hand_breaks_no_list(browser, value):
    for name in ("adviser", "school", "state", "since", "until", "since_day", "sort", "page"):
        asked = urlencode({name: value.encode("utf-8", "surrogatepass")})
        for page in ("visit_list", "visit_export"):
            assert browser.get(f"{reverse(page)}?{asked}").status_code in {200, 404}, name


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_a_visit_of_no_such_number_is_not_there(browser, number):
    for rest in ("", "log/", "share/", "draft/"):
        assert browser.post(f"/visits/{number}/{rest}").status_code == 404
