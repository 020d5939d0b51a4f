"""Names in readable case: the register writes those of trusts in capitals. Pure: imports no Django."""

from __future__ import annotations

import re

SMALL = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "upon", "with"})
# Said letter by letter, or numerals.
KEPT = frozenset({"CE", "CIO", "II", "III", "IV", "MAT", "RC", "SAT", "UK", "VI", "VII", "VIII"})
WRITTEN = {"CO": "Co", "COFE": "CofE", "DR": "Dr", "LTD": "Ltd", "MR": "Mr", "MRS": "Mrs", "ST": "St"}
WORD = re.compile(r"[^\s()/,]+")
ORDINAL = re.compile(r"\d+(?:ST|ND|RD|TH)")
VOWEL = re.compile(r"[AEIOUY]")


def readable(name: str) -> str:
    """A name in capitals as people write it: ST MARY'S C OF E TRUST is `St Mary's C of E Trust`.

    Brands with a figure or a single letter in them (REACH2, E-ACT) and words that nobody could pronounce (GLF) keep
    their capitals. A name that has a small letter was written with care and stays.
    """
    if name != name.upper():
        return name
    return WORD.sub(lambda found: _word(found.group(), is_first=_begins(name, found.start())), name)


def _begins(name: str, place: int) -> bool:
    """Whether a word stands at the beginning of the name or of a bracket."""
    return name[:place].rstrip().endswith("(") or not name[:place].strip()


def _word(word: str, *, is_first: bool) -> str:
    parts = word.split("-")
    if len(parts) > 1 and any(len(part) == 1 for part in parts):
        return word
    first = _part(parts[0], is_first=is_first)
    rest = [part.lower() if parts[0] == "CO" else _part(part, is_first=False) for part in parts[1:]]
    return "-".join([first, *rest])


def _part(part: str, *, is_first: bool) -> str:
    if part in WRITTEN:
        return WRITTEN[part]
    if part.lower() in SMALL:
        return part.capitalize() if is_first else part.lower()
    if ORDINAL.fullmatch(part):
        return part.lower()
    if part in KEPT or any(sign.isdigit() for sign in part) or not VOWEL.search(part):
        return part
    return _capitalised(part)


def _capitalised(part: str) -> str:
    """One capital in front, and another after O' and Mc."""
    if part[1:2] in ("'", "’"):
        return part[:2] + part[2:].capitalize()
    if part.startswith("MC") and len(part) > 3:
        return f"Mc{part[2:].capitalize()}"
    return part.capitalize()
