"""The form that credits an invoice: how much of which line, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from billing.crediting import OpenLine
from billing.models import CreditReason
from sidebyside.days import days_text
from sidebyside.govuk.wording import use_friendly_messages
from sidebyside.money import pounds
from sidebyside.once import OnceForm

NONE, ALL = "0", "all"
HINTS = {
    CreditReason.NOT_DELIVERED: "It is withdrawn, or shortened where a part is credited",
    CreditReason.SHORTER: "It is shortened to what stays billed",
    CreditReason.WRONG_PRICE: "It stays, and the next invoice run proposes it again",
    CreditReason.WRONG_CUSTOMER: "It stays, and the next invoice run proposes it again",
    CreditReason.OTHER: "It is withdrawn, or shortened where a part is credited",
}


class CreditForm(OnceForm):
    """How many days of each line are credited, and why. Its lines are those of which something is left."""

    shows_optional = False  # one line is enough, but which one
    choice_hints = {"reason": {reason.value: hint for reason, hint in HINTS.items()}}

    reason = forms.ChoiceField(label="What was wrong", choices=CreditReason.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label="What happened",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The account reads it on the credit note, and the school beside the support.",
    )

    def __init__(self, *args: Any, lines: Sequence[OpenLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_lines = {f"line_{each.line.pk}": each.line.pk for each in lines}
        fields: dict[str, forms.Field] = dict(zip(self.of_lines, map(_field, lines), strict=True))
        for field in fields.values():
            use_friendly_messages(field, str(field.label))
        self.fields = fields | self.fields

    def clean(self) -> dict[str, Any]:
        """Something of at least one line."""
        values = super().clean() or self.cleaned_data
        if not self.half_days and not self.errors:
            self.add_error(None, "Choose how much of at least one line is credited")
        return values

    @property
    def half_days(self) -> dict[int, int | None]:
        """So many half days of these lines; None is all that is left of one."""
        chosen = {pk: self.cleaned_data.get(name) or NONE for name, pk in self.of_lines.items()}
        return {pk: None if value == ALL else int(value) for pk, value in chosen.items() if value != NONE}


def _field(each: OpenLine) -> forms.ChoiceField:
    """How much of one line: half day by half day, or all of a line that counts no days."""
    line, left = each.line, each.left
    parts = [(str(number), _days(number)) for number in range(1, left.half_days)]
    so_far = f", {pounds(line.net - left.net)} of it credited before" if left.net < line.net else ""
    return forms.ChoiceField(
        label=f"{line.delivered_on:%-d %B %Y}, {line.school_name}: {line.description}",
        help_text=f"{pounds(line.net)} without VAT{so_far}",
        choices=[
            (NONE, "Nothing"),
            *parts,
            (ALL, f"All of it: {_days(left.half_days)}" if left.half_days else "All of it"),
        ],
        required=False,
        initial=NONE,
    )


def _days(half_days: int) -> str:
    return f"{days_text(half_days)} {'day' if half_days == 2 else 'days'}"
