"""Carrying out the way that somebody chose when support goes beyond what is left (O13)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.years import AcademicYear
from support.actions.adjusting import adjust_allowance, fit_room, is_room_of, room_made_for
from support.beyond import Answer, Beyond, BeyondAllowance, Excess, Way, check_agreed_days, check_allowance, price_of
from support.entitlements import DAYS, amount_text
from support.models import Adjustment, Delivery, Deployment


@dataclass(frozen=True)
class Funded:
    """The columns of a delivery that say who bears it, and the reason for the trail."""

    values: dict[str, Any] = field(default_factory=dict)
    why: str = ""
    rooms: tuple[Adjustment, ...] = ()

    def settle(self, delivery: Delivery) -> None:
        """Name the delivery, once it is written, on the adjustments that made room for it."""
        made = [room.pk for room in self.rooms]
        Adjustment.objects.filter(pk__in=made, delivery=None).update(delivery=delivery)


def fund(
    delivery: Delivery, *, by: User, on: date, answer: Answer | None, instead_of: Delivery | None = None
) -> Funded:
    """Who bears a delivery that is about to be written; `instead_of` is the same row as the database still has it.

    Raises `BeyondAllowance` when there is a choice to make and none was made. Locks the school's row, so that two
    bookings at once cannot both take the last day. What was allowed for the delivery before, and it needs no longer,
    is taken back.
    """
    School.objects.select_for_update(no_key=True).get(pk=delivery.school_id)
    if instead_of and instead_of.funding == Delivery.Funding.BOUGHT:
        return Funded()
    excesses = _excesses(delivery, instead_of)
    rooms = room_made_for(instead_of) if instead_of else []
    beyond = _beyond(delivery, _still_asked(excesses, rooms, delivery), instead_of)
    funded = _carry_out(delivery, beyond, answer, by=by, on=on) if beyond else Funded()
    is_bought = funded.values.get("funding") == Delivery.Funding.BOUGHT
    fit_room(delivery, rooms, {} if is_bought else _needs(excesses), by=by)
    return funded


def _excesses(delivery: Delivery, instead_of: Delivery | None) -> tuple[Excess, ...]:
    return check_allowance(
        delivery.school, delivery.service, delivery.half_days, delivery.champion_type, delivery.happens_on,
        units=delivery.units, instead_of=instead_of,
    )  # fmt: skip


def _needs(excesses: tuple[Excess, ...]) -> dict[frozenset[str], int]:
    return {excess.services: excess.needs for excess in excesses}


def _still_asked(excesses: tuple[Excess, ...], rooms: list[Adjustment], delivery: Delivery) -> tuple[Excess, ...]:
    """What nobody has allowed yet: of what a delivery needs on its new day, its own room of that year comes first."""
    asked = []
    for excess in excesses:
        kept = sum(room.amount for room in rooms if is_room_of(room, excess.services, delivery))
        if (over := min(excess.over, excess.needs - kept)) > 0:
            asked.append(replace(excess, over=over))
    return tuple(asked)


def _beyond(delivery: Delivery, asked: tuple[Excess, ...], instead_of: Delivery | None) -> Beyond | None:
    """What is asked about: the lines, and the deployment's agreed days. None when it fits."""
    is_same = instead_of and instead_of.deployment_id == delivery.deployment_id
    more = delivery.half_days - (instead_of.half_days if instead_of and is_same else 0)
    agreed_over = check_agreed_days(delivery.deployment, more) if delivery.deployment and more > 0 else 0
    if not asked and not agreed_over:
        return None
    is_priced = bool(asked) or not delivery.school.is_academy
    price = price_of(delivery.champion_type, delivery.half_days, delivery.happens_on) if is_priced else ""
    return Beyond(asked, price, agreed_over, _agreed_words(delivery, agreed_over))


def _agreed_words(delivery: Delivery, over: int) -> str:
    if not over or not delivery.deployment:
        return ""
    agreed = amount_text(delivery.deployment.half_days_agreed, DAYS)
    return f"This goes {amount_text(over, DAYS)} beyond the {agreed} that were agreed."


def _carry_out(delivery: Delivery, beyond: Beyond, answer: Answer | None, *, by: User, on: date) -> Funded:
    if answer is None:
        raise BeyondAllowance(beyond)
    if answer.way == Way.STOP:
        raise BeyondAllowance(beyond, "Nothing was booked.", field="way")
    if answer.way == Way.ALLOW:
        return _allow(delivery, beyond, answer, by=by, on=on)
    return _school_pays(delivery, beyond, answer, on=on)


def _allow(delivery: Delivery, beyond: Beyond, answer: Answer, *, by: User, on: date) -> Funded:
    """An adjustment of each line for the rest of the year, and more agreed days: all dated, with a reason."""
    if not by.may("support.exceed_allowance"):
        raise BeyondAllowance(
            beyond, "Only a team leader may allow more. Ask them, or choose another way.", field="way"
        )
    if not answer.why.strip():
        raise BeyondAllowance(beyond, "Say why more is allowed.", field="why")
    year = AcademicYear.containing(delivery.happens_on)
    rooms = tuple(
        adjust_allowance(
            delivery.school, service=excess.service, amount=excess.over, reason=answer.why, by=by,
            delivery=delivery if delivery.pk else None,
            starts_on=min(delivery.happens_on, max(on, year.first_day)), ends_on=year.last_day,
        )
        for excess in beyond.excesses
    )  # fmt: skip
    if beyond.agreed_over and delivery.deployment:
        _agree_more(delivery.deployment, beyond.agreed_over, answer.why, by=by)
    return Funded(why=answer.why, rooms=rooms)


def _agree_more(deployment: Deployment, half_days: int, why: str, *, by: User) -> None:
    """Never fewer than stand there by now: terms can have been agreed since this deployment was read."""
    now = Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
    deployment.half_days_agreed = max(now.half_days_agreed, deployment.half_days_agreed + half_days)
    deployment.save(update_fields=["half_days_agreed"])
    record("deployment.extended", deployment, by=by, why=why, school_urn=deployment.school_id, half_days=half_days)


def _school_pays(delivery: Delivery, beyond: Beyond, answer: Answer, *, on: date) -> Funded:
    """The school buys it at list price. O14: an academy's champion days are bought already, so their funding stays."""
    if not answer.agreed_with.strip():
        raise BeyondAllowance(beyond, "Say who at the school agreed to pay.", field="agreed_with")
    values: dict[str, Any] = {"agreed_with": answer.agreed_with, "agreed_on": on}
    if not delivery.school.is_academy:
        values["funding"] = Delivery.Funding.BOUGHT
    return Funded(values, f"The school pays, agreed with {answer.agreed_with}")
