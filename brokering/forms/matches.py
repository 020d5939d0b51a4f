"""Narrowing the champions for a need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from brokering.candidates import Found
from brokering.matching import Kind, Side
from sidebyside.forms import FilterForm
from support.models import ChampionType


class MatchForm(FilterForm):
    """Which champions are shown. Nothing in it is required."""

    type = forms.ChoiceField(label="Type of champion", required=False)
    free = forms.BooleanField(label="With the days asked for free", required=False)
    clear = forms.BooleanField(label="Without conflicts", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = ChampionType.objects.values_list("pk", "name")
        self.fields["type"].choices = [("", "All"), *((str(pk), name) for pk, name in types)]

    def narrow(self, found: Iterable[Found]) -> list[Found]:
        """Those of them that are asked for; all of them while nothing is, or what is asked is no choice."""
        chosen = self.cleaned_data if self.is_valid() else {}
        kind = int(chosen.get("type") or 0)
        return [
            each
            for each in found
            if (not kind or kind in each.match.candidate.types)
            and (not chosen.get("free") or _has_days(each))
            and (not chosen.get("clear") or not each.match.candidate.objections)
        ]


def _has_days(found: Found) -> bool:
    return any(reason.kind == Kind.DAYS for reason in found.match.on_side(Side.FOR))
