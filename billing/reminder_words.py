"""The words in braces that a reminder's text may use, and putting the invoice's own in their place (M14). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

WORDS = ("number", "due", "balance", "account", "council")
KNOWN = ", ".join(f"{{{word}}}" for word in WORDS)
IN_BRACES = re.compile(r"\{([^{}]*)\}")


def unknown_words(text: str) -> list[str]:
    """What stands in braces in a text and means nothing, each once, in the text's order."""
    return list(dict.fromkeys(word for word in IN_BRACES.findall(text) if word not in WORDS))


def sentence_about(unknown: list[str]) -> str:
    """What is wrong with such a text, and what to do."""
    wrong = ", ".join(f"{{{word}}}" for word in unknown)
    return f"{wrong} means nothing here. Use only {KNOWN}."


def fill(text: str, words: Mapping[str, str]) -> str:
    """The text with the invoice's words. Raises ValueError, with a sentence, for a word in braces that is unknown."""
    if unknown := unknown_words(text):
        raise ValueError(sentence_about(unknown))
    return IN_BRACES.sub(lambda found: words[found[1]], text)
