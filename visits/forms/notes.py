"""The words of a note: in the log, in an amendment, and the school's answer to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from sidebyside.forms import Form
from support.forms import BeyondForm
from visits.logs import REQUIRED, NoteText
from visits.models import Note

LONGEST_TEXT = 20_000  # characters, some eight pages: what a head can be asked to read of one section


class LongText(forms.CharField):
    """Several paragraphs, without a count of characters beside them."""

    def __init__(self, rows: int = 5, **rest: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "true"})
        sentence = f"{rest.get('label', 'The text')} must be 20,000 characters or fewer"
        super().__init__(**{"widget": widget, "validators": [MaxLengthValidator(LONGEST_TEXT, sentence)]} | rest)


class NoteForm(Form):
    """The parts of V2. What must be said is asked for only when the note is shared."""

    shows_optional = False

    people_met = LongText(label="People met", rows=2, help_text="Names and posts.")
    focus = LongText(label="Focus and evidence seen", help_text="What you looked at, and what you saw of it.")
    strengths = LongText(label="Strengths")
    areas = LongText(label="Areas for development")
    impact = LongText(label="Impact of champions (optional)", rows=3, required=False)
    next_visit = LongText(
        label="Next visit (optional)", rows=2, required=False, help_text="When it should be, and what it will look at."
    )
    confidential = LongText(label="Confidential part (optional)", rows=4, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, sentence in REQUIRED.items():
            self.fields[name].error_messages["required"] = sentence.rstrip(".")

    def note(self) -> NoteText:
        """The words, once the form is valid."""
        names = NoteText.__dataclass_fields__
        return NoteText(**{name: self.cleaned_data[name] for name in names})


class AmendForm(NoteForm):
    """A new version of a shared note, with the reason (V3)."""

    reason = forms.CharField(label="Why you amend the note", max_length=500, help_text="The school reads this.")


class ShareForm(BeyondForm):
    """The press of the button, for the text that the page showed; O13's question, and why, where they come up."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and "override" in self.data:
            self.ask_why()

    def ask_why(self) -> None:
        """Add the reason for a champion's attendance despite a conflict, or another day on that date."""
        label = "Why this champion attended all the same"
        self.fields["override"] = forms.CharField(label=label, required=False, max_length=500)


class AnswerForm(Form):
    """What the school says to a note (V3)."""

    reveals = {"verdict": {"answer": ["text"]}}
    choice_hints = {
        "verdict": {
            "accurate": "The note is final then.",
            "answer": "Your adviser reads your answer. It stays with the note.",
        }
    }

    verdict = forms.ChoiceField(
        label="Is this note accurate?",
        choices=[("accurate", "Yes, it is accurate"), ("answer", "No, or I want to add something")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the note is accurate"},
    )
    text = LongText(label="Your answer", required=False)

    def __init__(self, *args: Any, confirms: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if confirms:
            hint = "The note is final then, and your answer confirms that the visit took place."
            self.choice_hints = {"verdict": self.choice_hints["verdict"] | {"accurate": hint}}

    def clean(self) -> dict[str, Any]:
        """An answer says something."""
        values = super().clean() or self.cleaned_data
        if values.get("verdict") == "answer" and not values.get("text") and "text" not in self.errors:
            self.add_error("text", "Say what is not accurate, or what you want to add")
        return values


class CloseForm(Form):
    """What came of an agreed action (V5)."""

    effect = forms.CharField(label="What effect has it had?", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


def initial_of(note: Note) -> dict[str, str]:
    """A shared version as the beginning of its amendment."""
    confidential = getattr(note, "confidential", None)
    words = {name: getattr(note, name) for name in NoteForm.base_fields if name != "confidential"}
    return words | {"confidential": confidential.text if confidential else ""}
