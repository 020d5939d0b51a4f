"""What is different between the terms that hold and those that are proposed. Pure: imports no Django."""

from __future__ import annotations

from dataclasses import dataclass

from sidebyside.days import days_text
from support.agreements import Intended, Terms


@dataclass(frozen=True)
class Difference:
    """One term, as it is and as it would be; `is_new` where it is not the same. Several lines for outcomes."""

    name: str
    now: tuple[str, ...]
    proposed: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        """Whether it changes."""
        return self.now != self.proposed


def differences_of(now: Terms, proposed: Terms) -> list[Difference]:
    """Every term side by side, those that stay the same too."""
    both = (_said(now), _said(proposed))
    return [Difference(name, both[0][name], both[1][name]) for name in both[0]]


def _said(terms: Terms) -> dict[str, tuple[str, ...]]:
    return {
        "Days": (days_text(terms.half_days),),
        "First day": (f"{terms.starts_on:%-d %B %Y}",),
        "Last day": (f"{terms.ends_on:%-d %B %Y}",),
        "Focus": (terms.focus,),
        "Outcomes": tuple(_outcome(each) for each in terms.outcomes),
    }


def _outcome(each: Intended) -> str:
    return f"{each.text} ({each.measure})" if each.measure else each.text
