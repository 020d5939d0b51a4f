"""The pages on which a file is chosen, previewed and imported."""

from __future__ import annotations

import csv

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from sidebyside.accounts.access import requires
from sidebyside.council.models import displayed_council
from sidebyside.imports.actions import apply_upload, keep_upload, plan_files
from sidebyside.imports.forms import UploadForm, upload_form
from sidebyside.imports.importers import IMPORTERS
from sidebyside.imports.kinds import KINDS
from sidebyside.imports.models import Upload, UploadedFile
from sidebyside.imports.previews import MOST_PROBLEMS, Importer
from sidebyside.refusals import Refusal

LATEST = 10


@requires("imports.import_spreadsheet")
def imports(request: HttpRequest) -> HttpResponse:
    """Everything that can be imported, and the person's latest imports."""
    uploads = Upload.objects.visible_to(request.user).filter(kind__in=IMPORTERS).applied()[:LATEST]
    latest = [(IMPORTERS[upload.kind].title, upload) for upload in uploads]
    return render(request, "imports/import_list.html", {"importers": IMPORTERS.values(), "latest": latest})


@requires("imports.import_spreadsheet")
def import_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Choose the file; a good one leads to its preview."""
    importer = _importer(kind)
    council = displayed_council()
    initial = {"authority": council.authority_code if council else ""}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = upload_form(importer)(*sent, initial=initial)
    if request.method == "POST" and form.is_valid() and (upload := _kept(request, kind, form)):
        return redirect("import_preview", pk=upload.pk)
    context = {"form": form, "importer": importer, "sheet": KINDS.get(kind)}
    return render(request, "imports/import_new.html", context)


def _kept(request: HttpRequest, kind: str, form: UploadForm) -> Upload | None:
    """The upload, or None with the refusal beside its field."""
    authority_code = form.cleaned_data.get("authority", "")
    try:
        return keep_upload(
            kind, form.uploaded(), authority_code=authority_code, by=request.user, on=timezone.localdate()
        )
    except Refusal as refusal:
        field = refusal.field if refusal.field in form.fields else next(iter(form.fields))
        form.add_error(field, refusal.sentence)
        return None


@requires("imports.import_spreadsheet")
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty spreadsheet with its columns and two example rows. Begins with the mark by which Excel knows UTF-8."""
    if kind not in KINDS:
        raise Http404
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    csv.writer(response).writerows([KINDS[kind].layout.names, *KINDS[kind].examples])
    return response


@requires("imports.import_spreadsheet")
def import_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What an upload would do, with the button that does it; afterwards, what it did."""
    uploads = Upload.objects.visible_to(request.user)
    files = list(UploadedFile.objects.filter(upload__in=uploads.filter(pk=pk)).select_related("upload"))
    upload = files[0].upload if files else get_object_or_404(uploads, pk=pk)  # they go once they are imported
    importer = _importer(upload.kind)
    if upload.applied_at:
        return render(request, "imports/import_result.html", {"upload": upload, "importer": importer, **upload.result})
    try:
        preview = plan_files(files, upload, on=timezone.localdate()).preview
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("import_new", kind=upload.kind)
    context = {"upload": upload, "importer": importer, "preview": preview, "refused": preview.refused[:MOST_PROBLEMS]}
    return render(request, "imports/import_preview.html", context)


@requires("imports.import_spreadsheet")
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Import exactly what the preview showed; if anything has changed since, show the new preview instead."""
    upload = get_object_or_404(Upload.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        fingerprint = request.POST.get("fingerprint", "")
        try:
            apply_upload(upload, fingerprint=fingerprint, by=request.user, on=timezone.localdate())
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
    return redirect("import_preview", pk=upload.pk)


def _importer(kind: str) -> Importer:
    if kind not in IMPORTERS:
        raise Http404
    return IMPORTERS[kind]
