"""The question of O13, which a form asks only once somebody goes beyond what is left."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms

from sidebyside.accounts.models import User
from sidebyside.forms import Form
from support.beyond import Answer, BeyondAllowance, Way

ASKED = ("way", "why", "agreed_with", "asked")
OVERRIDE = "override"
WAYS = {Way.STOP: "Stop: do not book it", Way.ALLOW: "Allow it, with a reason", Way.PAYS: "The school pays for it"}


class BeyondForm(Form):
    """Base of forms that book support. In the view: `except BeyondAllowance as asked: form.ask(asked)`.

    `by` is who fills it in: only those who may exceed an allowance are offered to allow more.
    """

    reveals = {"way": {"allow": ["why"], "pays": ["agreed_with"]}}
    asks_why_twice = False  # whether the form can ask a leader why a champion has two days on one date

    way = forms.ChoiceField(
        label="This goes beyond what is left. What should happen?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what should happen"},
    )
    why = forms.CharField(label="Reason", required=False, max_length=500)
    agreed_with = forms.CharField(label="Who at the school agreed to pay?", required=False, max_length=120)
    asked = forms.CharField(widget=forms.HiddenInput, initial="yes", required=False)
    override = forms.CharField(label="Why this day stands all the same", required=False, max_length=500)

    def __init__(self, data: Any = None, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.by = by
        self.choice_hints = {}
        for name in (*ASKED, OVERRIDE):
            self.fields.pop(name)
        if data is not None and "asked" in data:
            self._add_question()
        if data is not None and self.asks_why_twice and OVERRIDE in data:
            self.ask_why_twice()

    def ask(self, refusal: BeyondAllowance) -> None:
        """Show the question, with the price of having the school pay."""
        if "way" not in self.fields:
            self._add_question()
        self.data = self.data.copy()
        self.data["asked"] = "yes"
        price = refusal.beyond.price
        hint = f"All of it is bought, for {price}" if price else "At the price that holds on that day"
        self.choice_hints = {"way": {Way.PAYS: hint, Way.ALLOW: "It is recorded with your name as an adjustment"}}
        self.add_error(refusal.field, refusal.sentence)

    def answer(self) -> Answer | None:
        """What was chosen; None while nothing was asked."""
        values = self.cleaned_data
        if not values.get("way"):
            return None
        return Answer(Way(values["way"]), values.get("why", ""), values.get("agreed_with", ""))

    def booking(self) -> dict[str, Any]:
        """What was entered apart from the question, as the action's keywords."""
        return {name: value for name, value in self.cleaned_data.items() if name not in (*ASKED, OVERRIDE)}

    def override_why(self) -> str:
        """Why a second day on one date stands all the same; empty while nobody asked."""
        return str(self.cleaned_data.get(OVERRIDE, ""))

    def ask_why_twice(self) -> None:
        """Ask a leader why a second day on one date stands all the same."""
        self.fields.setdefault(OVERRIDE, deepcopy(self.base_fields[OVERRIDE]))

    def _add_question(self) -> None:
        for name in ASKED:
            self.fields[name] = deepcopy(self.base_fields[name])
        may_allow = self.by.may("support.exceed_allowance")
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            (way.value, label) for way, label in WAYS.items() if way != Way.ALLOW or may_allow
        ]
