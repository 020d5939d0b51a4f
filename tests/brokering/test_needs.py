"""Asking for support, correcting it, taking it back, declining it; and how a need stands by its deployment."""

from datetime import date

import pytest

from brokering.actions.needs import ask_for_support, change_need, decline_need, withdraw_need
from brokering.forms.needs import wanted_of
from brokering.models import Need
from sidebyside.audit.models import Event
from sidebyside.mail.models import Dispatch
from sidebyside.refusals import Refusal
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2022, 12, 1)
SECRET = "The reading lead has left"
WANTED = {
    "what": "The teaching of early reading", "why": SECRET, "starts_on": date(2023, 1, 9),
    "ends_on": date(2023, 3, 31), "half_days": 8,
}  # fmt: skip


@pytest.fixture
def school():
    make.council()
    return make.school(name="Mill Lane Primary School")


@pytest.fixture
def head(school):
    return make.head(school, email="head@school.example")


@pytest.fixture
def lead():
    return make.user("lead")


def ask(school, by, **rest):
    return ask_for_support(school, **WANTED | {"by": by, "on": DAY} | rest)


def mails():
    return list(Dispatch.objects.order_by("pk").values_list("to", "subject"))


def trail():
    return list(Event.objects.order_by("pk").values_list("verb", "why", "details"))


def refusal(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.field, refused.value.sentence


def test_a_need_is_written_down_with_a_trail_and_a_mail_that_never_says_why(school, head):
    need = ask(school, head, skill=make.skill(), champion_type=make.champion_type("SSPC"))
    assert (need.standing, need.asked_by, need.asked_on, need.why) == ("open", head, DAY, SECRET)
    assert mails() == [(["schools@westmere.example"], "Support is asked for at Mill Lane Primary School")]
    assert SECRET not in Dispatch.objects.get().body
    assert f"/needs/{need.pk}/" in Dispatch.objects.get().body
    assert trail() == [("need.asked", "", {"half_days": 8})]


def test_the_same_form_asks_once(school, head):
    first, second = ask(school, head, request_key="a"), ask(school, head, request_key="a")
    assert (first, Need.objects.count(), len(mails())) == (second, 1, 1)


@pytest.mark.parametrize(
    ("rest", "field", "sentence"),
    [
        ({"half_days": 0}, "half_days", "Ask for at least half a day."),
        ({"ends_on": date(2023, 1, 8)}, "ends_on", "The last day is before the first."),
        (
            {"starts_on": date(2022, 11, 1), "ends_on": date(2022, 11, 30)},
            "ends_on",
            "The last day is in the past. Choose a day that is still to come.",
        ),
        (
            {"ends_on": date(2023, 9, 1)},
            "ends_on",
            "A need stays within one academic year, for each has its own offer. End it by 31 August 2023, and ask "
            "again for the year after.",
        ),
        (
            {"ends_on": date(2023, 1, 10), "half_days": 5},
            "half_days",
            "There are only 2 working days between these dates. Ask for fewer, or choose other dates.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(school, head, rest, field, sentence):
    assert refusal(lambda: ask(school, head, **rest)) == (field, sentence)
    assert (Need.objects.count(), mails()) == (0, [])


def test_e7_a_need_may_end_on_the_last_day_of_the_academic_year(school, head):
    assert ask(school, head, ends_on=date(2023, 8, 31)).year.start == 2022


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"type_code": "10"}, "school", "{} is neither maintained nor an academy, so the offer does not reach it."),
        ({"opened_on": date(2023, 2, 1)}, "starts_on", "{} is not open on 9 January 2023."),
        ({"closed_on": date(2023, 2, 1)}, "ends_on", "{} closes before 31 March 2023. Choose an earlier day."),
    ],
)
def test_a_school_that_is_not_open_throughout_asks_for_nothing_then(head, facts, field, sentence):
    school = make.school(**facts)
    assert refusal(lambda: ask(school, head)) == (field, sentence.format(school))


