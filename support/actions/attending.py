"""A champion's part in a Headline Visit: it stands on the visit's own delivery, never on a second one (O7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from sidebyside.accounts.models import User
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.checks import check_champions_day, check_deployment, check_is_lent
from support.actions.confirming import check_is_not_invoiced
from support.actions.exceeding import fund
from support.actions.writing import change_state, record_deed, was_done
from support.beyond import Answer
from support.models import Delivery, Deployment
from support.models.deliveries import DeliveryQuerySet

State = Delivery.State
OPEN = (State.PLANNED, State.DELIVERED)
ATTENDED = "delivery.attended"
PART = ("champion", "champion_type", "deployment", "half_days", "override_why", "summary", "effect", "next_step")


def visits_open_to(deployment: Deployment, day: date) -> DeliveryQuerySet:
    """The school's visits on a day that this champion can have been part of.

    Planned, or held and unconfirmed, and without another champion; not those that are in a deployment already.
    """
    found = Delivery.objects.filter(school=deployment.school_id, happens_on=day, service__is_visit=True, state__in=OPEN)
    return found.filter(Q(champion=None) | Q(champion=deployment.champion_id), deployment=None)


@transaction.atomic
def attend_visit(
    deployment: Deployment, visited: Delivery, *, half_days: int, summary: str, by: User, on: date, effect: str = "",
    next_step: str = "", answer: Answer | None = None, override: str = "", request_key: str = "",
) -> Delivery:  # fmt: skip
    """Write down that the champion was part of a visit: the half days draw on the champion's pool by the offer's rule.

    They count toward the deployment's days. `visited` is the visit's delivery. Raises Refusal for a day to come and
    for a visit that has a champion or was confirmed meanwhile; `BeyondAllowance` and the rest as `log_delivery` does.
    The same `request_key` again changes nothing.
    """
    before = Delivery.objects.select_for_update(of=("self",)).select_related("school", "service").get(pk=visited.pk)
    if was_done(ATTENDED, f"delivery:{visited.pk}", request_key):
        return before
    _check(deployment, before, half_days, on)
    for name, value in {"deployment": deployment, "champion": deployment.champion, "half_days": half_days}.items():
        setattr(visited, name, value)
    visited.champion_type = deployment.champion_type
    check_is_lent(deployment.champion, visited.happens_on)
    visited.override_why = check_champions_day(visited, by=by, override=override, instead_of=before)
    funded = fund(visited, by=by, on=on, answer=answer, instead_of=before)
    visited.summary, visited.effect, visited.next_step = summary, effect, next_step
    values = {name: getattr(visited, name) for name in PART}
    change_state(visited, before.state, to=before.state, **values, **funded.values)
    why = ". ".join(filter(None, [visited.override_why, funded.why]))
    record_deed(ATTENDED, visited, by=by, why=why, request_key=request_key, was_funded=before.funding)
    return visited


@transaction.atomic
def leave_visit(delivery: Delivery, *, why: str, by: User, on: date) -> Delivery:
    """Take the champion's part in a visit back, with the reason: the visit stays as it is, its adviser's.

    For the champion and the team, until the school has confirmed it.
    """
    before = Delivery.objects.select_for_update(of=("self",)).select_related("school", "service").get(pk=delivery.pk)
    _check_may_leave(before, by, why)
    check_is_not_invoiced(before)
    nothing: dict[str, Any] = {"champion": None, "champion_type": None, "deployment": None, "half_days": 0}
    nothing |= dict.fromkeys(("override_why", "summary", "effect", "next_step"), "")
    for name, value in nothing.items():
        setattr(delivery, name, value)
    fund(delivery, by=by, on=on, answer=None, instead_of=before)
    if before.funding == Delivery.Funding.BOUGHT and _was_funded(before) == Delivery.Funding.OFFER:
        nothing |= {"funding": Delivery.Funding.OFFER, "agreed_with": "", "agreed_on": None}
    change_state(delivery, before.state, to=before.state, **nothing)
    record_deed("delivery.left", delivery, by=by, why=why, half_days_before=before.half_days)
    return delivery


def _check(deployment: Deployment, before: Delivery, half_days: int, on: date) -> None:
    """Raise Refusal for what cannot be written down of this visit."""
    if not before.service.is_visit or before.school_id != deployment.school_id:
        raise Refusal("This is no visit of the school that the deployment is for.", field="part_of")
    if before.happens_on > on:
        raise Refusal("This visit is still to come. Log your part when it has happened.", field="happens_on")
    if before.state not in OPEN or before.deployment_id or before.champion_id not in (None, deployment.champion_id):
        raise Refusal(
            "This visit was confirmed or called off meanwhile, or has a champion already. Log the day apart from it, "
            "or ask the adviser.",
            field="part_of",
        )
    if half_days <= 0:
        raise Refusal("Say whether it is half a day or a whole day.", field="half_days")
    check_deployment(deployment, before.happens_on)


def _check_may_leave(before: Delivery, by: User, why: str) -> None:
    if not by.is_council_staff and (before.champion is None or before.champion.user_id != by.pk):
        raise Refusal("Only the champion or the team takes this back.")
    if before.state not in OPEN or before.champion_id is None:
        raise Refusal("The school has confirmed this visit, or no champion is on it. Ask the team leader.")
    if not why.strip():
        raise Refusal("Say why.", field="why")


def _was_funded(delivery: Delivery) -> str:
    """Who bore the visit before its champion was written down."""
    deed = Event.objects.filter(subject=f"delivery:{delivery.pk}", verb=ATTENDED).order_by("-pk").first()
    return deed.details.get("was_funded", "") if deed else ""
