"""What every deed on a delivery shares: its new facts, its state by compare-and-set, its trail."""

from __future__ import annotations

from datetime import date
from enum import Enum, auto
from typing import Any, Literal

from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.models import Champion, ChampionType, Delivery


class Kept(Enum):
    """That something stays as it was planned, where None would say that there is none."""

    AS_PLANNED = auto()


def change_state(delivery: Delivery, *from_states: str, to: str, **values: Any) -> None:
    """Change the state by compare-and-set: of two people at once one succeeds, the other is refused."""
    changed = Delivery.objects.filter(pk=delivery.pk, state__in=from_states).update(state=to, **values)
    if not changed:
        now = Delivery.objects.get(pk=delivery.pk)
        raise Refusal(
            f"This is {now.get_state_display().lower()} already, perhaps by somebody else. Nothing was changed."
        )
    delivery.refresh_from_db()


def type_on_the_day(delivery: Delivery) -> ChampionType | None:
    """As which of their types the champion comes, None without one.

    The deployment's; else the service's where they have it; else the main one.
    """
    champion, deployment = delivery.champion, delivery.deployment
    if champion is None:
        return None
    if deployment and deployment.champion_id == champion.pk:
        return deployment.champion_type
    of_service = getattr(delivery.service, "champion_type", None)
    return of_service if of_service and champion.has_type(of_service) else champion.type


def retime(
    delivery: Delivery,
    planned: Delivery,
    happens_on: date | None,
    half_days: int | None,
    champion: Champion | Literal[Kept.AS_PLANNED] | None,
) -> None:
    """Put the new facts on the row in hand; the database still has the old ones."""
    delivery.happens_on = happens_on or planned.happens_on
    if half_days is None:
        half_days = 0 if champion is None else planned.half_days
    delivery.half_days = half_days
    delivery.champion = planned.champion if champion is Kept.AS_PLANNED else champion
    if delivery.deployment and delivery.deployment.champion_id != delivery.champion_id:
        delivery.deployment = None
    delivery.champion_type = type_on_the_day(delivery)


def record_deed(verb: str, delivery: Delivery, *, by: User, why: str = "", **details: Any) -> Event:
    """Leave the trail of a deed on a delivery, with its facts as they are now (A3)."""
    facts = {
        "service": delivery.service.code, "happens_on": delivery.happens_on.isoformat(),
        "half_days": delivery.half_days, "funding": delivery.funding,
    }  # fmt: skip
    return record(verb, delivery, by=by, why=why, school_urn=delivery.school_id, **facts, **details)


def was_done(verb: str, subject: str, request_key: str) -> bool:
    """Whether the form with this key has done this already: for deeds on several rows, which have no key each."""
    if not request_key:
        return False
    return Event.objects.filter(verb=verb, subject=subject, details__request_key=request_key).exists()
