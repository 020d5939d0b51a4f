"""Email addresses in a cell."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MOST_CHARACTERS = 254


def email(cell: str) -> str:
    """One address. Raises ValueError with a sentence."""
    try:
        validate_email(cell)
    except ValidationError:
        raise ValueError(f"“{cell}” is not an email address") from None
    if len(cell) > MOST_CHARACTERS:
        raise ValueError(f"is longer than {MOST_CHARACTERS} characters")
    return cell


def emails(cell: str) -> tuple[str, ...]:
    """Addresses with semicolons, commas or spaces between them, each once whatever its capitals."""
    found = {each.casefold(): email(each) for each in re.split(r"[;,\s]+", cell) if each}
    return tuple(found.values())
