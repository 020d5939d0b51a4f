"""Carrying out the way that somebody chose when support goes beyond what is left (O13)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.years import AcademicYear
from support.actions.adjusting import adjust_allowance
from support.beyond import Answer, Beyond, BeyondAllowance, Way, check_agreed_days, check_allowance, price_of
from support.entitlements import DAYS, amount_text
from support.models import Adjustment, Delivery, Deployment


@dataclass(frozen=True)
class Funded:
    """The columns of a delivery that say who bears it, and the reason for the trail."""

    values: dict[str, Any] = field(default_factory=dict)
    why: str = ""
    room: Adjustment | None = None

    def settle(self, delivery: Delivery) -> None:
        """Name the delivery, once it is written, on the adjustment that made room for it."""
        if self.room and self.room.delivery_id is None:
            Adjustment.objects.filter(pk=self.room.pk).update(delivery=delivery)


def fund(
    delivery: Delivery, *, by: User, on: date, answer: Answer | None, instead_of: Delivery | None = None
) -> Funded:
    """Who bears a delivery that is about to be written; `instead_of` is the same row as the database still has it.

    Raises `BeyondAllowance` when there is a choice to make and none was made. Locks the school's row, so that two
    bookings at once cannot both take the last day.
    """
    School.objects.select_for_update(no_key=True).get(pk=delivery.school_id)
    if instead_of and instead_of.funding == Delivery.Funding.BOUGHT:
        return Funded()
    beyond = find_beyond(delivery, instead_of)
    if beyond is None:
        return Funded()
    if answer is None:
        raise BeyondAllowance(beyond)
    if answer.way == Way.STOP:
        raise BeyondAllowance(beyond, "Nothing was booked.", field="way")
    if answer.way == Way.ALLOW:
        return _allow(delivery, beyond, answer, by=by, on=on)
    return _school_pays(delivery, beyond, answer, on=on)


def find_beyond(delivery: Delivery, instead_of: Delivery | None = None) -> Beyond | None:
    """What a delivery takes beyond the allowance and the agreed days together; None when it fits."""
    year = AcademicYear.containing(delivery.happens_on)
    beyond = check_allowance(
        delivery.school, delivery.service, delivery.half_days, delivery.champion_type, delivery.happens_on,
        units=delivery.units, instead_of=instead_of if instead_of and instead_of.happens_on in year else None,
    )  # fmt: skip
    more = delivery.half_days - (instead_of.half_days if instead_of else 0)
    agreed_over = check_agreed_days(delivery.deployment, more) if delivery.deployment and more > 0 else 0
    return _join(beyond, delivery, agreed_over) if agreed_over else beyond


def _join(beyond: Beyond | None, delivery: Delivery, agreed_over: int) -> Beyond:
    agreed = delivery.deployment.half_days_agreed if delivery.deployment else 0
    sentence = f"This goes {amount_text(agreed_over, DAYS)} beyond the {amount_text(agreed, DAYS)} that were agreed."
    if beyond:
        return replace(beyond, sentence=f"{beyond.sentence} {sentence}", agreed_over=agreed_over)
    price = "" if delivery.school.is_academy else _price(delivery)
    return Beyond(sentence, 0, 0, DAYS, delivery.service, price, agreed_over)


def _price(delivery: Delivery) -> str:
    return price_of(delivery.champion_type, delivery.half_days, delivery.happens_on)


def _allow(delivery: Delivery, beyond: Beyond, answer: Answer, *, by: User, on: date) -> Funded:
    """An adjustment of the allowance for the rest of the year, and more agreed days: both dated, with a reason."""
    if not by.may("support.exceed_allowance"):
        raise BeyondAllowance(
            beyond, "Only a team leader may allow more. Ask them, or choose another way.", field="way"
        )
    if not answer.why.strip():
        raise BeyondAllowance(beyond, "Say why more is allowed.", field="why")
    room = None
    if beyond.over:
        year = AcademicYear.containing(delivery.happens_on)
        room = adjust_allowance(
            delivery.school, service=beyond.service, amount=beyond.over, reason=answer.why, by=by,
            delivery=delivery if delivery.pk else None,
            starts_on=min(delivery.happens_on, max(on, year.first_day)), ends_on=year.last_day,
        )  # fmt: skip
    if beyond.agreed_over and delivery.deployment:
        _agree_more(delivery.deployment, beyond.agreed_over, answer.why, by=by)
    return Funded(why=answer.why, room=room)


def _agree_more(deployment: Deployment, half_days: int, why: str, *, by: User) -> None:
    deployment.half_days_agreed += half_days
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
