"""A date asked for in three boxes, as the GOV.UK Design System does: day, month, year."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

PARTS = ("day", "month", "year")
FIRST_HALF = ("january", "february", "march", "april", "may", "june")
MONTHS = (*FIRST_HALF, "july", "august", "september", "october", "november", "december")
Typed = tuple[str, str, str]
FIRST_YEAR, LAST_YEAR = 1900, 2100  # no school's day lies beyond, and no year before or after it ends the calendar


def posted(name: str, day: dt.date | None) -> dict[str, str]:
    """What a browser posts for a date in the field `name`; three empty boxes for None."""
    values = (day.day, day.month, day.year) if day else ("", "", "")
    return {f"{name}_{part}": str(value) for part, value in zip(PARTS, values, strict=True)}


class DateWidget(forms.Widget):
    """Three text boxes named `<name>_day`, `<name>_month` and `<name>_year`.

    It also reads a single `<name>=2023-03-31`, so that a link can carry a date.
    """

    template_name = "govuk/date_widget.html"
    use_fieldset = True

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first box: what a label or an error summary leads to."""
        return f"{id_}_day" if id_ else id_

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed | str | None:
        """What was typed, as (day, month, year); or the one value that a link gave."""
        if self.boxes_are_missing(data, name):
            return data.get(name)
        day, month, year = (str(data.get(f"{name}_{part}", "")).strip() for part in PARTS)
        return day, month, year

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether the form sent nothing at all for this date."""
        return self.boxes_are_missing(data, name) and name not in data

    def boxes_are_missing(self, data: Mapping[str, Any], name: str) -> bool:
        """Whether none of the three boxes was sent."""
        return all(f"{name}_{part}" not in data for part in PARTS)

    def format_value(self, value: Any) -> Typed:
        """The three texts to show; what cannot be read stays in the year box for its writer to mend."""
        if isinstance(value, tuple | list) and len(value) == len(PARTS):
            return str(value[0]), str(value[1]), str(value[2])
        if isinstance(value, str) and value:
            try:
                value = dt.date.fromisoformat(value)
            except ValueError:
                return "", "", value
        if isinstance(value, dt.date):
            return str(value.day), str(value.month), str(value.year)
        return "", "", ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The boxes for the template; `error_parts` in attrs names those to draw in red."""
        attrs = dict(attrs or {})
        wrong = attrs.pop("error_parts", ())
        context = super().get_context(name, value, attrs)
        id_ = context["widget"]["attrs"].get("id", f"id_{name}")
        texts = self.format_value(value)
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{id_}_{part}",
                "label": part.capitalize(),
                "value": text,
                "is_wrong": part in wrong,
                "width": 4 if part == "year" else 2,
            }
            for part, text in zip(PARTS, texts, strict=True)
        ]
        return context


class DateField(forms.Field):
    """A `datetime.date` from three boxes. Its errors say what is missing and name the boxes at fault."""

    widget = DateWidget
    default_error_messages = {
        "required": "Enter the date",
        "incomplete": "The date must include a %(missing)s",
        "invalid": "The date must be a real date",
        "short_year": "The year must have 4 figures",
        "far_year": f"The year must be between {FIRST_YEAR} and {LAST_YEAR}",
    }

    def prepare_value(self, value: Any) -> Any:
        """A moment shows as its date."""
        return value.date() if isinstance(value, dt.datetime) else value

    def to_python(self, value: Any) -> dt.date | None:
        """The date, or None when nothing was typed.

        Raises ValidationError, with `parts` in its params, for a part that is missing or a day that does not exist.
        """
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date) or value in self.empty_values or not any(value):
            return value or None if isinstance(value, dt.date) else None
        if isinstance(value, str):
            return self.from_iso(value)
        return self.from_typed((value[0], value[1], value[2]))

    def from_iso(self, text: str) -> dt.date:
        """A date written 2023-03-31. Raises ValidationError for any other text."""
        try:
            return self.within_reach(dt.date.fromisoformat(text))
        except ValueError:
            raise self.error("invalid", PARTS) from None

    def from_typed(self, typed: Typed) -> dt.date:
        """The date in the three boxes; a month may be given by its name. Raises ValidationError."""
        missing = tuple(part for part, text in zip(PARTS, typed, strict=True) if not text)
        if missing:
            raise self.error("incomplete", missing, missing=" and a ".join(missing))
        day, month, year = typed
        month = month_number(month)
        if year.isascii() and year.isdigit() and len(year) != 4:
            raise self.error("short_year", ("year",))
        try:
            return self.within_reach(dt.date(*(number(text) for text in (year, month, day))))
        except ValueError:
            raise self.error("invalid", self.wrong_parts(day, month, year)) from None

    def within_reach(self, day: dt.date) -> dt.date:
        """The day, if the years around it exist too. Raises ValidationError."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.error("far_year", ("year",))
        return day

    def wrong_parts(self, day: str, month: str, year: str) -> tuple[str, ...]:
        """The boxes that can hold no date whatever stands in the others; all three when each could."""
        limits = (("day", day, 31), ("month", month, 12), ("year", year, dt.MAXYEAR))
        wrong = tuple(part for part, text, most in limits if not (is_number(text) and 1 <= int(text) <= most))
        return wrong or PARTS

    def error(self, code: str, parts: tuple[str, ...], **params: str) -> ValidationError:
        """One of this field's errors, which remembers the boxes at fault."""
        return ValidationError(self.error_messages[code], code=code, params={"parts": parts, **params})


def month_number(text: str) -> str:
    """A month written as its name, or the first three letters or more of it, as its number; other text unchanged."""
    found = [index for index, name in enumerate(MONTHS, start=1) if len(text) > 2 and name.startswith(text.lower())]
    return str(found[0]) if found else text


def number(text: str) -> int:
    """A whole number written in plain figures. Raises ValueError for anything else."""
    if not is_number(text):
        raise ValueError(text)
    return int(text)


def is_number(text: str) -> bool:
    """Whether this is a whole number in plain figures, no longer than a year has."""
    return len(text) <= len(str(dt.MAXYEAR)) and text.isascii() and text.isdigit()
