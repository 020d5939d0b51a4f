"""Logging a day on a telephone, alone or as part of a visit, and the past week at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from sidebyside.forms import Form
from sidebyside.once import OnceForm
from support.actions.attending import visits_open_to
from support.actions.weekly import DayDone, RowError
from support.forms.deliveries import NewDayForm
from support.models import Delivery, Deployment
from support.week import WeekRow

APART = "apart"
LENGTHS = [("0", "Nothing to log"), ("1", "Half a day"), ("2", "A whole day")]


class LogForm(NewDayForm):
    """A champion's day; where the school has a visit on its date, it asks whether this was part of it (O7)."""

    part_of = forms.ChoiceField(label="Was this part of a visit?", required=False, widget=forms.RadioSelect)

    field_order = ["happens_on", "half_days", "part_of"]

    def __init__(self, *args: Any, deployment: Deployment, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deployment, self.on = deployment, on
        self.visits: dict[str, Delivery] = {}
        self.part = self.fields.pop("part_of")
        if not self.is_bound:
            self._offer(self.initial["happens_on"])

    def clean(self) -> dict[str, Any]:
        """Whoever logs a date on which the school has a visit says whether this was part of it."""
        values = super().clean() or self.cleaned_data
        day = values.get("happens_on")
        if day and day <= self.on:
            self._offer(day)
        if self.visits:
            values["part_of"] = self.data.get("part_of", "")
            if values["part_of"] not in {APART, *self.visits}:
                names = " and ".join(f"a {each.service}" for each in self.visits.values())
                self.add_error("part_of", f"There is {names} that day. Say whether this was part of it")
        return values

    def booking(self) -> dict[str, Any]:
        """What was entered, less what it was part of."""
        return {name: value for name, value in super().booking().items() if name != "part_of"}

    def visited(self) -> Delivery | None:
        """The visit that this was part of."""
        return self.visits.get(self.cleaned_data.get("part_of", ""))

    def _offer(self, day: date) -> None:
        found = visits_open_to(self.deployment, day).select_related("service", "school").order_by("pk")
        self.visits = {str(each.pk): each for each in found}
        if not self.visits:
            return
        self.fields["part_of"] = self.part
        choices = [
            (pk, f"Yes, of the {each.service} on {each.happens_on:%-d %B %Y}") for pk, each in self.visits.items()
        ]
        self.part.choices = [*choices, (APART, "No, it was apart from it")]  # type: ignore[attr-defined]
        self.choice_hints = self.choice_hints | {
            "part_of": dict.fromkeys(self.visits, "Your half day stands with the visit, and is counted once.")
        }
        self.order_fields(self.field_order)


class WeekForm(OnceForm):
    """The key of a week's page: what it logs, it logs once."""


class WeekRowForm(Form):
    """One day of the week, or one booking of it."""

    shows_optional = False

    length = forms.TypedChoiceField(
        label="How long",
        choices=LENGTHS,
        coerce=int,
        empty_value=0,
        required=False,
        initial="0",
    )
    deployment = forms.TypedChoiceField(label="Where", coerce=int, empty_value=None, required=False)
    summary = forms.CharField(label="What was done", required=False, max_length=2000)

    def __init__(self, *args: Any, row: WeekRow, **kwargs: Any) -> None:
        super().__init__(*args, prefix=row.key, **kwargs)
        self.row = row
        self.question_url = ""
        if row.booked or len(row.deployments) == 1:
            del self.fields["deployment"]
        else:
            named = [(str(each.pk), f"{each.school}: {each.focus}") for each in row.deployments]
            self.fields["deployment"].choices = [("", "Choose"), *named]  # type: ignore[attr-defined]
        if row.booked:
            self.fields["summary"].initial = row.booked.summary

    def clean(self) -> dict[str, Any]:
        """A day that is logged says where, and what was done."""
        values = super().clean() or self.cleaned_data
        if not values.get("length"):
            return values
        if "deployment" in self.fields and not values.get("deployment"):
            self.add_error("deployment", f"Say where you were on {self.row.name}")
        if not values.get("summary"):
            self.add_error("summary", f"Say what was done on {self.row.name}")
        return values

    def day_done(self) -> DayDone | None:
        """What the action wants to know; None where nothing is logged."""
        values = self.cleaned_data
        if not values.get("length"):
            return None
        chosen = values.get("deployment")
        there = self.row.deployment_of(chosen) if chosen else self.row.deployments[0]
        return DayDone(there, self.row.day, values["length"], values["summary"], self.row.booked)

    def refuse(self, error: RowError, url: str) -> None:
        """Say why this day was not logged, and where it can be when it needs an answer of its own."""
        self.add_error("length", error.sentence)
        self.question_url = url if error.is_asked else ""
