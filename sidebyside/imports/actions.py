"""Keeping an upload for its preview, and importing exactly what was previewed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from sidebyside.accounts.models import User
from sidebyside.imports.importers import IMPORTERS, Files
from sidebyside.imports.models import Upload, UploadedFile
from sidebyside.imports.previews import Planned, Preview
from sidebyside.imports.writing import take_turn
from sidebyside.refusals import Refusal

KEPT_FOR = timedelta(days=1)  # an upload that nobody confirms is forgotten


class PreviewHasMovedError(Refusal):
    """Something has changed since the preview that was confirmed was shown; nothing is written."""

    def __init__(self) -> None:
        super().__init__(
            "Something has changed since you saw this preview, so nothing was imported. Check the new preview below."
        )


@transaction.atomic
def keep_upload(kind: str, files: Files, *, authority_code: str, by: User, on: date) -> Upload:
    """Keep the files for a preview. Raises Refusal when they are not what they should be.

    The person's earlier uploads of this kind, and what others have left lying for a day, go.
    """
    IMPORTERS[kind].plan(files, authority_code, on)
    waiting = Upload.objects.waiting()
    waiting.filter(uploaded_by=by, kind=kind).delete()
    waiting.filter(uploaded_at__lt=timezone.now() - KEPT_FOR).delete()
    upload = Upload.objects.create(kind=kind, authority_code=authority_code, uploaded_by=by)
    for part, (name, content) in files.items():
        UploadedFile.objects.create(upload=upload, part=part, name=name[-120:], content=content)
    return upload


def plan_files(stored: Iterable[UploadedFile], upload: Upload, *, on: date) -> Planned:
    """What importing these files of an upload would do now."""
    files = {file.part: (file.name, bytes(file.content)) for file in stored}
    return IMPORTERS[upload.kind].plan(files, upload.authority_code, on)


@transaction.atomic
def apply_upload(upload: Upload, *, fingerprint: str, by: User, on: date) -> Preview | None:
    """Import what the preview with this fingerprint showed; None when it has been imported already.

    Raises PreviewHasMovedError when the same files would now do something else.
    """
    take_turn()
    if not Upload.objects.waiting().filter(pk=upload.pk).update(applied_at=timezone.now()):
        return None
    planned = plan_files(upload.files.all(), upload, on=on)
    if planned.preview.fingerprint != fingerprint:
        raise PreviewHasMovedError
    planned.write(by, on)
    upload.files.all().delete()
    Upload.objects.filter(pk=upload.pk).update(result=planned.preview.result())
    return planned.preview
