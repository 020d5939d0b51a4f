"""Logging a visit: the page, the draft that is saved while typing, and sharing it (V3, V4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from sidebyside.accounts.access import requires
from sidebyside.refusals import Refusal
from support.beyond import BeyondAllowance
from visits.actions.drafts import StaleDraft, save_draft
from visits.actions.notes import share_note
from visits.forms.logging import LogPage
from visits.forms.notes import NoteForm, ShareForm
from visits.models import AgreedAction, Draft, Note, Visit
from visits.pages import moment_words, visit_page
from visits.typed import Typed, number_in, typed_by_form, typed_by_script
from visits.views.planning import about, say_who_was_told


@requires("visits.log_visit")
def visit_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a visit, in a draft that only its writer sees; the buttons save it, add a row, or lead to sharing."""
    visit = visit_page(request, pk)
    if not visit.waits_for_its_note():
        return redirect(visit)
    carried = open_actions_of(visit)
    if request.method == "POST":
        return keep(request, visit, carried)
    if not visit.may_be_logged_by(request.user, on=timezone.localdate()):
        return redirect(visit)
    draft = Draft.objects.filter(visit=visit, writer=request.user, amends=0).first()
    typed = draft.content if draft else None
    if typed and "check" in request.GET:
        page = LogPage(visit, carried, data=typed)
    else:
        page = LogPage(visit, carried, typed=typed, rows=number_in(request.GET.get("rows")))
    return render(request, "visits/visit_log.html", log_context(visit, page, draft))


def keep(request: HttpRequest, visit: Visit, carried: list[AgreedAction]) -> HttpResponse:
    """Save what was posted; then go where the button leads."""
    typed = typed_by_form(request.POST, writer=request.user.pk)
    try:
        draft = save(request, visit, typed)
    except StaleDraft as stale:
        page = LogPage(visit, carried, typed=typed.content)
        context = log_context(visit, page, stale.draft)
        context["newer"] = differing(page.form, typed.content, stale.draft)
        return render(request, "visits/visit_log.html", context, status=409)
    except Refusal as refusal:
        page = LogPage(visit, carried, data=typed.content)
        page.form.add_error(refusal.field, refusal.sentence)
        return render(request, "visits/visit_log.html", log_context(visit, page, None), status=422)
    here = reverse("visit_log", args=[visit.pk])
    if "add" in request.POST:
        rows = sum(name.endswith("-what") for name in typed.content) + 1
        return redirect(f"{here}?rows={rows}#actions")
    if "check" in request.POST:
        page = LogPage(visit, carried, data=typed.content)
        if page.is_valid():
            return redirect("note_share", pk=visit.pk)
        return render(request, "visits/visit_log.html", log_context(visit, page, draft))
    return redirect(f"{here}#saved")


@requires("visits.log_visit")
@require_POST
def draft_save(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep what a script sends while somebody types, and say honestly whether it is kept (V4)."""
    visit = visit_page(request, pk)
    try:
        typed = typed_by_script(request.body)
    except ValueError:
        return JsonResponse({"state": "refused", "sentence": "The page sent something that is no draft."}, status=400)
    if typed.writer != request.user.pk:
        return JsonResponse({"state": "stranger"}, status=409)
    try:
        draft = save(request, visit, typed)
    except StaleDraft as stale:
        return JsonResponse(state_of(stale.draft, "stale") | {"content": stale.draft.content}, status=409)
    except Refusal as refusal:
        return JsonResponse({"state": "refused", "sentence": refusal.sentence}, status=422)
    return JsonResponse(state_of(draft, "saved"))


@requires("visits.log_visit")
def note_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the school will read, and share it: the visit is held from then on (V3)."""
    visit, user = visit_page(request, pk), request.user
    draft = Draft.objects.filter(visit=visit, writer=user, amends=0).first()
    if not visit.waits_for_its_note() or not visit.may_be_logged_by(user, on=timezone.localdate()):
        return redirect(visit)
    if draft is None:
        return redirect("visit_log", pk=pk)
    page = LogPage(visit, open_actions_of(visit), data=draft.content)
    if not page.is_valid():
        return redirect(f"{reverse('visit_log', args=[pk])}?check=1")
    log = page.log()
    form = ShareForm(request.POST if request.method == "POST" else None, by=user, initial={"revision": draft.revision})
    if form.is_valid():
        try:
            if form.cleaned_data["revision"] != draft.revision:
                raise Refusal("The draft has changed since you opened this page. Read it again, then share it.")
            given = {"answer": form.answer(), "override": form.cleaned_data.get("override", "")}
            share_note(visit, log, by=user, on=timezone.localdate(), at=timezone.now(), **given)
        except BeyondAllowance as beyond:
            form.ask(beyond)
        except Refusal as refusal:
            if refusal.field == "override":
                form.ask_why()
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, f"The note is shared with {visit.delivery.school}.")
            say_who_was_told(request, visit, is_told=True)
            return redirect(visit)
    note = Note(visit=visit, shared_by=user, **log.note.shared())
    context = about(visit, "Check the note, then share it", "Share the note")
    context |= {"form": form, "note": note, "log": log, "back_url": reverse("visit_log", args=[pk])}
    context |= {
        "back_text": "Back to the log",
        "cancel_url": context["back_url"],
        "cancel": "Go on writing",
        "revision": draft.revision,
    }
    return render(request, "visits/note_share.html", context)


def save(request: HttpRequest, visit: Visit, typed: Typed) -> Draft:
    """The draft with this text in it. Raises StaleDraft and Refusal."""
    return save_draft(
        visit,
        writer=request.user,
        content=typed.content,
        revision=typed.revision,
        at=timezone.now(),
        amends=typed.amends,
        source=typed.source,
    )


def open_actions_of(visit: Visit) -> list[AgreedAction]:
    """What earlier visits left open at the school: carried forward until it is done (V5)."""
    return list(AgreedAction.objects.open().filter(school=visit.delivery.school_id).exclude(visit=visit))


def state_of(draft: Draft, state: str) -> dict[str, Any]:
    """What a page must know of the draft that is kept."""
    return {"state": state, "revision": draft.revision, "saved_at": moment_words(draft.saved_at)}


def differing(form: NoteForm, typed: dict[str, str], newer: Draft) -> list[dict[str, str]]:
    """The texts that another window saved and that this page has otherwise, each with its label."""
    labels = {name: str(field.label) for name, field in form.fields.items()}
    names = [name for name in newer.content if newer.content[name] != typed.get(name, "")]
    return [{"label": labels.get(name, "Agreed actions"), "text": newer.content[name]} for name in names]


def log_context(visit: Visit, page: LogPage, draft: Draft | None) -> dict[str, Any]:
    """What the log's page needs."""
    title = "Log this visit" if visit.is_planned else "Add a note"
    context = about(visit, title, "Check and share") | saving(visit, draft)
    return context | {"form": page.form, "formset": page.actions}


def saving(visit: Visit, draft: Draft | None) -> dict[str, Any]:
    """What a page that saves while typing needs; `draft` is the newest that it knows of."""
    return {
        "draft": draft,
        "saved_at": moment_words(draft.saved_at) if draft else "",
        "save_url": reverse("draft_save", args=[visit.pk]),
        "sign_in_url": f"{reverse('account_login')}?next={visit.get_absolute_url()}",
    }
