"""What is never false of visits and notes, in the database itself."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests import make
from visits.forms.notes import AnswerForm
from visits.models import AgreedAction, Draft, Note, NoteAnswer, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return make.visit(make.school())


def breaks(constraint: str, write) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


@pytest.mark.parametrize("minutes", [4, 721])
def test_a_visit_lasts_from_five_minutes_to_twelve_hours(visit, minutes):
    breaks("visit_lasts_up_to_a_day", lambda: Visit.objects.update(minutes=minutes))


def test_a_visits_mode_is_known(visit):
    breaks("visit_mode_is_known", lambda: Visit.objects.update(mode="by owl"))


def test_a_note_version_stands_once(visit):
    make.note(visit)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.note(visit)


def test_an_amended_note_has_a_reason(visit):
    breaks("note_is_amended_for_a_reason", lambda: make.note(visit, version=2))


def test_a_writer_has_one_draft_of_a_note(visit):
    values = {"visit": visit, "writer": visit.delivery.adviser, "saved_at": timezone.now()}
    Draft.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(**values)


def answer(note: Note, **rest) -> NoteAnswer:
    values = {"is_accurate": True, "answered_by": note.shared_by, "answered_at": timezone.now()}
    return NoteAnswer.objects.create(note=note, **values | rest)


def test_a_note_is_marked_accurate_once(visit):
    note = make.note(visit)
    answer(note)
    with pytest.raises(IntegrityError), transaction.atomic():
        answer(note)


def test_an_answer_says_something(visit):
    note = make.note(visit)
    breaks("note_answer_says_something", lambda: answer(note, is_accurate=False))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("action_has_an_owner", {"owner": ""}),
        ("action_says_what", {"what": ""}),
        ("action_is_done_with_an_effect", {"done_on": date(2023, 2, 1)}),
    ],
)
def test_an_action_says_what_and_who_and_in_the_end_what_came_of_it(visit, constraint, values):
    make.agreed_action(visit)
    breaks(constraint, lambda: AgreedAction.objects.update(**values))


def test_an_answer_without_words_is_refused_in_the_words_of_its_form(visit):
    asked = AnswerForm({"verdict": "answer"}).errors["text"]
    with pytest.raises(ValidationError) as refused:
        NoteAnswer(note=make.note(visit), is_accurate=False).validate_constraints()
    assert refused.value.messages == [f"{asked[0]}."]
