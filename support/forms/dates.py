"""The day for which a page answers."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from sidebyside.forms import Form
from sidebyside.govuk.dates import PARTS, DateField

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


class OnForm(Form):
    """`?on=2023-03-31`, or the three boxes of the page's own form."""

    on = DateField(
        label="Show another day",
        error_messages={
            "required": "Enter the day to show",
            "invalid": "The day to show must be a real date",
            "incomplete": "The day to show must include a %(missing)s",
            "short_year": "The day to show must have a year of 4 figures, like 2023",
        },
    )

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The form as the address fills it in; unbound when it says nothing about a day."""
        names = {"on", *(f"on_{part}" for part in PARTS)}
        return cls(request.GET if names & set(request.GET) else None)

    def clean_on(self) -> date:
        """A day within reach: far from the ends of the calendar."""
        day = self.cleaned_data["on"]
        if not FIRST <= day <= LAST:
            raise ValidationError(f"Choose a day from {FIRST.year} to {LAST.year}")
        return day

    @property
    def chosen(self) -> date | None:
        """The day, None when there is none or it is no date."""
        return self.cleaned_data["on"] if self.is_bound and self.is_valid() else None
