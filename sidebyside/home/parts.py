"""What a home page is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

SHOWN = 8


@dataclass(frozen=True)
class Task:
    """One line of a list: where it leads, what is to be known, and its state as a tag."""

    label: str
    url: str
    hint: str = ""
    status: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Card:
    """A figure that leads somewhere."""

    number: str
    label: str
    url: str
    attention: bool = False


@dataclass(frozen=True)
class Section:
    """A heading, its lines, where the rest is, and what to say when there is none."""

    title: str
    tasks: Sequence[Task]
    empty: str
    more_url: str = ""
    more: str = ""


@dataclass(frozen=True)
class Home:
    """A home page."""

    sections: Sequence[Section]
    cards: Sequence[Card] = field(default_factory=tuple)


def first(rows: QuerySet[Any]) -> Iterable[Any]:
    """As many rows as a home page shows."""
    return rows[:SHOWN]


def count_of(number: int) -> str:
    """A number for a card."""
    return f"{number:,}"


def counted(number: int, one: str, many: str, url: str, *, warns: bool = False) -> Card:
    """A card that says how many, in the singular for one; one that warns is marked unless there are none."""
    return Card(count_of(number), one if number == 1 else many, url, attention=warns and number > 0)
