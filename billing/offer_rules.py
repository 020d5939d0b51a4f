"""Finds what an offer says that a delivery costs an academy: by the year and category of its own date (S10)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models.functions import Coalesce

from billing.charges import Rule
from schools.models import CategoryEntry
from schools.sectors import Sector
from sidebyside.years import AcademicYear
from support.models import Offer, OfferLine

Where = tuple[int, str, int | None]


class OfferRules:
    """Answers `rule_for(...)` for some academies and years, in one query, or two where categories differ."""

    def __init__(self, urns: Collection[int], years: Collection[AcademicYear]) -> None:
        self._rules: dict[Where, Rule] = {}
        for year_start, service, category, charge, fixed_price in _academy_lines(years):
            rule = Rule(charge, fixed_price, f"Offer {AcademicYear(year_start)}")
            self._rules.setdefault((year_start, service, category), rule)
        self._categories: dict[int, list[tuple[date, int]]] = defaultdict(list)
        if not self.differ_by_category:
            return
        entries = CategoryEntry.objects.confirmed().filter(school__in=urns).order_by("starts_on")
        for urn, starts_on, category in entries.values_list("school", "starts_on", "category"):
            self._categories[urn].append((starts_on, category))

    @property
    def differ_by_category(self) -> bool:
        """Whether an academy's category decides what something costs it."""
        return any(category is not None for _, _, category in self._rules)

    def rule_for(self, urn: int, service: str, on: date) -> Rule | None:
        """The charge rule of the offer line that an academy's delivery falls under; None when no line covers it."""
        year_start = AcademicYear.containing(on).start
        own = self._rules.get((year_start, service, self._category(urn, on)))
        return own or self._rules.get((year_start, service, None))

    def _category(self, urn: int, on: date) -> int | None:
        entries = self._categories.get(urn, [])
        index = bisect_right([starts_on for starts_on, _ in entries], on)
        return entries[index - 1][1] if index else None


def _academy_lines(years: Collection[AcademicYear]) -> Collection[tuple[int, str, int | None, str, int | None]]:
    """Year, service, category, charge and price of each line: a row for each service of a pool."""
    lines = OfferLine.objects.filter(
        sector=Sector.ACADEMY, offer__state=Offer.State.PUBLISHED, offer__year_start__in=[year.start for year in years]
    )
    service = Coalesce("service__code", "pool__services__code")
    return lines.annotate(covers=service).values_list(
        "offer__year_start", "covers", "category", "charge", "fixed_price"
    )
