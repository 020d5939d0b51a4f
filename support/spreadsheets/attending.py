"""What speaks against the champions of a spreadsheet of deliveries, asked as the portal's own pages ask it."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from sidebyside.sheets import BadRowError
from support.conflicts import Kind as ConflictKind
from support.conflicts import Ties
from support.models import Delivery, Deployment
from support.spreadsheets.delivery_rows import DeliveryRow


class Attending:
    """The conflicts of a file's champions: three queries, the first two when a row has a champion."""

    def __init__(self, wanted: list[DeliveryRow]) -> None:
        self._rows = [row for row in wanted if row.champion]

    def check(self, wanted: DeliveryRow, there: Delivery | None) -> None:
        """Raise BadRowError for a champion in conflict whom the portal does not have there on that day yet.

        The own school is refused; another conflict needs a reason, which a deployment at the school has. Of checks only
        a planned day asks: a past one is a fact, and is often older than the register of checks.
        """
        champion, day = wanted.champion, wanted.facts.happens_on
        if champion is None or (there and (there.champion_id, there.happens_on) == (champion.pk, day)):
            return
        for conflict in self._ties.conflicts_of(champion, wanted.school, day):
            if conflict.is_final:
                raise BadRowError.at(wanted.row, "champion", f"{conflict.sentence} Name another champion, or none")
            if conflict.kind == ConflictKind.CHECK and wanted.facts.state != Delivery.State.PLANNED:
                continue
            if not self._is_deployed(champion.pk, wanted):
                reason = f"{conflict.sentence} Agree a deployment for that day in the portal, with the reason, and"
                raise BadRowError.at(wanted.row, "champion", f"{reason} import the row again, or name another champion")

    def _is_deployed(self, champion: int, wanted: DeliveryRow) -> bool:
        spans = self._deployments.get((champion, wanted.school.pk), [])
        return any(first <= wanted.facts.happens_on <= last for first, last in spans)

    @cached_property
    def _ties(self) -> Ties:
        return Ties(
            {row.school.pk for row in self._rows}, champions={row.champion.pk for row in self._rows if row.champion}
        )

    @cached_property
    def _deployments(self) -> dict[tuple[int, int], list[list[date]]]:
        champions = {row.champion.pk for row in self._rows if row.champion}
        found: dict[tuple[int, int], list[list[date]]] = {}
        agreed = Deployment.objects.exclude(state=Deployment.State.CANCELLED).filter(champion__in=champions)
        for champion, school, *span in agreed.values_list("champion", "school", "starts_on", "ends_on"):
            found.setdefault((champion, school), []).append(span)
        return found
