"""Booking days from a month's grid, and moving one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from sidebyside.govuk.dates import DateField
from sidebyside.months import Month
from sidebyside.once import OnceForm
from support.actions.booking import DaysRefused
from support.forms.beyond import BeyondForm
from support.forms.deliveries import LengthField

DAY = "day_"


class BookDaysForm(OnceForm, BeyondForm):
    """A box for each free day of a month; one length and one plan for all that are ticked."""

    asks_why_twice = True

    half_days = LengthField(label="How long each day is", initial=2)
    summary = forms.CharField(
        label="What is planned",
        help_text="The school reads this.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, month: Month, free: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticked = {day for name in self.data if (day := _day_of(name)) and day in month}
        self.offered = sorted({*free, *ticked})
        for day in self.offered:  # one that was taken meanwhile stays, and says so
            self.fields[f"{DAY}{day}"] = forms.BooleanField(label=f"{day:%A %-d %B %Y}", required=False)

    def clean(self) -> dict[str, Any]:
        """At least one day."""
        values = super().clean() or self.cleaned_data
        if not any(values.get(f"{DAY}{day}") for day in self.offered):
            first = f"{DAY}{self.offered[0]}" if self.offered else None
            self.add_error(first, "Choose at least one day")
        return values

    def days(self) -> list[date]:
        """What is ticked."""
        return [day for day in self.offered if self.cleaned_data.get(f"{DAY}{day}")]

    def booking(self) -> dict[str, Any]:
        """What holds for all of them."""
        return {name: value for name, value in super().booking().items() if not name.startswith(DAY)}

    def refuse(self, refused: DaysRefused) -> None:
        """Say beside each day why it cannot be booked, and ask a leader why a second day on one date stands."""
        for day, sentence in refused.errors.items():
            self.add_error(f"{DAY}{day}", sentence)
        if refused.asks_why:
            self.ask_why_twice()

    def box(self, day: date) -> forms.BoundField | None:
        """The box of a day, None for one that is not offered."""
        return self[f"{DAY}{day}"] if f"{DAY}{day}" in self.fields else None

    def rest(self) -> list[forms.BoundField]:
        """The fields that are no boxes of days, nor inside a choice."""
        inner = {"why", "agreed_with"}
        return [field for field in self if not field.name.startswith(DAY) and field.name not in inner]


class MoveForm(BeyondForm):
    """Another date for a booked day."""

    asks_why_twice = True

    happens_on = DateField(label="New date")
    reason = forms.CharField(
        label="Reason", help_text="The mail to the school does not say it.", required=False, max_length=500
    )

    def booking(self) -> dict[str, Any]:
        """The new date, and why."""
        return {"happens_on": self.cleaned_data["happens_on"], "why": self.cleaned_data["reason"]}


def _day_of(name: str) -> date | None:
    """The day that a field is about."""
    try:
        return date.fromisoformat(name.removeprefix(DAY)) if name.startswith(DAY) else None
    except ValueError:
        return None
