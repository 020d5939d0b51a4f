"""Narrowing the champions for a need, and proposing one of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from agreements.forms.proposing import ProposalForm
from brokering.candidates import Found
from brokering.matching import Kind, Side
from brokering.models import Need
from sidebyside.forms import FilterForm
from support.models import Champion, ChampionType


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


class NeedProposalForm(ProposalForm):
    """The agreement for a need: the school is the need's, the champion the one that was chosen."""

    def __init__(self, *args: Any, need: Need, champion: Champion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fixed = {"champion": champion, "school": need.school}
        for name in (*self.fixed, "signed"):  # what is needed now is agreed now
            del self.fields[name]
        own = ChampionType.objects.filter(Q(pk=champion.type_id) | Q(further_champions=champion)).distinct()
        self.fields["champion_type"].queryset = own

    def clean(self) -> dict[str, Any]:
        """With who and where."""
        return super().clean() | self.fixed


def proposed_of(need: Need, on: date) -> dict[str, Any]:
    """The terms that a need suggests, to begin the form with; a first day that is past becomes today."""
    return {
        "focus": need.what,
        "half_days_agreed": need.half_days,
        "starts_on": max(need.starts_on, on),
        "ends_on": need.ends_on,
        "skill": need.skill_id,
        "champion_type": need.champion_type_id,
    }
