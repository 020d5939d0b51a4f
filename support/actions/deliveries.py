"""Planning, giving and moving support. Each delivery's own date decides everything about it (S10)."""

from __future__ import annotations

from datetime import date
from enum import Enum, auto
from typing import Any, Literal

from django.db import transaction

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from support.actions.checks import (
    check_amount,
    check_champions_day,
    check_conflicts,
    check_deployment,
    check_is_lent,
    check_school_is_open,
)
from support.actions.exceeding import Funded, fund
from support.beyond import Answer
from support.models import Champion, ChampionType, Delivery, Deployment, Service

State = Delivery.State


class Kept(Enum):
    """That something stays as it was planned, where None would say that there is none."""

    AS_PLANNED = auto()


@transaction.atomic
def plan_delivery(
    school: School,
    *,
    service: Service,
    happens_on: date,
    by: User,
    on: date,
    half_days: int = 0,
    units: int = 1,
    champion: Champion | None = None,
    adviser: User | None = None,
    deployment: Deployment | None = None,
    answer: Answer | None = None,
    override: str = "",
    request_key: str = "",
    **texts: str,
) -> Delivery:
    """Book support that is to come: it uses the allowance at once. `half_days` are the champion's.

    `override` is the reason for a champion in conflict. Raises Refusal, or `BeyondAllowance` when it goes beyond the
    allowance and there is no `answer` (O13).
    The same `request_key` again returns what it made. `texts`: summary, effect, next_step, reference.
    """
    delivery = Delivery(
        school=school,
        service=service,
        happens_on=happens_on,
        half_days=half_days,
        units=units,
        champion=champion,
        adviser=adviser,
        deployment=deployment,
        state=State.PLANNED,
        request_key=request_key,
        **texts,
    )
    return _book(delivery, by=by, on=on, answer=answer, override=override)


@transaction.atomic
def log_delivery(
    deployment: Deployment,
    *,
    happens_on: date,
    half_days: int,
    summary: str,
    by: User,
    on: date,
    effect: str = "",
    next_step: str = "",
    answer: Answer | None = None,
    request_key: str = "",
) -> Delivery:
    """Write down a champion's day or half day: it counts at once (M1: charged only once confirmed).

    Raises Refusal for a date to come, outside the deployment, or full; `BeyondAllowance` as `plan_delivery` does. The
    same `request_key` again returns the day that it made.
    """
    if happens_on > on:
        raise Refusal(
            "This date is still to come. Plan the day instead, and log it when it has happened.", field="happens_on"
        )
    champion = deployment.champion
    delivery = Delivery(
        school=deployment.school,
        service=deployment.champion_type.service,
        happens_on=happens_on,
        half_days=half_days,
        champion=champion,
        deployment=deployment,
        state=State.DELIVERED,
        summary=summary,
        effect=effect,
        next_step=next_step,
        request_key=request_key,
    )
    return _book(delivery, by=by, on=on, answer=answer)


@transaction.atomic
def record_support(
    school: School, *, service: Service, happens_on: date, by: User, on: date, units: int = 1, half_days: int = 0,
    champion: Champion | None = None, adviser: User | None = None, answer: Answer | None = None,
    override: str = "", request_key: str = "", **texts: str,
) -> Delivery:  # fmt: skip
    """Write down support that was given without a deployment: a meeting, an inspection, conference places.

    `override` is the reason for a champion in conflict. Raises Refusal and `BeyondAllowance` as `plan_delivery` does.
    """
    if happens_on > on:
        raise Refusal("This date is still to come. Plan it instead.", field="happens_on")
    delivery = Delivery(
        school=school, service=service, happens_on=happens_on, half_days=half_days, units=units, champion=champion,
        adviser=adviser, state=State.DELIVERED, request_key=request_key, **texts,
    )  # fmt: skip
    return _book(delivery, by=by, on=on, answer=answer, override=override)


def plan_day(
    deployment: Deployment,
    *,
    happens_on: date,
    half_days: int,
    by: User,
    on: date,
    answer: Answer | None = None,
    **texts: Any,
) -> Delivery:
    """Book a champion's day or half day within a deployment."""
    return plan_delivery(
        deployment.school, service=deployment.champion_type.service, happens_on=happens_on, half_days=half_days,
        champion=deployment.champion, deployment=deployment, by=by, on=on, answer=answer, **texts,
    )  # fmt: skip


