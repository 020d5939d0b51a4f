"""What an adviser wrote down of a visit, as values: the form makes it, the action keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sidebyside.refusals import Refusal
from support.models import Champion

TEXTS = ("people_met", "focus", "strengths", "areas", "impact", "next_visit")
REQUIRED = {
    "people_met": "Say whom you met.",
    "focus": "Say what the visit looked at.",
    "strengths": "Say what is strong.",
    "areas": "Say what is to be developed.",
}


@dataclass(frozen=True)
class AgreedText:
    """An action as it was agreed: what, who, by when (V5)."""

    what: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class NoteText:
    """The words of a note (V2); `confidential` is for the team alone."""

    people_met: str
    focus: str
    strengths: str
    areas: str
    impact: str = ""
    next_visit: str = ""
    confidential: str = ""

    def check(self) -> None:
        """Raise Refusal for a part that must say something: asked only when it is shared."""
        for name, sentence in REQUIRED.items():
            if not getattr(self, name).strip():
                raise Refusal(sentence, field=name)

    def shared(self) -> dict[str, str]:
        """What the school reads."""
        return {name: getattr(self, name) for name in TEXTS}


@dataclass(frozen=True)
class VisitLog:
    """A visit that was held, and its note (V1, V2).

    `half_days` are the champion's at the visit (O7). `done` gives, for each action of earlier visits that is done,
    its effect.
    """

    happens_on: date
    minutes: int
    note: NoteText
    mode: str = "in school"
    champion: Champion | None = None
    half_days: int = 0
    agreed: tuple[AgreedText, ...] = ()
    done: Mapping[int, str] = field(default_factory=dict)
