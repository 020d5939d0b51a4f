"""V4: what is typed is kept, nothing newer is overwritten, and a lost answer is no second writer."""

import pytest

from sidebyside.refusals import Refusal
from tests import make
from tests.visits.cases import MOMENT
from visits.actions.drafts import MOST_CHARACTERS, Source, StaleDraft, save_draft
from visits.models import Draft
from visits.typed import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return make.visit(make.school())


def save(visit, text, revision, writer=None, window="", sequence=0, **rest) -> Draft:
    return save_draft(
        visit,
        writer=writer or visit.delivery.adviser,
        content={"focus": text},
        revision=revision,
        at=MOMENT,
        source=Source(window, sequence),
        **rest,
    )


def test_each_save_counts_on(visit):
    assert [save(visit, "One", 0).revision, save(visit, "Two", 1).revision] == [1, 2]
    assert Draft.objects.get().content == {"focus": "Two"}


@pytest.mark.parametrize("revision", [0, 1, 3])
def test_an_older_page_overwrites_nothing(visit, revision):
    save(visit, "One", 0)
    save(visit, "Two", 1)
    with pytest.raises(StaleDraft) as stale:
        save(visit, "Mine", revision)
    assert stale.value.draft.content == {"focus": "Two"}
    assert Draft.objects.get().content == {"focus": "Two"}


def test_a_second_window_is_told_even_by_its_first_save(visit):
    save(visit, "One", 0, window="a", sequence=1)
    with pytest.raises(StaleDraft):
        save(visit, "Mine", 0, window="b", sequence=9)


def test_the_same_text_again_is_no_conflict(visit):
    save(visit, "One", 0)
    assert save(visit, "One", 0).revision == 1


def test_a_save_whose_answer_was_lost_is_followed_by_the_next_of_the_same_window(visit):
    save(visit, "One", 0, window="a", sequence=1)
    assert save(visit, "One and two", 0, window="a", sequence=2).content == {"focus": "One and two"}


def test_a_save_that_was_overtaken_changes_nothing(visit):
    save(visit, "One and two", 0, window="a", sequence=2)
    assert save(visit, "One", 0, window="a", sequence=1).content == {"focus": "One and two"}


def test_drafts_belong_to_their_writer(visit):
    colleague = make.user("adviser")
    save(visit, "Mine", 0)
    save(visit, "Theirs", 0, writer=colleague)
    assert Draft.objects.get(writer=colleague).content == {"focus": "Theirs"}
    assert Draft.objects.get(writer=visit.delivery.adviser).content == {"focus": "Mine"}


def test_a_note_that_was_shared_is_no_draft_any_more(visit):
    make.note(visit)
    with pytest.raises(Refusal, match="has been shared already"):
        save(visit, "Late", 0)
    assert not Draft.objects.exists()


def test_an_amendment_is_a_draft_of_the_newest_version_only(visit):
    visit.delivery.state = "delivered"
    visit.delivery.save()
    make.note(visit)
    assert save(visit, "Better", 0, amends=1).amends == 1
    make.note(visit, version=2, reason="A name was wrong")
    with pytest.raises(Refusal, match="has been amended already"):
        save(visit, "Best", 1, amends=1)


def test_a_cancelled_visits_draft_is_still_kept(visit):
    visit.delivery.state, visit.delivery.cancelled_why = "cancelled", "Snow"
    visit.delivery.save()
    assert save(visit, "What I had", 0).content == {"focus": "What I had"}


def test_two_hundred_pages_are_kept_and_more_are_refused(visit):
    assert len(save(visit, "x" * MOST_CHARACTERS, 0).content["focus"]) == MOST_CHARACTERS
    with pytest.raises(Refusal, match="too long to be saved"):
        save(visit, "x" * (MOST_CHARACTERS + 1), 1)


def test_only_known_fields_are_kept_and_no_character_that_a_database_refuses():
    sent = {
        "focus": "One\r\ntwo\x00\ud800",
        "happens_on_day": "31",
        "actions-2-due_on_year": "2023",
        "effect_17": "More read",
        "confidential": "Only us",
        "minutes": 90,
        "state": "confirmed",
        "actions-2-done_on": "x",
        "csrfmiddlewaretoken": "x",
    }
    known = ("happens_on_day", "actions-2-due_on_year", "effect_17", "confidential")
    assert kept(sent) == {name: sent[name] for name in known} | {"focus": "One\ntwo?"}
