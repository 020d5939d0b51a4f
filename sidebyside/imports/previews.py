"""What an import would do, as the pages show it: the same shape for spreadsheets and for the register."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sidebyside.accounts.models import User

MOST_PROBLEMS = 100
MOST_LINES = 50


@dataclass(frozen=True)
class Part:
    """One file that an import takes."""

    name: str
    label: str
    hint: str = ""
    is_required: bool = True


@dataclass(frozen=True)
class Section:
    """A list of what would happen; `lines` are the first of `total`."""

    title: str
    lines: list[str]
    total: int

    @classmethod
    def of(cls, title: str, things: Sequence[object]) -> Section:
        """The first lines of many things."""
        return cls(title, [str(thing) for thing in things[:MOST_LINES]], len(things))

    @property
    def left_out(self) -> int:
        """How many are not shown."""
        return self.total - len(self.lines)


@dataclass(frozen=True)
class Refused:
    """A row that will not go in. `file` is empty where there is only one."""

    line: int
    column: str
    reason: str
    file: str = ""


@dataclass
class Preview:
    """Everything that the page of a preview says. `fingerprint` differs when anything in it does."""

    files: list[str]
    counts: list[tuple[str, int]]
    sections: list[Section]
    refused: list[Refused]
    refused_rows: int
    fingerprint: str
    has_changes: bool
    button: str
    notes: list[str] = field(default_factory=list)

    def result(self) -> dict[str, Any]:
        """What stays to be shown after the import."""
        return {
            "files": self.files,
            "counts": self.counts,
            "notes": self.notes,
            "refused_rows": self.refused_rows,
            "refused": [vars(refused) for refused in self.refused[:MOST_PROBLEMS]],
        }


@dataclass(frozen=True)
class Planned:
    """A preview, and what writes it in the caller's transaction."""

    preview: Preview
    write: Callable[[User, date], None]


class Importer(Protocol):
    """One thing that can be imported on the page. `plan` reads only; it raises Refusal for a file refused whole."""

    slug: str
    title: str
    purpose: str
    parts: tuple[Part, ...]
    takes_authority: bool

    def plan(self, files: dict[str, tuple[str, bytes]], authority_code: str, on: date) -> Planned:
        """What importing the files would do; each part's name and bytes by the part."""
        ...
