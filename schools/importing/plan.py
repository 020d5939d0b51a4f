"""What an import would do, for people to read before it is done (S9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from schools import gias

CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: where it stands and why. `column` is empty when the whole row is meant."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}"
        return f"{place}, {self.column}: {self.reason}" if self.column else f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's value here and in the file."""

    field: str
    old: gias.Value
    new: gias.Value

    @property
    def label(self) -> str:
        """The field in words."""
        return self.field.replace("_", " ")

    def __str__(self) -> str:
        return f"{self.label}: {worded(self.old)} → {worded(self.new)}"


@dataclass(frozen=True, slots=True)
class NewSchool:
    """A school that the import would create."""

    urn: int
    name: str
    type_name: str
    status: str

    def __str__(self) -> str:
        return f"{self.urn} {self.name} ({self.type_name or 'no type'}, {self.status})"


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """A school that the import would change, field by field; `values` is its whole row as it would be."""

    urn: int
    name: str
    fields: tuple[FieldChange, ...]
    values: tuple[gias.Value, ...]

    @property
    def is_closing(self) -> bool:
        """Whether the school would close."""
        return any(change.field == "status" and change.new == CLOSED for change in self.fields)

    def __str__(self) -> str:
        return f"{self.urn} {self.name}: {'; '.join(str(change) for change in self.fields)}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that the team has corrected by hand and the register has otherwise: it stays as it is here."""

    urn: int
    name: str
    field: str
    ours: gias.Value
    theirs: gias.Value

    def __str__(self) -> str:
        label = self.field.replace("_", " ")
        return f"{self.urn} {self.name}: {label} stays {worded(self.ours)}; the register has {worded(self.theirs)}"


class Link(NamedTuple):
    """A predecessor or successor as the register has it."""

    urn: int
    linked_urn: int
    kind: str
    detail: str = ""
    established_on: date | None = None

    def __str__(self) -> str:
        return f"{self.urn} has the {self.kind} {self.linked_urn}"


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """A membership of a trust that would be opened, or be given other dates: then `pk` is the row's."""

    urn: int
    trust_uid: int
    trust_name: str
    joined_on: date | None
    left_on: date | None
    pk: int | None = None
    is_move: bool = False

    def __str__(self) -> str:
        since = f"from {worded(self.joined_on)}" if self.joined_on else "since an unknown day"
        return f"{self.urn} in {self.trust_name} {since}{f' to {worded(self.left_on)}' if self.left_on else ''}"


@dataclass(frozen=True, slots=True)
class TrustChange:
    """A trust that would be created or changed; `values` is its whole row as it would be."""

    values: dict[str, Any]
    fields: tuple[FieldChange, ...]
    is_new: bool

    def __str__(self) -> str:
        name = f"{self.values['uid']} {self.values['name']}"
        return f"{name} (new)" if self.is_new else f"{name}: {'; '.join(str(change) for change in self.fields)}"


@dataclass
class Plan:
    """Everything that an import would do. `fields` names the columns of `created` and of each change's `values`."""

    files: list[str] = field(default_factory=list)
    authority: str | None = None
    fields: tuple[str, ...] = ()
    created: list[tuple[gias.Value, ...]] = field(default_factory=list)
    changed: list[SchoolChange] = field(default_factory=list)
    unchanged: int = 0
    kept: list[Kept] = field(default_factory=list)
    links_added: list[Link] = field(default_factory=list)
    links_removed: dict[int, Link] = field(default_factory=dict)
    trusts: list[TrustChange] = field(default_factory=list)
    memberships_opened: list[MembershipChange] = field(default_factory=list)
    memberships_changed: list[MembershipChange] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    corrections: frozenset[tuple[int, str]] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be written."""
        return not any(
            (
                self.created,
                self.changed,
                self.links_added,
                self.links_removed,
                self.trusts,
                self.memberships_opened,
                self.memberships_changed,
            )
        )

    @property
    def new_schools(self) -> list[NewSchool]:
        """The schools that would be created, for people."""
        rows = (dict(zip(self.fields, values, strict=True)) for values in self.created)
        return [NewSchool(row["urn"], row["name"], row.get("type_name", ""), row["status"]) for row in rows]  # type: ignore[arg-type]

    @property
    def closing(self) -> list[SchoolChange]:
        """The schools here that would close."""
        return [change for change in self.changed if change.is_closing]

    @property
    def summary(self) -> dict[str, int]:
        """How many of each."""
        return {
            "created": len(self.created),
            "changed": len(self.changed),
            "closed": len(self.closing),
            "unchanged": self.unchanged,
            "kept by hand": len(self.kept),
            "linked": len(self.links_added),
            "unlinked": len(self.links_removed),
            "trusts": len(self.trusts),
            "memberships opened": len(self.memberships_opened),
            "memberships changed": len(self.memberships_changed),
            "bad rows": len(self.bad_rows),
        }

    @property
    def headlines(self) -> list[str]:
        """The plan in a few sentences."""
        count = self.summary
        lines = [
            f"Schools: {count['created']} to create, {count['changed']} to change "
            f"({count['closed']} of them close), {count['unchanged']} unchanged.",
            f"Links: {count['linked']} to add, {count['unlinked']} to remove.",
            f"Trusts: {count['trusts']} to create or change; memberships: {count['memberships opened']} to open, "
            f"{count['memberships changed']} to end or redate.",
        ]
        if self.kept:
            lines.append(f"Corrected by hand and left alone: {plural(len(self.kept), 'field')}.")
        if self.bad_rows:
            lines.append(f"Not taken: {plural(len(self.bad_rows), 'bad row')}, listed below.")
        return ["Nothing to change.", *lines[3:]] if self.is_empty else lines


def worded(value: object) -> str:
    """A value as people read it: a date in words, nothing as “blank”."""
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return "blank" if value in (None, "") else f"“{value}”"


def plural(number: int, thing: str) -> str:
    """`1 school`, `2,000 schools`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def some(urns: Sequence[int], most: int = 5) -> str:
    """A few URNs, and how many more."""
    listed = ", ".join(str(urn) for urn in urns[:most])
    return f"{listed} and {len(urns) - most:,} more" if len(urns) > most else listed
