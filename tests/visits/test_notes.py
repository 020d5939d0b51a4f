"""Sharing, amending and answering notes: V1, V2, V3, V5, O7, M1, A3."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from schools.models import School
from sidebyside.audit.models import Event
from sidebyside.mail.models import Dispatch
from sidebyside.refusals import Refusal
from support.actions.confirming import confirm_delivery
from support.balances import balances_of
from support.beyond import Answer, BeyondAllowance, Way
from tests import make
from tests.visits.cases import AGREED, DAY, MOMENT, NOTE, log
from visits.actions.agreed import close_action
from visits.actions.drafts import save_draft
from visits.actions.notes import amend_note, answer_note, share_note
from visits.logs import AgreedText, NoteText
from visits.models import AgreedAction, ConfidentialNote, Draft, Note, NoteAnswer, Visit

pytestmark = pytest.mark.django_db
SECRET = "The chair may resign"


@pytest.fixture
def school():
    make.council()
    make.offer_2022()
    school = make.school()
    make.categorise(school, "Intervention")
    return school


@pytest.fixture
def visit(school) -> Visit:
    return make.visit(school, DAY)


@pytest.fixture
def head(school):
    return make.head(school)


def share(visit: Visit, on: date = DAY, answer: Answer | None = None, **rest) -> Note:
    return share_note(visit, log(**rest), by=visit.delivery.adviser, on=on, at=MOMENT, answer=answer)


def left(school: School, code: str) -> int:
    return balances_of(School.objects.filter(pk=school.pk), on=DAY)[school.pk].balance(code).left


def confidential_note() -> NoteText:
    return NoteText(**vars(NOTE) | {"confidential": SECRET})


def test_v1_sharing_makes_the_visit_held_and_the_note_version_one(visit):
    note = share(visit, minutes=75, mode="online")
    visit.refresh_from_db()
    assert (visit.delivery.state, visit.minutes, visit.mode) == ("delivered", 75, "online")
    assert (note.version, note.focus, note.shared_at) == (1, NOTE.focus, MOMENT)


def test_v1_a_visit_is_held_on_the_day_that_the_log_says(visit):
    share(visit, happens_on=date(2023, 1, 17))
    assert visit.delivery.happens_on == date(2023, 1, 17)


def test_v1_a_visit_to_come_cannot_have_been_held(visit):
    with pytest.raises(Refusal, match="still to come") as refused:
        share(visit, happens_on=date(2023, 1, 19))
    assert (refused.value.field, Note.objects.count()) == ("happens_on", 0)


def test_v2_the_confidential_part_is_a_row_of_its_own(visit):
    note = share(visit, note=confidential_note())
    assert ConfidentialNote.objects.get().note == note
    assert SECRET not in str(vars(note))


@pytest.mark.parametrize("part", ["people_met", "focus", "strengths", "areas"])
def test_v2_sharing_asks_for_what_a_note_must_say(visit, part):
    with pytest.raises(Refusal) as refused:
        share(visit, note=NoteText(**vars(NOTE) | {part: " "}))
    visit.delivery.refresh_from_db()
    assert (refused.value.field, visit.delivery.state) == (part, "planned")


def test_v2_an_action_needs_somebody_who_does_it(visit):
    with pytest.raises(Refusal, match="who will do it"):
        share(visit, agreed=(AgreedText("Check the books", "", AGREED.due_on),))


def test_o7_a_champion_who_attends_draws_half_days_from_that_champions_pool(visit, school):
    champion = make.champion("SSLC")
    share(visit, champion=champion, half_days=1)
    delivery = visit.delivery
    assert (delivery.champion, delivery.champion_type, delivery.half_days) == (champion, champion.type, 1)
    assert (left(school, "HLV"), left(school, "SSLC")) == (4, 35)


def test_o7_a_visit_by_an_adviser_alone_uses_no_champions_day(visit, school):
    share(visit)
    assert (left(school, "HLV"), left(school, "SSLC")) == (4, 36)


def test_o13_a_champions_half_day_beyond_the_pool_asks_and_may_be_allowed(visit, school):
    for day in range(1, 19):
        make.delivery(school, "SSLC", date(2022, 10, day))
    champion = make.champion("SSLC")
    with pytest.raises(BeyondAllowance):
        share(visit, champion=champion, half_days=1)
    assert Note.objects.count() == 0
    answer = Answer(Way.PAYS, agreed_with="Ann Reed")
    assert share(visit, champion=champion, half_days=1, answer=answer).version == 1


def test_sharing_twice_makes_one_note_one_visit_and_one_mail(visit, head):
    share(visit)
    with pytest.raises(Refusal, match="has been shared already"):
        share(Visit.objects.get())
    assert (Note.objects.count(), AgreedAction.objects.count(), Dispatch.objects.count()) == (1, 1, 1)


def test_sharing_takes_away_ones_own_draft_only(visit):
    for writer in (visit.delivery.adviser, make.user("adviser")):
        save_draft(visit, writer=writer, content={"focus": "x"}, revision=0, at=MOMENT)
    share(visit)
    assert Draft.objects.get().writer != visit.delivery.adviser


def test_the_mail_says_that_there_is_a_note_never_what_it_says(visit, head):
    share(visit, note=confidential_note())
    mail = Dispatch.objects.get()
    assert mail.to == [head.email]
    words = [NOTE.focus, NOTE.strengths, NOTE.areas, NOTE.people_met, AGREED.what, SECRET]
    assert [word for word in words if word in mail.body + mail.subject] == []


def test_a3_sharing_leaves_a_trail_without_a_word_of_the_note(visit, school):
    share(visit, note=confidential_note())
    event = Event.objects.get(verb="note.shared")
    assert (event.by, event.school_urn) == (visit.delivery.adviser, school.urn)
    assert event.details == {"version": 1, "actions": 1}


def test_v5_agreed_actions_live_on_and_are_closed_at_the_next_visit_with_an_effect(visit, school):
    share(visit)
    later = make.visit(school, date(2023, 3, 1))
    action = AgreedAction.objects.get()
    share(later, on=date(2023, 3, 1), happens_on=date(2023, 3, 1), agreed=(), done={action.pk: "Books match"})
    action.refresh_from_db()
    assert (action.done_on, action.done_by, action.effect) == (date(2023, 3, 1), later.delivery.adviser, "Books match")


def test_v5_another_schools_action_is_never_closed_by_a_visit(visit):
    elsewhere = make.agreed_action(make.visit(make.school()))
    share(visit, done={elsewhere.pk: "Mine now"})
    elsewhere.refresh_from_db()
    assert elsewhere.done_on is None


def test_v5_closing_needs_a_word_on_the_effect_and_happens_once(visit):
    action, adviser = make.agreed_action(visit), visit.delivery.adviser
    with pytest.raises(Refusal, match="what effect"):
        close_action(action, effect=" ", by=adviser, on=DAY)
    close_action(action, effect="Books match", by=adviser, on=DAY)
    with pytest.raises(Refusal, match="closed already"):
        close_action(action, effect="Again", by=adviser, on=DAY)
    assert Event.objects.filter(verb="action.closed").count() == 1


def test_v5_an_action_is_overdue_from_the_day_after(visit):
    action = make.agreed_action(visit, due_on=DAY)
    assert [action.is_overdue(DAY), action.is_overdue(date(2023, 1, 19))] == [False, True]
    assert [AgreedAction.objects.overdue(day).count() for day in (DAY, date(2023, 1, 19))] == [0, 1]


def test_v3_marking_a_note_accurate_confirms_the_visit_and_tells_the_adviser(visit, head):
    note = share(visit)
    answer_note(note, is_accurate=True, by=head, on=DAY, at=MOMENT)
    visit.delivery.refresh_from_db()
    assert (visit.delivery.state, visit.delivery.confirmed_by) == ("confirmed", head)
    assert Dispatch.objects.first().to == [visit.delivery.adviser.email]


def test_m1_who_logged_an_advisers_visit_does_not_confirm_it(visit):
    lead, colleague = make.user("lead"), make.user("lead")
    share_note(visit, log(), by=lead, on=DAY, at=MOMENT)
    with pytest.raises(Refusal, match="You recorded this yourself"):
        confirm_delivery(visit.delivery, by=lead, on=DAY, why="The head is ill")
    confirm_delivery(visit.delivery, by=colleague, on=DAY, why="The head is ill")
    assert visit.delivery.confirmed_by == colleague


def test_m1_who_amends_a_note_has_not_logged_the_visit(visit):
    lead = make.user("lead")
    share(visit)
    amend(visit, by=lead)
    confirm_delivery(visit.delivery, by=lead, on=DAY, why="The head is ill")
    assert visit.delivery.confirmed_by == lead


def test_v3_an_answer_stays_with_the_note_and_confirms_nothing(visit, head):
    note = share(visit)
    answer = answer_note(note, is_accurate=False, text="Year 3, not Year 2", by=head, on=DAY, at=MOMENT)
    visit.delivery.refresh_from_db()
    assert (answer.text, visit.delivery.state) == ("Year 3, not Year 2", "delivered")
    assert "Year 3" not in Dispatch.objects.first().body
    assert answer_note(note, is_accurate=True, by=head, on=DAY, at=MOMENT).is_accurate


def test_v3_an_answer_says_something_and_a_final_note_takes_none(visit, head):
    note = share(visit)
    with pytest.raises(Refusal, match="not accurate"):
        answer_note(note, is_accurate=False, by=head, on=DAY, at=MOMENT)
    answer_note(note, is_accurate=True, by=head, on=DAY, at=MOMENT)
    for is_accurate in (True, False):
        with pytest.raises(Refusal, match="it is final"):
            answer_note(note, is_accurate=is_accurate, text="But", by=head, on=DAY, at=MOMENT)


def amend(visit: Visit, **rest) -> Note:
    values = {"amends": 1, "reason": "A name was wrong", "by": visit.delivery.adviser, "on": DAY, "at": MOMENT}
    text = rest.pop("text", NoteText(**vars(NOTE) | {"focus": "Reading in Year 3"}))
    return amend_note(visit, text, **values | rest)


def test_v3_an_amendment_is_a_new_version_and_the_old_one_stays(visit, head):
    share(visit)
    note = amend(visit)
    assert [(each.version, each.focus) for each in visit.notes.order_by("version")] == [
        (1, "Reading in Year 2"),
        (2, "Reading in Year 3"),
    ]
    assert list(Note.objects.newest()) == [note]
    assert (Event.objects.first().why, Dispatch.objects.count()) == ("A name was wrong", 2)


def test_v3_the_confidential_part_is_amended_in_versions_too(visit):
    share(visit, note=confidential_note())
    amend(visit, text=NoteText(**vars(NOTE) | {"confidential": "The chair stays"}))
    assert [each.text for each in ConfidentialNote.objects.order_by("pk")] == [SECRET, "The chair stays"]


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [({"reason": " "}, "Say why"), ({"amends": 2}, "meanwhile"), ({"text": NOTE}, "Nothing is different")],
)
def test_v3_an_amendment_needs_a_reason_the_newest_version_and_a_change(visit, rest, sentence):
    share(visit)
    with pytest.raises(Refusal, match=sentence):
        amend(visit, **rest)


def test_v3_an_older_version_takes_no_answer(visit, head):
    note = share(visit)
    amend(visit)
    with pytest.raises(Refusal, match="has been amended"):
        answer_note(note, is_accurate=True, by=head, on=DAY, at=MOMENT)


@pytest.mark.parametrize("model", [Note, ConfidentialNote, NoteAnswer])
def test_v3_what_was_shared_is_changed_by_nothing(visit, head, model):
    note = share(visit, note=confidential_note())
    answer_note(note, is_accurate=True, by=head, on=DAY, at=MOMENT)
    field = "is_accurate" if model is NoteAnswer else "text" if model is ConfidentialNote else "focus"
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        model.objects.update(**{field: False})
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        model.objects.filter(pk=model.objects.get().pk)._raw_delete("default")
