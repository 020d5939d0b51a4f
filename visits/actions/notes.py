"""Sharing a note, amending it, answering it (V3)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal
from support.actions.checks import check_conflicts
from support.actions.confirming import confirm_delivery
from support.actions.deliveries import mark_delivered
from support.beyond import Answer
from support.models import Champion, Delivery
from visits.actions.agreed import close_action
from visits.letters import tell_adviser, tell_school
from visits.logs import NoteText, VisitLog
from visits.models import AgreedAction, ConfidentialNote, Draft, Note, NoteAnswer, Visit
from visits.models.notes import ANSWERS_READ

NOBODYS = (
    "Nobody is recorded as this visit’s adviser, and whoever shares its note becomes that. So this is for the school’s "
    "adviser, then or now, or for a team leader. If it is yours, ask a team leader to make you the school’s adviser."
)


@transaction.atomic
def share_note(
    visit: Visit, log: VisitLog, *, by: User, on: date, at: datetime, answer: Answer | None = None, override: str = ""
) -> Note:
    """The visit was held, and the school may read its note: version 1, which nothing changes any more (V1, V3).

    One deed: the delivery is delivered with the champion's half days (O7), the actions live on (V5), the draft goes,
    the school gets a mail. A visit that a spreadsheet says was held keeps its day and its champion. `override` is the
    reason for a champion's attendance despite a conflict. Raises Refusal for a part that is missing, a day to come, a
    champion in conflict, or a note that was shared before; `BeyondAllowance` where the champion's half days or the
    day's year have none left.
    """
    log.note.check()
    _check_agreed(log)
    delivery = visit.delivery
    if not visit.may_be_logged_by(by, on=on):
        raise Refusal(NOBODYS)
    why = _hold(visit, log, by=by, on=on, answer=answer, override=override)
    visit.minutes, visit.mode = log.minutes, log.mode
    visit.save(update_fields=["minutes", "mode"])
    note = _keep_first(visit, log.note, by=by, at=at)
    AgreedAction.objects.bulk_create(
        AgreedAction(visit=visit, school=delivery.school, position=place, **vars(agreed))
        for place, agreed in enumerate(log.agreed)
    )
    for action in AgreedAction.objects.open().filter(school=delivery.school, pk__in=log.done):
        close_action(action, effect=log.done[action.pk], by=by, on=on)
    Draft.objects.filter(visit=visit, writer=by, amends=0).delete()
    record("note.shared", note, by=by, why=why, school_urn=delivery.school_id, version=1, actions=len(log.agreed))
    tell_school(visit, "note_shared", cause=f"note-shared-{note.pk}", subject=_subject(visit), on=on)
    return note


@transaction.atomic
def amend_note(visit: Visit, text: NoteText, *, amends: int, reason: str, by: User, on: date, at: datetime) -> Note:
    """Put a new version in the place of version `amends`; the school gets a mail and may answer again (V3).

    Raises Refusal without a reason, without a change, or when somebody else amended that version first.
    """
    text.check()
    if not reason.strip():
        raise Refusal("Say why the note is amended.", field="reason")
    _lock(visit.delivery)
    former = visit.notes.select_related("confidential").order_by("-version").first()
    if former is None or former.version != amends:
        raise Refusal("Somebody amended this note meanwhile. Read the newest version, then amend that one.")
    if text == text_of(former):
        raise Refusal("Nothing is different from the version that the school has.", field="focus")
    note = _keep(visit, text, version=amends + 1, by=by, at=at, reason=reason)
    Draft.objects.filter(visit=visit, writer=by, amends=amends).delete()
    urn = visit.delivery.school_id
    record("note.amended", note, by=by, why=reason, school_urn=urn, version=note.version)
    tell_school(visit, "note_amended", cause=f"note-shared-{note.pk}", subject=_subject(visit), on=on)
    return note


@transaction.atomic
def answer_note(note: Note, *, is_accurate: bool, by: User, on: date, at: datetime, text: str = "") -> NoteAnswer:
    """The school finds the note accurate, or says what it sees otherwise; the adviser gets a mail (V3).

    Marking it accurate also confirms that the visit took place, where the reader may confirm that (M1). Raises
    Refusal for a version that was amended since, one that is final, and an answer that says nothing.
    """
    delivery = _lock(note.visit.delivery)
    if note.visit.notes.filter(version__gt=note.version).exists():
        raise Refusal("The note has been amended since you opened it. Read the new version first.")
    if note.answers.filter(is_accurate=True).exists():
        raise Refusal("This note has been marked accurate already, so it is final.")
    if not is_accurate and not text.strip():
        raise Refusal("Say what is not accurate, or what you want to add.", field="text")
    answer = NoteAnswer.objects.create(note=note, is_accurate=is_accurate, text=text, answered_by=by, answered_at=at)
    if is_accurate and delivery.state == Delivery.State.DELIVERED and by.may("support.confirm_delivery"):
        confirm_delivery(delivery, by=by, on=on)
    verb = "note.marked_accurate" if is_accurate else "note.answered"
    record(verb, note, by=by, school_urn=delivery.school_id, version=note.version)
    tell_adviser(note.visit, answer, also=note.shared_by)
    return answer


def text_of(note: Note) -> NoteText:
    """The words of a version, the confidential part too."""
    confidential = getattr(note, "confidential", None)
    return NoteText(
        note.people_met,
        note.focus,
        note.strengths,
        note.areas,
        note.impact,
        note.next_visit,
        confidential.text if confidential else "",
    )


def _hold(visit: Visit, log: VisitLog, *, by: User, on: date, answer: Answer | None, override: str) -> str:
    """The delivery as the log says that it was; nothing of one that was held already, but an adviser if it has none.

    Returns the reason why its champion attended despite a conflict, where there is one. Who confirmed it for the
    school does not become its adviser: nobody confirms what they gave (M1).
    """
    delivery, half_days, why = visit.delivery, log.half_days if log.champion else 0, ""
    if visit.is_held:
        _lock(delivery)
        if visit.is_cancelled:
            raise Refusal(
                f"This visit was cancelled meanwhile: {delivery.cancelled_why.rstrip('.')}. If it did take place, ask "
                "the team leader. Your draft is kept."
            )
        _check_is_as_held(delivery, log.happens_on, log.champion, half_days)
    else:
        day = log.happens_on
        if log.champion:
            why = check_conflicts(log.champion, delivery.school, happens_on=day, override=override, by=by)
        mark_delivered(
            delivery, by=by, on=on, happens_on=day, champion=log.champion, half_days=half_days, answer=answer,
            override=override,
        )  # fmt: skip
    of_nobody = Delivery.objects.filter(pk=delivery.pk, adviser=None)
    if delivery.confirmed_by_id != by.pk and of_nobody.update(adviser=by):
        delivery.adviser = by
    return why


def _lock(delivery: Delivery) -> Delivery:
    """The delivery as it stands now, held against a second writer until this deed is done.

    Deeds on a note lock it, not the visit: withdrawing, moving and confirming lock it, too, so nobody waits in a ring.
    """
    delivery.refresh_from_db(from_queryset=Delivery.objects.select_for_update(no_key=True))
    return delivery


def _check_is_as_held(delivery: Delivery, happens_on: date, champion: Champion | None, half_days: int) -> None:
    if (happens_on, champion, half_days) != (delivery.happens_on, delivery.champion, delivery.half_days):
        raise Refusal(
            f"This visit stands as held on {delivery.happens_on:%-d %B %Y}: a note changes neither its day nor its "
            "champion. Open the log again, then share it."
        )


def _keep_first(visit: Visit, text: NoteText, *, by: User, at: datetime) -> Note:
    try:
        with transaction.atomic():
            return _keep(visit, text, version=1, by=by, at=at)
    except IntegrityError:
        raise Refusal("The note of this visit has been shared already. Read it, then amend it if need be.") from None


def _keep(visit: Visit, text: NoteText, *, version: int, by: User, at: datetime, reason: str = "") -> Note:
    note = Note.objects.create(visit=visit, version=version, reason=reason, shared_by=by, shared_at=at, **text.shared())
    if text.confidential.strip():
        ConfidentialNote.objects.create(note=note, text=text.confidential)
    return note


def _check_agreed(log: VisitLog) -> None:
    for agreed in log.agreed:
        if not agreed.what.strip() or not agreed.owner.strip():
            raise Refusal("Each agreed action needs what will be done, who will do it and by when.")


def _subject(visit: Visit) -> str:
    delivery = visit.delivery
    return f"Note of the {delivery.service} on {delivery.happens_on:%-d %B %Y}: {delivery.school}"


@transaction.atomic
def read_answers(note: Note, *, by: User) -> None:
    """Whoever wrote the note has read what the school answers; reading it twice leaves one trace."""
    if Note.objects.filter(pk=note.pk).questioned(by).exists():
        record(ANSWERS_READ, note, by=by, school_urn=note.visit.delivery.school_id)
