"""What a school should know of the price of deliveries before it confirms them: any number in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from support.beyond import price_note, price_note_at
from support.models import DayRate, Delivery


def note_of(delivery: Delivery) -> str:
    """What the school should know of the price of one delivery."""
    kind, length, day = delivery.champion_type, delivery.half_days, delivery.happens_on
    return price_note(delivery.school, kind, length, day, funding=delivery.funding)


def price_notes(deliveries: Iterable[Delivery]) -> dict[int, str]:
    """The notes of some deliveries by their number; they come with their school and champion type."""
    wanted = list(deliveries)
    kinds = {delivery.champion_type_id for delivery in wanted if delivery.champion_type_id}
    rates: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for kind, starts_on, rate in (
        DayRate.objects.filter(champion_type__in=kinds)
        .order_by("starts_on")
        .values_list("champion_type", "starts_on", "rate")
    ):
        rates[kind].append((starts_on, rate))
    return {delivery.pk: _note(delivery, rates[delivery.champion_type_id or 0]) for delivery in wanted}


def _note(delivery: Delivery, rates: list[tuple[date, int]]) -> str:
    begun = [rate for starts_on, rate in rates if starts_on <= delivery.happens_on]
    rate = begun[-1] if begun else None
    return price_note_at(rate, delivery.school, delivery.half_days, funding=delivery.funding)
