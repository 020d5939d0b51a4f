"""How a page carries out an action: a refusal becomes an error of its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm

from sidebyside.refusals import Refusal
from support.actions.checks import DayTaken
from support.beyond import BeyondAllowance
from support.forms import BeyondForm

MOST_FIGURES = 18  # more than any key has, and fewer than a column holds


def done(form: BaseForm, act: Callable[[], Any]) -> bool:
    """Run the action; False when it refused, and then the form says why (and asks what is to be asked: O13, and why
    a second day on one date stands).
    """
    try:
        act()
    except Refusal as refusal:
        if isinstance(refusal, BeyondAllowance) and isinstance(form, BeyondForm):
            form.ask(refusal)
        elif isinstance(refusal, DayTaken) and isinstance(form, BeyondForm) and refusal.field == "override":
            form.ask_why_twice()
            form.add_error("override", refusal.sentence)
        else:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True


def number_of(text: str) -> int | None:
    """The number of a row that an address or a form names; None for anything else, and for what no column holds."""
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_FIGURES
    return int(text) if is_number else None