@transaction.atomic
def mark_delivered(
    delivery: Delivery,
    *,
    by: User,
    on: date,
    happens_on: date | None = None,
    half_days: int | None = None,
    champion: Champion | Literal[Kept.AS_PLANNED] | None = Kept.AS_PLANNED,
    answer: Answer | None = None,
    **texts: str,
) -> Delivery:
    """Say that planned support took place, on its day or another, with the champion and half days that it had.

    `champion=None` takes the planned one off, with the half days.
    Raises Refusal when it was not planned any more or its day is to come, and `BeyondAllowance` where what is added
    to the plan goes beyond the allowance (O13).
    """
    planned = Delivery.objects.select_related("school", "service", "champion").get(pk=delivery.pk)
    _retime(delivery, planned, happens_on, half_days, champion)
    if delivery.happens_on > on:
        raise Refusal("This date is still to come.", field="happens_on")
    _check(delivery, instead_of=planned)
    funded = fund(delivery, by=by, on=on, answer=answer, instead_of=planned)
    values = {"happens_on": delivery.happens_on, "half_days": delivery.half_days, "champion": delivery.champion}
    values |= {"champion_type": delivery.champion_type} | funded.values | texts
    change_state(delivery, State.PLANNED, to=State.DELIVERED, **values)
    _record("delivery.delivered", delivery, by=by, why=funded.why)
    return delivery


@transaction.atomic
def move_delivery(
    delivery: Delivery, *, happens_on: date, by: User, on: date, why: str = "", answer: Answer | None = None
) -> Delivery:
    """Give planned support another day. Raises Refusal, or `BeyondAllowance` where that day's year has none left."""
    planned = Delivery.objects.select_related("school", "service", "champion").get(pk=delivery.pk)
    _retime(delivery, planned, happens_on, None, Kept.AS_PLANNED)
    _check(delivery, instead_of=planned)
    funded = fund(delivery, by=by, on=on, answer=answer, instead_of=planned)
    change_state(delivery, State.PLANNED, to=State.PLANNED, happens_on=happens_on, **funded.values)
    _record("delivery.moved", delivery, by=by, why=why or funded.why, moved_from=planned.happens_on.isoformat())
    return delivery


def change_state(delivery: Delivery, *from_states: str, to: str, **values: Any) -> None:
    """Change the state by compare-and-set: of two people at once one succeeds, the other is refused."""
    changed = Delivery.objects.filter(pk=delivery.pk, state__in=from_states).update(state=to, **values)
    if not changed:
        now = Delivery.objects.get(pk=delivery.pk)
        raise Refusal(
            f"This is {now.get_state_display().lower()} already, perhaps by somebody else. Nothing was changed."
        )
    delivery.refresh_from_db()


def _book(delivery: Delivery, *, by: User, on: date, answer: Answer | None, override: str = "") -> Delivery:
    delivery.made_by = by
    delivery.champion_type = type_on_the_day(delivery)
    return once(delivery, lambda: _write(delivery, by=by, on=on, answer=answer, override=override))


def _write(delivery: Delivery, *, by: User, on: date, answer: Answer | None, override: str) -> Delivery:
    _check(delivery)
    why = _check_is_without_conflict(delivery, override, by)
    funded: Funded = fund(delivery, by=by, on=on, answer=answer)
    for name, value in funded.values.items():
        setattr(delivery, name, value)
    delivery.save()
    funded.settle(delivery)
    _record(f"delivery.{delivery.state}", delivery, by=by, why=". ".join(filter(None, [why, funded.why])))
    return delivery


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


def _check_is_without_conflict(delivery: Delivery, override: str, by: User) -> str:
    """The reason for a champion in conflict; for a day of a deployment it was given when that was agreed."""
    if delivery.champion is None or delivery.deployment:
        return ""
    return check_conflicts(delivery.champion, delivery.school, happens_on=delivery.happens_on, override=override, by=by)


def _check(delivery: Delivery, *, instead_of: Delivery | None = None) -> None:
    check_school_is_open(delivery.school, delivery.happens_on)
    check_amount(delivery.service, delivery.half_days, delivery.units, delivery.champion)
    if delivery.deployment:
        check_deployment(delivery.deployment, delivery.happens_on)
    if delivery.champion:
        check_is_lent(delivery.champion, delivery.happens_on)
    if delivery.champion and delivery.half_days:
        check_champions_day(delivery.champion, delivery.happens_on, delivery.half_days, instead_of=instead_of)


def _retime(
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
    delivery.champion_type = type_on_the_day(delivery)


def _record(verb: str, delivery: Delivery, *, by: User, why: str = "", **details: Any) -> None:
    facts = {
        "service": delivery.service.code, "happens_on": delivery.happens_on.isoformat(),
        "half_days": delivery.half_days, "funding": delivery.funding,
    }  # fmt: skip
    record(verb, delivery, by=by, why=why, school_urn=delivery.school_id, **facts, **details)
