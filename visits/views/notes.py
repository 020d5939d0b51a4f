"""A visit's page with its note; the school's answer; amendments and versions (V2, V3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from sidebyside.accounts.access import requires
from sidebyside.accounts.models import User
from sidebyside.refusals import Refusal
from support.models import Delivery
from visits.actions.drafts import StaleDraft
from visits.actions.notes import NOBODYS, amend_note, answer_note, read_answers
from visits.changes import changes
from visits.forms.notes import AmendForm, AnswerForm, NoteForm, initial_of
from visits.logs import TEXTS
from visits.models import AgreedAction, ConfidentialNote, Draft, Note, NoteAnswer, Visit
from visits.pages import visit_page
from visits.typed import typed_by_form
from visits.views.logs import differing, save, saving
from visits.views.planning import about, say_who_was_told


@requires("visits.view_visit")
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """When, who and where; once held, the note as the school reads it, and for the team the confidential part."""
    visit, user = visit_page(request, pk), request.user
    note = visit.notes.select_related("shared_by").order_by("-version").first()
    context: dict[str, Any] = {
        "visit": visit,
        "delivery": visit.delivery,
        "note": note,
        "today": timezone.localdate(),
        "can": deeds(user, visit, note),
        "nobodys": NOBODYS,
    }
    if note:
        answers = list(NoteAnswer.objects.filter(note__visit=visit).select_related("note", "answered_by"))
        may_wait = user.pk == visit.delivery.adviser_id and any(not answer.is_accurate for answer in answers)
        context["is_unread"] = may_wait and Note.objects.filter(pk=note.pk).questioned(user).exists()
        context |= {"answers": answers, "actions": AgreedAction.objects.filter(visit=visit)}
    if user.may("visits.view_confidential") and note:
        context["confidential"] = ConfidentialNote.objects.filter(note=note).first()
    if user.may("visits.log_visit") and not note:
        context["draft"] = Draft.objects.filter(visit=visit, writer=user).first()
    return render(request, "visits/visit_detail.html", context)


@requires("visits.view_visit")
def note_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version of the shared note, the newest first, each with what it changed and why."""
    visit = visit_page(request, pk)
    notes = list(visit.notes.select_related("shared_by").order_by("-version"))
    if not notes:
        raise Http404
    versions = [{"note": new, "changed": changed(old, new)} for new, old in zip(notes, [*notes[1:], None], strict=True)]
    context = about(visit, "Versions of this note", "")
    return render(request, "visits/note_versions.html", context | {"versions": versions})


@requires("visits.answer_note")
def note_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The school marks the note accurate, or answers it (V3)."""
    visit, note = shared_note(request, pk)
    confirms = visit.delivery.state == Delivery.State.DELIVERED and request.user.may("support.confirm_delivery")
    form = AnswerForm(request.POST if request.method == "POST" else None, confirms=confirms)
    if form.is_valid():
        is_accurate = form.cleaned_data["verdict"] == "accurate"
        text = "" if is_accurate else form.cleaned_data["text"]
        try:
            check_version(request, note)
            answer_note(
                note, is_accurate=is_accurate, text=text, by=request.user, on=timezone.localdate(), at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, "Thank you. Your adviser gets a mail that you have answered.")
            return redirect(visit)
    context = about(visit, "Answer the note", "Send")
    return render(request, "visits/note_answer.html", context | {"form": form, "note": note})


@requires("visits.log_visit")
@require_POST
def answers_read(request: HttpRequest, pk: int) -> HttpResponse:
    """The adviser has read the school's answer: it leaves the home page."""
    visit, note = shared_note(request, pk)
    read_answers(note, by=request.user)
    messages.success(request, "It has left your home page. The answer stays here.")
    return redirect(visit)


@requires("visits.log_visit")
def note_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a new version of a shared note; what is typed is saved as a draft, as in the log (V3, V4)."""
    visit, note = shared_note(request, pk)
    draft = Draft.objects.filter(visit=visit, writer=request.user, amends=note.version).first()
    form = AmendForm(initial=initial_of(note) | (draft.content if draft else {}))
    newer: list[dict[str, str]] = []
    if request.method == "POST":
        typed = typed_by_form(request.POST, writer=request.user.pk)
        form = AmendForm(typed.content)
        try:
            draft = save(request, visit, typed)
            if "save" in request.POST:
                return redirect(f"{request.path}#saved")
            if form.is_valid():
                return amend(request, visit, form, typed.amends)
        except StaleDraft as stale:
            draft, newer = stale.draft, differing(form, typed.content, stale.draft)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
    context = about(visit, "Amend the note", "Share the new version") | saving(visit, draft)
    return render(request, "visits/note_amend.html", context | {"form": form, "note": note, "newer": newer})


def amend(request: HttpRequest, visit: Visit, form: AmendForm, amends: int) -> HttpResponse:
    """Share the new version. Raises Refusal."""
    reason = form.cleaned_data["reason"]
    amend_note(
        visit, form.note(), amends=amends, reason=reason, by=request.user, on=timezone.localdate(), at=timezone.now()
    )
    messages.success(request, "The new version is shared.")
    say_who_was_told(request, visit, is_told=True)
    return redirect(visit)


def shared_note(request: HttpRequest, pk: int) -> tuple[Visit, Note]:
    """A visit and its newest shared note. Raises Http404 where there is none."""
    visit = visit_page(request, pk)
    notes = visit.notes.select_related("shared_by")
    if request.user.may("visits.view_confidential"):
        notes = notes.select_related("shared_by", "confidential")
    note = notes.order_by("-version").first()
    if note is None:
        raise Http404
    note.visit = visit
    return visit, note


def check_version(request: HttpRequest, note: Note) -> None:
    """What is answered is what was read. Raises Refusal for a page that showed an older version."""
    if request.POST.get("version") != str(note.version):
        raise Refusal("The note has been amended since you opened this page. Read the new version, then answer it.")


def changed(old: Note | None, new: Note) -> list[dict[str, Any]]:
    """The parts of a note that differ from the version before, word by word; empty for the first version."""
    if old is None:
        return []
    return [
        {"label": label_of(name), "pieces": changes(getattr(old, name), getattr(new, name))}
        for name in TEXTS
        if getattr(old, name) != getattr(new, name)
    ]


def label_of(name: str) -> str:
    """What the log's page calls a part of the note."""
    return str(NoteForm.base_fields[name].label).removesuffix(" (optional)")


def deeds(user: User, visit: Visit, note: Note | None) -> dict[str, bool]:
    """What this person may do with this visit now."""
    waits = user.may("visits.log_visit") and (visit.is_planned or (visit.is_held and note is None))
    may_log = waits and visit.may_be_logged_by(user, on=timezone.localdate())
    is_final = note is not None and note.answers.filter(is_accurate=True).exists()
    return {
        "log": may_log,
        "is_nobodys": waits and not may_log,
        "plan": visit.is_planned and user.may("visits.plan_visit"),
        "amend": note is not None and user.may("visits.log_visit"),
        "answer": note is not None and user.may("visits.answer_note") and not is_final,
        "close": user.may("visits.log_visit"),
    }
