"""Several at once: one note, one draft, one planned visit, on either database; and without the guards more."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction

from sidebyside.refusals import Refusal
from support.actions.confirming import withdraw_delivery
from support.models import Delivery
from tests import make
from tests.elsewhere import elsewhere
from tests.visits.cases import DAY, MOMENT, NOTE, log
from visits.actions.drafts import save_draft
from visits.actions.importing import visits_for_deliveries
from visits.actions.notes import amend_note, answer_note, share_note
from visits.actions.planning import plan_visit
from visits.logs import NoteText
from visits.models import AgreedAction, Draft, Note, NoteAnswer, Visit

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6
LEDGER = "naive_rows"


def all_at_once(deed) -> list[str]:
    """What each of several did: `done`, or why it was refused."""

    def once(place: int) -> str:
        try:
            deed(place)
        except Refusal as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(once, range(AT_ONCE)))


@pytest.fixture
def visit():
    make.council()
    make.offer_2022()
    school = make.school()
    make.categorise(school, "Prevention")
    return make.visit(school, DAY)


def test_five_presses_on_share_make_one_note(visit):
    adviser = visit.delivery.adviser
    answers = all_at_once(lambda _: share_note(Visit.objects.get(), log(), by=adviser, on=DAY, at=MOMENT))
    assert answers == ["Refusal"] * (AT_ONCE - 1) + ["done"]
    assert (Note.objects.count(), AgreedAction.objects.count()) == (1, 1)


def test_of_two_amendments_at_once_one_stands(visit):
    adviser = visit.delivery.adviser
    note = share_note(visit, log(), by=adviser, on=DAY, at=MOMENT)
    former = NoteText(note.people_met, note.focus, note.strengths, note.areas)

    def amend(place: int) -> Note:
        text = NoteText(**vars(former) | {"focus": f"Reading in Year {place + 3}"})
        return amend_note(visit, text, amends=1, reason="The year", by=adviser, on=DAY, at=MOMENT)

    assert all_at_once(amend) == ["Refusal"] * (AT_ONCE - 1) + ["done"]
    assert Note.objects.count() == 2


def test_first_saves_of_several_windows_make_one_draft_and_tell_the_others(visit):
    adviser = visit.delivery.adviser

    def save(place: int) -> Draft:
        return save_draft(visit, writer=adviser, content={"focus": str(place)}, revision=0, at=MOMENT)

    assert all_at_once(save) == ["StaleDraft"] * (AT_ONCE - 1) + ["done"]
    assert Draft.objects.get().revision == 1


def test_pressing_plan_several_times_plans_one_visit(visit):
    school, adviser, kind, day = visit.delivery.school, visit.delivery.adviser, visit.delivery.service, date(2023, 2, 1)

    def plan(_: int) -> Visit:
        return plan_visit(school, service=kind, happens_on=day, adviser=adviser, by=adviser, on=DAY)

    assert all_at_once(plan) == ["Refusal"] * (AT_ONCE - 1) + ["done"]
    assert Delivery.objects.filter(happens_on=day).count() == 1


def test_a_note_of_a_visit_held_elsewhere_is_added_once(visit):
    Delivery.objects.update(state="delivered")
    adviser = visit.delivery.adviser
    answers = all_at_once(lambda _: share_note(Visit.objects.get(), log(), by=adviser, on=DAY, at=MOMENT))
    assert answers == ["Refusal"] * (AT_ONCE - 1) + ["done"]
    assert (Note.objects.count(), AgreedAction.objects.count()) == (1, 1)


def test_imports_at_once_make_one_visit_of_a_delivery(visit):
    imported = [make.delivery(visit.delivery.school, "HLV", date(2023, 2, day), state="planned") for day in (1, 2)]
    assert all_at_once(lambda _: visits_for_deliveries(on=DAY)) == ["done"] * AT_ONCE
    assert Visit.objects.filter(delivery__in=imported).count() == len(imported)


class TestAVisitThatIsWithdrawnInTheSameMoment:
    """Its page was opened while it stood as held; the note comes when it is cancelled (V1)."""

    @pytest.fixture
    def opened(self, visit) -> Visit:
        Delivery.objects.update(state="delivered")
        return Visit.objects.select_related("delivery").get()

    def withdraw(self) -> None:
        withdraw_delivery(Delivery.objects.get(), why="It was at another school", by=make.user("lead"), on=DAY)

    def share(self, opened: Visit) -> Note:
        return share_note(opened, log(), by=opened.delivery.adviser, on=DAY, at=MOMENT)

    def test_the_note_waits_and_is_then_refused(self, opened):
        with transaction.atomic():
            self.withdraw()
            assert elsewhere(lambda: self.share(opened)) == "has to wait"
        with pytest.raises(Refusal, match="This visit was cancelled meanwhile: It was at another school"):
            self.share(opened)
        assert (Note.objects.count(), Delivery.objects.get().state) == (0, "cancelled")

    def test_a_withdrawal_waits_for_the_note(self, opened):
        with transaction.atomic():
            self.share(opened)
            assert elsewhere(self.withdraw) == "has to wait"
        self.withdraw()
        assert (Note.objects.count(), Delivery.objects.get().state) == (1, "cancelled")

    def test_without_a_second_look_the_note_stands_on_what_was_cancelled(self, opened):
        """The control."""
        self.withdraw()
        assert opened.is_held
        make.note(opened)
        assert (Note.objects.count(), Delivery.objects.get().state) == (1, "cancelled")


class TestAnAnswerInTheSameMoment:
    """Two people of a school answer a note, or its writer amends it (V3)."""

    @pytest.fixture
    def note(self, visit) -> Note:
        return share_note(visit, log(), by=visit.delivery.adviser, on=DAY, at=MOMENT)

    def answer(self, note: Note, *, is_accurate: bool) -> NoteAnswer:
        head, note = make.head(note.visit.delivery.school), Note.objects.get(pk=note.pk)
        return answer_note(note, is_accurate=is_accurate, text="Year 3", by=head, on=DAY, at=MOMENT)

    def amend(self) -> Note:
        text = NoteText(**vars(NOTE) | {"focus": "Reading in Year 3"})
        writer = Note.objects.get().shared_by
        return amend_note(Visit.objects.get(), text, amends=1, reason="The year", by=writer, on=DAY, at=MOMENT)

    def test_an_answer_waits_for_the_final_one_and_is_then_refused(self, note):
        with transaction.atomic():
            self.answer(note, is_accurate=True)
            assert elsewhere(lambda: self.answer(note, is_accurate=False)) == "has to wait"
        with pytest.raises(Refusal, match="it is final"):
            self.answer(note, is_accurate=False)
        assert NoteAnswer.objects.get().is_accurate

    def test_an_answer_waits_for_an_amendment_and_is_then_refused(self, note):
        with transaction.atomic():
            self.amend()
            assert elsewhere(lambda: self.answer(note, is_accurate=True)) == "has to wait"
        with pytest.raises(Refusal, match="has been amended"):
            self.answer(note, is_accurate=True)

    def test_an_amendment_waits_for_an_answer(self, note):
        with transaction.atomic():
            self.answer(note, is_accurate=True)
            assert elsewhere(self.amend) == "has to wait"
        assert self.amend().version == 2

    def test_who_only_looks_first_answers_what_is_final(self, note):
        """The control: both look before either writes, and the database takes both."""
        head, finals = make.head(note.visit.delivery.school), note.answers.filter(is_accurate=True)
        looked = [finals.exists(), finals.exists()]
        for is_accurate in (True, False):
            note.answers.create(is_accurate=is_accurate, text="Year 3", answered_by=head, answered_at=MOMENT)
        assert (looked, NoteAnswer.objects.count()) == ([False, False], 2)


@pytest.fixture
def write_if_absent() -> Iterator[Callable[[str], None]]:
    """The naive act, in a table that refuses nothing: look whether the row is there, then write it."""
    barrier = Barrier(AT_ONCE, timeout=60)

    def look_then_write(key: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {LEDGER} WHERE key = %s", [key])
            [is_there] = cursor.fetchone()
            barrier.wait()  # all look before any writes
            if not is_there:
                cursor.execute(f"INSERT INTO {LEDGER} (key) VALUES (%s)", [key])

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {LEDGER} (key varchar(60))")
    yield look_then_write
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {LEDGER}")


@pytest.mark.parametrize("row", ["visit of delivery 1", "note 1 of visit 1", "draft of writer 1 for visit 1"])
def test_without_its_guard_the_same_crowd_writes_each_row_several_times(write_if_absent, row):
    assert all_at_once(lambda _: write_if_absent(row)) == ["done"] * AT_ONCE
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {LEDGER}")
        assert cursor.fetchone() == (AT_ONCE,)
