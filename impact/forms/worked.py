"""What the report of what worked is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from django import forms
from django.http import HttpRequest

from impact.worked import BY
from sidebyside.forms import FilterForm
from sidebyside.years import AcademicYear

CUTS = [("area", "Area"), ("type", "Type of champion"), ("both", "Area and type of champion")]


class WorkedForm(FilterForm):
    """Which academic years, and by what. Without a choice: all years, by area."""

    by = forms.ChoiceField(label="Show by", choices=CUTS, required=False, widget=forms.RadioSelect)
    year = forms.MultipleChoiceField(
        label="Began in academic year", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, years: Sequence[AcademicYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(year.start): year for year in years}
        self.fields["year"].choices = [(start, str(year)) for start, year in self.known.items()]

    @classmethod
    def of(cls, request: HttpRequest, years: Sequence[AcademicYear]) -> Self:
        """The form as the address fills it in; what it does not know counts as not chosen."""
        data = request.GET.copy()
        if data.get("by") not in BY:
            data["by"] = "area"
        if not set(data.getlist("year")) & {str(year.start) for year in years}:
            data.setlist("year", [str(year.start) for year in years])
        form = cls(data, years=years)
        form.is_valid()
        return form

    @property
    def cut(self) -> str:
        """By area, by type, or by both."""
        return str(self.data["by"])

    @property
    def years(self) -> list[AcademicYear]:
        """The chosen academic years, the latest first."""
        return [year for start, year in self.known.items() if start in self.data.getlist("year")]

    @property
    def period(self) -> str:
        """The years in words: `Academic years 2022/23 and 2024/25`."""
        found = [str(year) for year in reversed(self.years)]
        if len(found) > 2 and self.years[0].start - self.years[-1].start == len(found) - 1:
            return f"Academic years {found[0]} to {found[-1]}"
        listed = " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)
        return f"Academic year{'s' if len(found) > 1 else ''} {listed}"
