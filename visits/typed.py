"""What of a posted page belongs into a draft: the known fields' texts, in a form that every database can keep."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sidebyside.govuk.dates import PARTS, DateField
from visits.actions.drafts import Source
from visits.forms.logging import ActionForm, LogForm
from visits.forms.notes import AmendForm


def _names(fields: Mapping[str, Any]) -> str:
    """A pattern of the names under which these fields are posted."""
    parts = "|".join(PARTS)
    return "|".join(f"{n}(?:_(?:{parts}))" if isinstance(field, DateField) else n for n, field in fields.items())


KNOWN = re.compile(
    f"{_names(LogForm.base_fields | AmendForm.base_fields)}"
    rf"|actions-[0-9]{{1,2}}-(?:{_names(ActionForm.base_fields)})|(?:carried|effect)_[0-9]{{1,18}}"
)


@dataclass(frozen=True)
class Typed:
    """One save of a page: the texts, who typed them, and what the page knew."""

    content: dict[str, str]
    revision: int
    amends: int
    writer: int
    source: Source


def typed_by_form(posted: Mapping[str, Any], *, writer: int) -> Typed:
    """The save in a posted form, such as the button “Save draft” sends. A number that is none counts as 0."""
    window = posted.get("window")
    source = Source(_clean(window)[:40] if isinstance(window, str) else "", number_in(posted.get("sequence")))
    return Typed(kept(posted), number_in(posted.get("revision")), number_in(posted.get("amends")), writer, source)


def typed_by_script(body: bytes) -> Typed:
    """The save in a script's JSON. Raises ValueError for anything else."""
    try:
        sent = json.loads(body)
    except RecursionError:
        raise ValueError("no draft") from None
    if not isinstance(sent, dict) or not isinstance(sent.get("content"), dict):
        raise ValueError("no draft")
    about = typed_by_form({key: value for key, value in sent.items() if key != "content"}, writer=0)
    return Typed(kept(sent["content"]), about.revision, about.amends, number_in(sent.get("writer")), about.source)


def kept(posted: Mapping[str, Any]) -> dict[str, str]:
    """The texts of known fields; one kind of line break, and no character that a database refuses."""
    return {
        name: _clean(value) for name, value in posted.items() if isinstance(value, str) and KNOWN.fullmatch(str(name))
    }


def _clean(value: str) -> str:
    plain = value.replace("\r\n", "\n").replace("\x00", "")
    return plain.encode("utf-8", "replace").decode("utf-8")


def number_in(value: Any) -> int:
    """A count that a page sent; 0 for anything else."""
    text = str(value) if isinstance(value, str | int) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
