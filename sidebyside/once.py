"""A form that counts once, however often it is sent: a quick second press finds what the first has made."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django import forms
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest

from sidebyside.forms import Form
from sidebyside.refusals import Refusal

Row = TypeVar("Row", bound=models.Model)
OF_DJANGO = "csrfmiddlewaretoken"


def new_key() -> str:
    """A key for a form that must count once."""
    return uuid.uuid4().hex


class OnceForm(Form):
    """Base of a form that makes a row. The row keeps `request_key`, which is unique.

    `request` says where the form is sent and by whom: the same key from another page or person makes another row.
    """

    request_key = forms.CharField(widget=forms.HiddenInput, initial=new_key, required=False, max_length=40)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_request_key(self) -> str:
        """The key with all that was sent: who goes back and changes something means another row."""
        key = self.cleaned_data["request_key"]
        return fingerprint(key, self.data, of=f"{self.request.path} {self.request.user.pk}") if key else ""


def fingerprint(key: str, data: Any, *, of: str) -> str:
    """A key for this page `of` an address and a person, with these entries."""
    entries = sorted((name, values) for name, values in dict(data).items() if name != OF_DJANGO)
    return hashlib.sha256(f"{of} {key} {urlencode(entries, doseq=True)}".encode()).hexdigest()[:40]


def once(row: Row, make: Callable[[], Row]) -> Row:
    """What the row's `request_key` has made already, otherwise what `make` makes of the row now.

    A second press that waited for the first is refused something (the day is taken) or breaks the unique key: then
    it finds what the first has made. A row without a key is made each time. Raises Refusal where what it has made is
    at another school, or was cancelled since: then "it is done" would not be true.
    """
    key = row.request_key  # type: ignore[attr-defined]
    if not key:
        return make()
    made = type(row)._default_manager.filter(request_key=key)
    if there := made.first():
        return _checked(there, row)
    try:
        with transaction.atomic():
            return make()
    except (IntegrityError, Refusal):
        if there := made.first():
            return _checked(there, row)
        raise


def _checked(there: Row, row: Row) -> Row:
    if getattr(there, "school_id", None) != getattr(row, "school_id", None):
        raise Refusal("This form was used for another school, and nothing was done here. Open it again.")
    if getattr(there, "state", "") == "cancelled":
        raise Refusal("What this form made was cancelled since, and nothing was done now. Open it again.")
    return there
