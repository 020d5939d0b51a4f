"""How a page carries out an action: a refusal becomes an error of its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm

from sidebyside.refusals import Refusal
from support.beyond import BeyondAllowance
from support.forms import BeyondForm


def done(form: BaseForm, act: Callable[[], Any]) -> bool:
    """Run the action; False when it refused, and then the form says why (and asks the question of O13)."""
    try:
        act()
    except Refusal as refusal:
        if isinstance(refusal, BeyondAllowance) and isinstance(form, BeyondForm):
            form.ask(refusal)
        else:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True
