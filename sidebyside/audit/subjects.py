"""What events are about, by name: one query for a page of them, whatever they are about.

The rooms above are named in words, as strings: the trail knows of every room and imports none. A name here is read by
everybody who reads the trail, so no words of a note, of an agreed action or of a letter are among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from django.apps import apps
from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from sidebyside.audit.models import Event

AT_A_SCHOOL = "{} at {}"
_SAMPLED = "sampled__deployment"
# By the model's name in a subject: where the model lives, how it is said, and the one or two fields that are filled in.
NAMES: Mapping[str, tuple[str, str, Sequence[str]]] = {
    "account": ("billing", "Account of {}", ["name"]),
    "adjustment": ("support", "Adjustment of {} for {}", ["service__name", "school__name"]),
    "adviserassignment": ("schools", "{} for {}", ["adviser__name", "school__name"]),
    "agreement": ("agreements", "Agreement of {} at {}", ["champion_name", "school_name"]),
    "agreedaction": ("visits", "Agreed action at {}", ["school__name"]),
    "appointment": ("schools", AT_A_SCHOOL, ["head_name", "school__name"]),
    "brokeragerate": ("billing", "Brokerage rate from {}", ["starts_on"]),
    "categoryentry": ("schools", "{} for {}", ["category__name", "school__name"]),
    "champion": ("support", "{}", ["name"]),
    "chargeband": ("billing", "Charge band from {}", ["starts_on"]),
    "council": ("council", "{}", ["name"]),
    "dayrate": ("support", "Day rate of {} from {}", ["champion_type__name", "starts_on"]),
    "delivery": ("support", AT_A_SCHOOL, ["service__name", "school__name"]),
    "deployment": ("support", AT_A_SCHOOL, ["champion__name", "school__name"]),
    "dispute": ("support", "Dispute about {} at {}", ["delivery__service__name", "delivery__school__name"]),
    "finding": ("impact", "Finding about {} at {}", [f"{_SAMPLED}__champion__name", f"{_SAMPLED}__school__name"]),
    "invoice": ("billing", "{}", ["number"]),
    "invoicerun": ("billing", "Invoice run of {} to {}", ["first_day", "last_day"]),
    "ledgerfile": ("reimbursing", "{}", ["number"]),
    "membership": ("schools", "{}, {}", ["user__name", "post"]),
    "matchweight": ("brokering", "Weight of “{}” in matches", ["kind"]),
    "need": ("brokering", "Need of {}", ["school__name"]),
    "note": ("visits", "Note of the {} at {}", ["visit__delivery__service__name", "visit__delivery__school__name"]),
    "offer": ("support", "Offer of {}, version {}", ["year_start", "version"]),
    "payment": ("billing", "Payment of {} on {}", ["account__name", "received_on"]),
    "payee": ("reimbursing", "How {} is paid", ["school__name"]),
    "reimbursementrate": (
        "reimbursing",
        "Reimbursement rate of {} from {}",
        ["champion_type__name", "starts_on"],
    ),
    "reminderstage": ("billing", "Reminder “{}”", ["name"]),
    "review": ("impact", "Review of {} at {}", ["deployment__champion__name", "deployment__school__name"]),
    "runitem": ("billing", "Invoice to be of {}", ["account__name"]),
    "sample": ("impact", "Sample of {}", ["drawn_on"]),
    "school": ("schools", "{}", ["name"]),
    "statement": ("reimbursing", "{}", ["number"]),
    "statementitem": ("reimbursing", "Statement to be of {}", ["school__name"]),
    "statementrun": ("reimbursing", "Statements of {} to {}", ["first_day", "last_day"]),
    "trust": ("schools", "{}", ["name"]),
    "user": ("accounts", "{}", ["name"]),
    "vatrate": ("billing", "VAT rate “{}” from {}", ["treatment", "starts_on"]),
    "visit": ("visits", AT_A_SCHOOL, ["delivery__service__name", "delivery__school__name"]),
}
CHUNK = 500


def name_subjects(events: Iterable[Event]) -> list[Event]:
    """The same events, each with `about`: the name of what it is about; its kind and key where it has no name."""
    named = list(events)
    keys: dict[str, set[int]] = defaultdict(set)
    for event in named:
        kind, _, key = event.subject.partition(":")
        if kind in NAMES and key.isdecimal():
            keys[kind].add(int(key))
    found = _names(keys)
    for event in named:
        event.about = found.get(event.subject) or event.subject.replace(":", " ")
    return named


def in_chunks(events: Iterator[Event]) -> Iterator[Event]:
    """`name_subjects` for a long export, some hundreds at a time."""
    while some := name_subjects(islice(events, CHUNK)):
        yield from some


def _names(keys: Mapping[str, set[int]]) -> dict[str, str]:
    parts = [_columns(kind, wanted) for kind, wanted in sorted(keys.items())]
    if not parts:
        return {}
    rows = parts[0].union(*parts[1:], all=True)
    return {f"{kind}:{key}": NAMES[kind][1].format(_said(first), _said(second)) for kind, key, first, second in rows}


def _columns(kind: str, keys: set[int]) -> QuerySet:
    """Kind, key and the two texts of some things of one kind."""
    room, _, fields = NAMES[kind]
    first, second = (Cast(F(field), TextField()) for field in (fields[0], fields[-1]))
    rows = apps.get_model(room, kind)._base_manager.filter(pk__in=keys).order_by()
    named = rows.annotate(of_kind=Value(kind, CharField()), first=first, second=second)
    return named.values_list("of_kind", "pk", "first", "second")


def _said(text: str) -> str:
    """A day in words; everything else as it is."""
    try:
        return f"{date.fromisoformat(text):%-d %B %Y}"
    except ValueError:
        return text
