"""Saving what is typed, while it is typed (V4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from sidebyside.accounts.models import User
from sidebyside.refusals import Refusal
from visits.models import Draft, Note, Visit

MOST_CHARACTERS = 1_000_000  # two hundred pages; what may be shared is shorter, but nothing typed is thrown away


class StaleDraft(Refusal):
    """A newer text is saved already, from another window or device; `draft` is that one. Nothing was overwritten."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("Newer text was saved from another window.")
        self.draft = draft


@dataclass(frozen=True)
class Source:
    """Where a save comes from: the browser window, and the place of the save in that window's order."""

    window: str = ""
    sequence: int = 0


@transaction.atomic
def save_draft(
    visit: Visit,
    *,
    writer: User,
    content: Mapping[str, str],
    revision: int,
    at: datetime,
    amends: int = 0,
    source: Source = Source(),
) -> Draft:
    """Keep what a writer has typed so far, if the page knew the newest text: a compare-and-set on `revision` (V4).

    A save from the window that saved last is taken in that window's own order, since its answer may have been lost.
    Raises `StaleDraft` when another window saved in between, and Refusal when the note cannot be a draft any more.
    """
    if sum(map(len, content.values())) > MOST_CHARACTERS:
        raise Refusal("The text is too long to be saved. Shorten it, or split it over several notes.")
    _check_can_be_a_draft(visit, amends)
    mine = Draft.objects.filter(visit=visit, writer=writer, amends=amends)
    known = Q(revision=revision)
    if source.window:
        known |= Q(window=source.window, sequence__lt=source.sequence)
    values = {"content": dict(content), "saved_at": at, "window": source.window, "sequence": source.sequence}
    if not mine.filter(known).update(revision=F("revision") + 1, **values):
        _make(mine, visit=visit, writer=writer, amends=amends, **values)
    draft = mine.get()
    is_ours = bool(source.window) and draft.window == source.window and draft.sequence >= source.sequence
    if draft.content != dict(content) and not is_ours:
        raise StaleDraft(draft)
    return draft


def _make(mine: object, **values: object) -> None:
    """The first save makes the row; where there is one, it stays as it is."""
    try:
        with transaction.atomic():
            Draft.objects.create(**values)
    except IntegrityError:
        return


def _check_can_be_a_draft(visit: Visit, amends: int) -> None:
    if amends == 0:
        if Note.objects.filter(visit=visit).exists():
            raise Refusal("This note has been shared already, from another window. Copy what is still missing from it.")
    elif amends != (Note.objects.filter(visit=visit).values_list("version", flat=True).first() or 0):
        raise Refusal("This note has been amended already, from another window. Copy what is still missing from it.")
