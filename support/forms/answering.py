"""What a school answers about a delivery, and what the broker decides about a dispute (M1)."""

from __future__ import annotations

from typing import Any

from django import forms

from sidebyside.forms import Form
from support.forms.deliveries import LENGTHS
from support.models import Dispute

HAPPENED = [("yes", "Yes, as it stands here"), ("no", "No, something is wrong")]


class ConfirmForm(Form):
    """Whether it took place as it stands in the record; a no says what is wrong, and disputes it."""

    reveals = {"happened": {"no": ["why"]}}
    choice_hints = {"happened": {"no": "The council’s team looks into it. Nothing is charged meanwhile."}}

    happened = forms.ChoiceField(label="Did this take place?", choices=HAPPENED, widget=forms.RadioSelect)
    why = forms.CharField(
        label="What is wrong",
        help_text="The champion reads this, too.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """A no needs a word; a yes brings none."""
        values = super().clean() or self.cleaned_data
        if values.get("happened") == "no" and not values.get("why"):
            self.add_error("why", "Say what is wrong")
        if values.get("happened") == "yes":
            values["why"] = ""
        return values


class ConfirmForSchoolForm(Form):
    """The team's answer in place of the school's (M1)."""

    why = forms.CharField(label="Why you answer instead of the school", max_length=500)


class ChosenForm(Form):
    """The press of the button for what was chosen: the page names it, and the action asks nothing more."""


class ResolveForm(Form):
    """How a dispute is settled; `half_days` is how long the delivery is in the record."""

    reveals = {"outcome": {"shortened": ["half_days"]}}
    choice_hints = {
        "outcome": {
            "stands": "It is confirmed, with your words as the reason.",
            "shortened": "It goes down to what was given, and is confirmed.",
            "withdrawn": "It is cancelled: it uses nothing, and is not charged.",
        }
    }

    outcome = forms.ChoiceField(
        label="What did you find?",
        choices=Dispute.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what you found"},
    )
    half_days = forms.TypedChoiceField(
        label="How long it was", choices=[], coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    resolution = forms.CharField(
        label="How you settled it",
        help_text="The school and the champion read this.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, half_days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shorter = [(value, label) for value, label in LENGTHS if int(value) < half_days]
        if shorter:
            self.fields["half_days"].choices = shorter  # type: ignore[attr-defined]
            return
        del self.fields["half_days"]
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            choice for choice in Dispute.Outcome.choices if choice[0] != Dispute.Outcome.SHORTENED
        ]

    def clean(self) -> dict[str, Any]:
        """Shorter needs a length."""
        values = super().clean() or self.cleaned_data
        if values.get("outcome") == Dispute.Outcome.SHORTENED and not values.get("half_days"):
            self.add_error("half_days", "Say how long it was")
        return values

    def decision(self) -> dict[str, Any]:
        """What was decided, as the action's keywords."""
        return {"half_days": None} | self.cleaned_data
