"""Finds the deliveries that the rows of a spreadsheet are, and what the portal has done with them since."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from sidebyside.audit.models import Event
from support.models import Delivery
from support.spreadsheets.delivery_rows import ALL_BUT_STATE, EVERYTHING, NATURAL_KEY, DeliveryRow, Facts

State = Delivery.State
Said = Callable[[Delivery], Facts | None]
IMPORTED, CHANGED_BY_IMPORT = "delivery.imported", "delivery.changed_by_import"


def find_standing(wanted: list[DeliveryRow]) -> dict[int, Delivery]:
    """For each line the stored delivery that its row is: by the reference, otherwise by what it says."""
    if not wanted:
        return {}
    lines = {row.reference: row.row.line for row in wanted if row.reference}
    stored = _held(wanted, list(lines))
    found = {lines[delivery.reference]: delivery for delivery in stored if delivery.reference}
    rows = [row for row in wanted if row.row.line not in found]
    nameless = [delivery for delivery in stored if not delivery.reference]
    return found | _by_facts(rows, sorted(nameless, key=lambda delivery: delivery.state == State.CANCELLED))


def _held(wanted: list[DeliveryRow], references: list[str]) -> list[Delivery]:
    """All that the rows may be; those read on the way to being written stay as they were read until they are.

    Otherwise a head could confirm one in between, and the file would undo that (M1). A preview holds nobody up.
    """
    days = [row.facts.happens_on for row in wanted]
    span, schools = (min(days), max(days)), {row.facts.urn for row in wanted}
    in_span = Q(happens_on__range=span) | Q(imported__happens_on__range=span)
    alike = in_span & Q(reference="", school__in=schools)
    found = Delivery.objects.filter(Q(reference__in=references) | alike).order_by("pk")
    found = found.select_related("imported", "champion_type__service")
    if transaction.get_connection().in_atomic_block:
        found = found.select_for_update(of=("self",), no_key=True)
    return list(found)


def _by_facts(rows: list[DeliveryRow], left: list[Delivery]) -> dict[int, Delivery]:
    """The stored delivery without a reference that each row is: first those alike in everything.

    A delivery is alike by what its row said when it was imported, also where the portal has moved it since, and by
    what the portal says of it now. A row with a reference is no delivery that was cancelled.
    """
    found: dict[int, Delivery] = {}
    for agreeing in (EVERYTHING, ALL_BUT_STATE, NATURAL_KEY):
        for said in (Facts.imported, Facts.of):
            _pair(rows, left, said, agreeing, found)
            taken = {delivery.pk for delivery in found.values()}
            left = [delivery for delivery in left if delivery.pk not in taken]
    return found


def _pair(rows: list[DeliveryRow], left: list[Delivery], said: Said, agreeing: int, found: dict[int, Delivery]) -> None:
    """Give each row that has none yet the first delivery that is left and agrees in so many facts."""
    waiting: dict[tuple, deque[Delivery]] = defaultdict(deque)
    for delivery in left:
        if facts := said(delivery):
            waiting[facts[:agreeing]].append(delivery)
    for row in rows:
        queue = waiting[row.facts[:agreeing]]
        if row.row.line not in found and queue and _may_be(row, queue[0]):
            found[row.row.line] = queue.popleft()


def _may_be(row: DeliveryRow, delivery: Delivery) -> bool:
    return not row.reference or delivery.state != State.CANCELLED


class PortalSays:
    """What the portal knows of deliveries that differ from their rows: two queries, when the first one is asked of."""

    def __init__(self, differing: Iterable[Delivery]) -> None:
        self._ids = [delivery.pk for delivery in differing]
        self._noted: set[int] | None = None
        self._changes: dict[str, str] | None = None

    def has_note(self, delivery: Delivery) -> bool:
        """Whether its visit has a note that the school may read. By the reverse name: visits lie above support."""
        if self._noted is None:
            noted = Delivery.objects.filter(pk__in=self._ids, visit__notes__isnull=False)
            self._noted = set(noted.values_list("pk", flat=True))
        return delivery.pk in self._noted

    def last_change(self, delivery: Delivery) -> str:
        """When and by whom the portal changed it last: ` on 3 December 2022 by Anna Brook`; empty when nobody knows."""
        if self._changes is None:
            events = Event.objects.filter(subject__in=[f"delivery:{pk}" for pk in self._ids]).select_related("by")
            by_hand = events.exclude(verb__in=[IMPORTED, CHANGED_BY_IMPORT]).order_by("at", "id")
            self._changes = {event.subject: _who_and_when(event) for event in by_hand}
        return self._changes.get(f"delivery:{delivery.pk}", "")


def _who_and_when(event: Event) -> str:
    day: date = timezone.localtime(event.at).date()
    return f" on {day:%-d %B %Y}" + (f" by {event.by.name}" if event.by else "")
