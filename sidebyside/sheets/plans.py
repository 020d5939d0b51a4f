"""What an import of a spreadsheet would change, before it does. Pure: imports no Django."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sidebyside.sheets.reading import Layout, Problem, Sheet, read

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class Entry:
    """A good row: new, changed or the same; `text` says it in words, `item` holds what is to be written."""

    line: int
    verb: str
    text: str
    item: Any = None


@dataclass(frozen=True)
class Trail:
    """What is written into the history for one thing that an import made or changed (A3)."""

    verb: str
    subject: str
    school_urn: int | None = None
    why: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass
class Plan:
    """Each row's entry or problems. `notes` say what else follows; `extra` is the importer's own."""

    name: str
    ignored: tuple[str, ...]
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    extra: Any = None

    @classmethod
    def of(cls, sheet: Sheet) -> Plan:
        """An empty plan for a file, with the rows that could not be read."""
        return cls(name=sheet.name, ignored=sheet.ignored, problems=list(sheet.problems))

    def having(self, verb: str) -> list[Entry]:
        """The entries that are new, changed or the same."""
        return [entry for entry in self.entries if entry.verb == verb]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, the same and refused."""
        found = {verb: len(self.having(verb)) for verb in (NEW, CHANGED, SAME)}
        return found | {"refused": len({problem.line for problem in self.problems})}

    @property
    def has_changes(self) -> bool:
        """Whether there is anything to write."""
        return any(entry.verb != SAME for entry in self.entries)

    @property
    def fingerprint(self) -> str:
        """Short name of all that this plan says; another one when anything in it differs."""
        said = [(entry.line, entry.verb, entry.text) for entry in self.entries]
        return hashlib.sha256(repr((said, sorted(self.problems), self.notes)).encode()).hexdigest()[:32]

    def summary(self) -> str:
        """The counts in words: `3 new, 1 changed, 20 the same, 2 refused`."""
        words = {NEW: "new", CHANGED: "changed", SAME: "the same", "refused": "refused"}
        return ", ".join(f"{self.counts[key]} {word}" for key, word in words.items())


class Apply(Protocol):
    """Writes a plan's new and changed entries, in the caller's transaction, and says what to leave in the history.

    `by` is the user who imports, None for a command; `on` is today.
    """

    def __call__(self, plan: Plan, *, by: Any, on: date) -> list[Trail]: ...


@dataclass(frozen=True)
class Kind:
    """One kind of spreadsheet: its columns, two example rows, and how it is planned and written."""

    slug: str
    title: str
    purpose: str
    layout: Layout
    examples: tuple[tuple[str, ...], ...]
    plan: Callable[[Sheet, date], Plan]
    apply: Apply

    def read(self, content: bytes, name: str) -> Sheet:
        """The file's rows. Raises SheetIsRefused."""
        return read(content, name=name, layout=self.layout)
