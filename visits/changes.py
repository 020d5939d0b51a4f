"""What is different between two versions of a text, word by word. Pure: imports no Django."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# By words where that is quick, otherwise by lines, otherwise whole: a page must not take a minute for a strange text.
WORDS, LINES, WHOLE = (re.compile(pattern) for pattern in (r"\w+\s*|[^\w\s]+\s*|\s+", r"[^\n]*\n|[^\n]+", r"(?s).+"))
MOST_PAIRS = 200_000  # of equal words or lines: some tenths of a second


@dataclass(frozen=True)
class Piece:
    """A run of words: `same`, `added` or `removed`."""

    kind: str
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """The new text with what was taken out of the old one in its place; one piece where nothing differs."""
    before, after = _parts(old, new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(after[c:d])))
            continue
        for kind, text in (("removed", "".join(before[a:b])), ("added", "".join(after[c:d]))):
            if text:
                pieces.append(Piece(kind, text))
    return pieces


def _parts(old: str, new: str) -> tuple[list[str], list[str]]:
    """Both texts in the smallest parts that can be compared quickly."""
    for pattern in (WORDS, LINES):
        before, after = pattern.findall(old), pattern.findall(new)
        if _pairs(before, after) <= MOST_PAIRS:
            return before, after
    return WHOLE.findall(old), WHOLE.findall(new)


def _pairs(before: Sequence[str], after: Sequence[str]) -> int:
    """How many pairs of equal parts there are: what each step of the comparison looks at."""
    counted = Counter(after)
    return sum(times * counted[part] for part, times in Counter(before).items())