def test_while_it_is_open_it_can_be_corrected_and_the_trail_names_the_fields_alone(school, head):
    need = ask(school, head)
    values = wanted_of(need) | {"why": "Two teachers have left", "half_days": 6}
    changed = change_need(need, **values, by=head, on=DAY)
    assert (changed.half_days, Need.objects.get().why) == (6, "Two teachers have left")
    assert trail()[-1] == ("need.changed", "", {"changed": ["why", "half_days"]})


@pytest.mark.parametrize("who", ["asked", "broker"])
def test_who_asked_or_the_broker_takes_it_back_with_a_reason(school, head, lead, who):
    need = ask(school, head)
    by = head if who == "asked" else lead
    withdrawn = withdraw_need(need, why="We found somebody", by=by, on=DAY)
    assert (withdrawn.standing, withdrawn.closed_by, withdrawn.closed_on) == ("withdrawn", by, DAY)
    assert trail()[-1] == ("need.withdrawn", "We found somebody", {})


def test_nobody_else_takes_it_back(school, head):
    need = ask(school, head)
    other = make.head(school)
    found = refusal(lambda: withdraw_need(need, why="Not now", by=other, on=DAY))
    assert found == (None, "Only who asked for this support, or the broker, takes it back.")


def test_declined_it_says_why_on_its_page_and_only_that_in_a_mail(school, head, lead):
    adviser = make.user("adviser", email="adviser@council.example")
    need = ask(school, adviser)
    declined = decline_need(need, why="No champion has days left", by=lead, on=DAY)
    assert (declined.standing, declined.closed_why) == ("declined", "No champion has days left")
    to = ["adviser@council.example", "head@school.example"]
    assert mails()[-1] == (to, "About the support for Mill Lane Primary School")
    assert "No champion has days left" not in Dispatch.objects.last().body


@pytest.mark.parametrize("act", [withdraw_need, decline_need])
def test_without_a_reason_nothing_is_closed(school, head, lead, act):
    need = ask(school, head)
    assert refusal(lambda: act(need, why=" ", by=lead, on=DAY)) == ("why", "Say why.")
    assert Need.objects.get().is_open


def test_what_is_closed_is_closed_once(school, head, lead):
    need = ask(school, head)
    withdraw_need(need, why="Not now", by=head, on=DAY)
    again = "This need was withdrawn already. Nothing was changed."
    assert refusal(lambda: decline_need(need, why="No", by=lead, on=DAY)) == (None, again)
    assert refusal(lambda: change_need(need, **wanted_of(need), by=head, on=DAY)) == (None, again)


STANDS = {"proposed": "matched", "agreed": "met", "ended": "met", "declined": "open", "cancelled": "open"}


@pytest.mark.parametrize("state", STANDS)
def test_a_need_stands_as_its_deployment_does(school, state):
    need = make.need(school, deployment=make.deployment(school, state=state))
    assert need.standing == STANDS[state]
    assert [s for s in Need.Standing if Need.objects.standing(s).exists()] == [STANDS[state]]


def test_what_is_matched_is_neither_corrected_nor_closed(school, lead):
    champion = make.champion(name="Jo Marsh")
    need = make.need(school, deployment=make.deployment(school, champion, state="proposed"))
    taken = "Jo Marsh is proposed for this need already. Nothing was changed."
    assert refusal(lambda: decline_need(need, why="No", by=lead, on=DAY)) == (None, taken)


def test_a1_needs_are_seen_by_the_team_and_by_the_school_that_asks(school, head, lead):
    need, other = make.need(school), make.need(make.school())
    auditor, adviser = make.user("auditor"), make.user("adviser")
    seen = {who.role: set(Need.objects.visible_to(who)) for who in (head, lead, auditor, adviser)}
    assert seen == {"head": {need}, "lead": {need, other}, "auditor": {need, other}, "adviser": {need, other}}
    nobody = [make.user(role) for role in ("champion", "finance", "trust_finance")]
    assert [Need.objects.visible_to(who).count() for who in nobody] == [0, 0, 0]
