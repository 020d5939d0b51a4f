"""Yes or no; the code that shows who reads an address; whom to ask again; why something is withdrawn."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from sidebyside.forms import Form

YES, NO = "yes", "no"


class AnswerForm(Form):
    """Agree, or say why not."""

    reveals: ClassVar = {"says": {NO: ["why"]}}

    says = forms.ChoiceField(
        label="Do you agree to these terms?",
        choices=[(YES, "Yes, I agree"), (NO, "No, I do not agree")],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label="Why not?",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The school improvement team reads it, and nobody else.",
    )

    def clean(self) -> dict[str, Any]:
        """A no has a reason."""
        values = super().clean() or self.cleaned_data
        if values.get("says") == NO and not values.get("why"):
            self.add_error("why", "Say why not, so that the team can look for something better")
        return values

    @property
    def is_yes(self) -> bool:
        """What was answered, once it is valid."""
        return bool(self.cleaned_data["says"] == YES)


class CodeForm(Form):
    """The six figures of the mail."""

    code = forms.CharField(
        label="The code from our mail",
        max_length=12,
        help_text="Six figures.",
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )


class AskAgainForm(Form):
    """To whom the new link goes."""

    name = forms.CharField(max_length=120)
    email = forms.EmailField(label="Email address")
