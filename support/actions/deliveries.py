"""Planning, giving and moving support. Each delivery's own date decides everything about it (S10)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.db import transaction

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.once import once
from sidebyside.refusals import Refusal
from support.actions.checks import (
    check_amount,
    check_champions_day,
    check_conflicts,
    check_deployment,
    check_is_lent,
    check_is_not_booked,
    check_school_is_open,
)
from support.actions.exceeding import Funded, fund
from support.actions.writing import Kept, change_state, record_deed, retime, type_on_the_day
from support.beyond import Answer
from support.models import Champion, Delivery, Deployment, Service

State = Delivery.State


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

    `override` is the reason for a champion in conflict, or one who has another day on that date. Raises Refusal, or
    `BeyondAllowance` when it goes beyond the allowance and there is no `answer` (O13).
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
    override: str = "",
    request_key: str = "",
) -> Delivery:
    """Write down a champion's day or half day: it counts at once (M1: charged only once confirmed).

    Raises Refusal for a date to come, outside the deployment, booked there or taken, and when no school lends the
    champion that day; `BeyondAllowance` as `plan_delivery` does. `override` is a leader's reason for a second day on
    one date. The same `request_key` again returns the day that it made.
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
    return _book(delivery, by=by, on=on, answer=answer, override=override)


@transaction.atomic
def record_support(
    school: School, *, service: Service, happens_on: date, by: User, on: date, units: int = 1, half_days: int = 0,
    champion: Champion | None = None, adviser: User | None = None, answer: Answer | None = None,
    override: str = "", request_key: str = "", **texts: str,
) -> Delivery:  # fmt: skip
    """Write down support that was given without a deployment: a meeting, an inspection, conference places.

    `override` is as for `plan_delivery`, which refuses as this does.
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
    override: str = "",
    **texts: Any,
) -> Delivery:
    """Book a champion's day or half day within a deployment."""
    return plan_delivery(
        deployment.school, service=deployment.champion_type.service, happens_on=happens_on, half_days=half_days,
        champion=deployment.champion, deployment=deployment, by=by, on=on, answer=answer, override=override, **texts,
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
    override: str = "",
    **texts: str,
) -> Delivery:
    """Say that planned support took place, on its day or another, with the champion and half days that it had.

    `champion=None` takes the planned one off, with the half days and the deployment; so does another champion with
    the deployment. `override` is a leader's reason for a second day on one date.
    Raises Refusal when it was not planned any more or its day is to come, and `BeyondAllowance` where what is added
    to the plan goes beyond the allowance (O13).
    """
    planned = Delivery.objects.select_related("school", "service", "champion").get(pk=delivery.pk)
    retime(delivery, planned, happens_on, half_days, champion)
    if delivery.happens_on > on:
        raise Refusal("This date is still to come. Say so when it has happened, or move it.", field="happens_on")
    why = _check(delivery, by=by, override=override, instead_of=planned)
    funded = fund(delivery, by=by, on=on, answer=answer, instead_of=planned)
    names = ("happens_on", "half_days", "champion", "champion_type", "deployment", "override_why")
    values = {name: getattr(delivery, name) for name in names} | funded.values | texts
    change_state(delivery, State.PLANNED, to=State.DELIVERED, logged_on=on, **values)
    record_deed("delivery.delivered", delivery, by=by, why=_joined(why, funded.why))
    return delivery


@transaction.atomic
def move_delivery(
    delivery: Delivery, *, happens_on: date, by: User, on: date, why: str = "", answer: Answer | None = None,
    override: str = "",
) -> Delivery:  # fmt: skip
    """Give planned support another day. Raises Refusal, or `BeyondAllowance` where that day's year has none left."""
    planned = Delivery.objects.select_related("school", "service", "champion").get(pk=delivery.pk)
    retime(delivery, planned, happens_on, None, Kept.AS_PLANNED)
    twice = _check(delivery, by=by, override=override, instead_of=planned)
    funded = fund(delivery, by=by, on=on, answer=answer, instead_of=planned)
    values = {"happens_on": happens_on, "override_why": delivery.override_why} | funded.values
    change_state(delivery, State.PLANNED, to=State.PLANNED, **values)
    why = _joined(why, twice) or funded.why
    record_deed("delivery.moved", delivery, by=by, why=why, moved_from=planned.happens_on.isoformat())
    return delivery


def _book(delivery: Delivery, *, by: User, on: date, answer: Answer | None, override: str = "") -> Delivery:
    delivery.made_by = by
    delivery.champion_type = type_on_the_day(delivery)
    return once(delivery, lambda: _write(delivery, by=by, on=on, answer=answer, override=override))


def _write(delivery: Delivery, *, by: User, on: date, answer: Answer | None, override: str) -> Delivery:
    twice = _check(delivery, by=by, override=override)
    if delivery.state == State.DELIVERED:
        delivery.logged_on = on
        check_is_not_booked(delivery)
    why = _check_is_without_conflict(delivery, override, by) or twice
    funded: Funded = fund(delivery, by=by, on=on, answer=answer)
    for name, value in funded.values.items():
        setattr(delivery, name, value)
    delivery.save()
    funded.settle(delivery)
    record_deed(f"delivery.{delivery.state}", delivery, by=by, why=_joined(why, funded.why))
    return delivery


def _joined(*reasons: str) -> str:
    return ". ".join(filter(None, reasons))


def _check_is_without_conflict(delivery: Delivery, override: str, by: User) -> str:
    """The reason for a champion in conflict; for a day of a deployment it was given when that was agreed."""
    if delivery.champion is None or delivery.deployment:
        return ""
    return check_conflicts(delivery.champion, delivery.school, happens_on=delivery.happens_on, override=override, by=by)


def _check(delivery: Delivery, *, by: User, override: str, instead_of: Delivery | None = None) -> str:
    """Raise Refusal for what must not be; the reason why the champion has two days on one date, empty for one.

    It is put on the row, too: what is moved off such a date has it no more.
    """
    check_school_is_open(delivery.school, delivery.happens_on)
    check_amount(delivery.service, delivery.half_days, delivery.units, delivery.champion)
    if delivery.deployment:
        check_deployment(delivery.deployment, delivery.happens_on)
    if delivery.champion:
        check_is_lent(delivery.champion, delivery.happens_on)
    delivery.override_why = ""
    if delivery.champion and delivery.half_days:
        delivery.override_why = check_champions_day(delivery, by=by, override=override, instead_of=instead_of)
    return delivery.override_why
