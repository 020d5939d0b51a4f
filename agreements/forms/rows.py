"""The intended outcomes of a deployment: as many rows as there are, and some empty ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from sidebyside.forms import Form
from support.agreements import Intended

PREFIX = "outcomes"
MOST, EMPTY = 12, 2


class OutcomeForm(Form):
    """One outcome, and how one will know."""

    shows_optional = False

    text = forms.CharField(label="What will be better", max_length=300)
    measure = forms.CharField(
        label="How you will know", max_length=300, help_text="A result or a count, such as pupils at the standard."
    )


class BaseOutcomeRows(forms.BaseFormSet):
    """An empty row is no outcome; one is needed."""

    item_name = "Outcome"

    def initial_form_count(self) -> int:
        """None: each row may be left empty."""
        return 0

    def clean(self) -> None:
        """Without any outcome nobody could say afterwards what the days were for."""
        if not any(self.errors) and not self.intended():
            self.forms[0].add_error("text", "Say at least one thing that will be better")

    def intended(self) -> tuple[Intended, ...]:
        """The outcomes that were entered, in their order."""
        return tuple(Intended(**row) for row in (form.cleaned_data for form in self.forms) if row)


OutcomeRows = forms.formset_factory(OutcomeForm, formset=BaseOutcomeRows, extra=3, max_num=MOST, absolute_max=MOST)


def outcome_rows(posted: Mapping[str, Any] | None, *, there: Sequence[Intended] = (), more: int = 0) -> Any:
    """The rows as they were posted with `more` empty ones, or those that are there with two empty ones."""
    if posted is not None:
        plain = {name: value for name, value in posted.items() if name.startswith(f"{PREFIX}-")}
        return OutcomeRows(plain | _counted(plain, more), prefix=PREFIX)
    rows = OutcomeRows(initial=[vars(each) for each in there], prefix=PREFIX)
    rows.extra = min(len(there) + EMPTY, MOST)
    return rows


def _counted(plain: Mapping[str, Any], more: int) -> dict[str, str]:
    """How many rows a page sent, from the rows themselves."""
    numbers = [name.split("-")[1] for name in plain if name.count("-") == 2]
    places = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 3]
    total = min(max(max(places, default=-1) + 1, 1) + more, MOST)
    return {f"{PREFIX}-TOTAL_FORMS": str(total), f"{PREFIX}-INITIAL_FORMS": "0"}
