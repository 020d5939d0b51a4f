"""What must be true of a delivery before it is written: the school's days, the champion's, the service's own."""

from __future__ import annotations

from datetime import date

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.refusals import Refusal
from support.conflicts import conflicts_of, not_lent
from support.entitlements import DAYS, amount_text
from support.models import Champion, Delivery, Deployment, Service

A_DAY = 2  # half days


def check_school_is_open(school: School, happens_on: date) -> None:
    """S7: before its opening and after its closing day a school gets nothing; S6: nor one outside both sectors."""
    if school.sector is None:
        raise Refusal(f"{school} is neither maintained nor an academy, so the offer does not reach it.")
    if not school.is_open_on(happens_on):
        raise Refusal(
            f"{school} is not open on {_said(happens_on)}.{_when_open(school, happens_on)}", field="happens_on"
        )


def _when_open(school: School, happens_on: date) -> str:
    if school.opened_on and happens_on < school.opened_on:
        return f" It opens on {_said(school.opened_on)}: choose a day from then on."
    if school.closed_on and happens_on > school.closed_on:
        return f" It closed on {_said(school.closed_on)}: choose a day until then. Its successor has a page of its own."
    return ""


def check_amount(service: Service, half_days: int, units: int, champion: Champion | None) -> None:
    """O6: whole half days, up to a day; a service by the day gives some, and its champion is of its type."""
    if half_days < 0 or units < 1 or (service.unit == Service.Unit.DAYS and not half_days):
        raise Refusal("Say whether it is half a day or a whole day.", field="half_days")
    if half_days and champion is None and hasattr(service, "champion_type"):
        raise Refusal(f"Say which champion gives the {service}.", field="champion")
    kind = getattr(service, "champion_type", None)
    if champion and service.unit == Service.Unit.DAYS and not (kind and champion.has_type(kind)):
        raise Refusal(f"{champion} is not a {service} champion.", field="champion")


class DayTaken(Refusal):
    """The champion has a day on that date already; `field` is `override` for whoever may let this one stand, too."""


def check_champions_day(delivery: Delivery, *, by: User, override: str = "", instead_of: Delivery | None = None) -> str:
    """A champion has one day in a day, whatever the schools; the reason why this one stands all the same, else empty.

    Raises DayTaken, unless a leader gives the reason. What stood there already keeps it. Locks the champion's row
    against a second writer.
    """
    champion, happens_on = delivery.champion, delivery.happens_on
    if champion is None:
        return ""
    Champion.objects.select_for_update(no_key=True).get(pk=champion.pk)
    if instead_of and _stood_there(delivery, instead_of):
        return instead_of.override_why
    that_day = champion.deliveries.counting().filter(happens_on=happens_on, half_days__gt=0)
    if instead_of:
        that_day = that_day.exclude(pk=instead_of.pk)
    taken = list(that_day.select_related("school").order_by("pk"))
    had = sum(each.half_days for each in taken)
    if had + delivery.half_days <= A_DAY:
        return ""
    length = "a whole day" if had >= A_DAY else "half a day"
    sentence = f"{champion} has {length} on {_said(happens_on)} already{_where(taken, champion, by)}."
    fits = "half a day, or another date" if had < A_DAY else "another date"
    if not by.may("support.exceed_allowance"):
        raise DayTaken(f"{sentence} Choose {fits}, or ask the team leader to book it.", field="happens_on")
    if not override.strip():
        raise DayTaken(f"{sentence} Choose {fits}, or say why this stands all the same.", field="override")
    return override.strip()


def _stood_there(delivery: Delivery, before: Delivery) -> bool:
    same = (before.champion_id, before.happens_on) == (delivery.champion_id, delivery.happens_on)
    return same and before.state != Delivery.State.CANCELLED and delivery.half_days <= before.half_days


def _where(taken: list[Delivery], champion: Champion, by: User) -> str:
    """Which bookings these are, for those who may know of them: the team, and the champion (A1)."""
    if not (by.is_council_staff or champion.user_id == by.pk):
        return ""
    named = [f"{amount_text(each.half_days, DAYS)} at {each.school}, {each.state}" for each in taken]
    return f": {'; '.join(named)}"


def check_is_not_booked(delivery: Delivery) -> None:
    """A day that is booked is logged by saying that it took place, so that it does not stand there twice."""
    if delivery.deployment is None:
        return
    there = delivery.deployment.deliveries.filter(happens_on=delivery.happens_on, state=Delivery.State.PLANNED)
    booked = there.filter(service__is_visit=False).exclude(pk=delivery.pk).first()
    if booked:
        raise Refusal(
            f"{amount_text(booked.half_days, DAYS).capitalize()} at {booked.school} on {_said(booked.happens_on)} "
            "is booked already. Open that day and say that it took place, and how long it was.",
            field="happens_on",
        )


def check_is_lent(champion: Champion, happens_on: date) -> None:
    """A champion gives no day without the agreement of a home school that holds on it (S10)."""
    if sentence := not_lent(champion, champion.lendings.select_related("school"), happens_on):
        raise Refusal(sentence, field="happens_on")


def check_conflicts(champion: Champion, school: School, *, happens_on: date, override: str, by: User) -> str:
    """The reason to go on despite a conflict; empty where nothing speaks against this champion.

    Raises Refusal for the champion's own school, and without a reason for another conflict; a leader alone may give it
    for a check that is missing. Whoever is deployed at the school that day needs none: it was given when the deployment
    was agreed.
    """
    conflicts = conflicts_of(champion, school, happens_on)
    for conflict in conflicts:
        if conflict.is_final:
            raise Refusal(f"{conflict.sentence} Choose another champion, or none.", field="champion")
    if not conflicts or champion.deployments.filter(school=school).covering(happens_on).exists():
        return ""
    unchecked = next((conflict for conflict in conflicts if conflict.is_for_leaders), None)
    if unchecked and not by.may("support.change_deployment"):
        raise Refusal(
            f"{unchecked.sentence} Only the team leader can say why it is this champion all the same. Ask them to, or "
            "choose another or none.",
            field="champion",
        )
    if not override.strip():
        raise Refusal(
            f"{conflicts[0].sentence} Say why it is this champion all the same, or choose another or none.",
            field="override",
        )
    return override


def check_deployment(deployment: Deployment, happens_on: date) -> None:
    """A day belongs to a deployment that is agreed and runs on that date."""
    if deployment.state == Deployment.State.PROPOSED:
        raise Refusal("Nobody has agreed this deployment yet. Days are logged once everybody has.")
    if deployment.state in (Deployment.State.CANCELLED, Deployment.State.DECLINED):
        raise Refusal(f"This deployment was {deployment.get_state_display().lower()}. Make a new one first.")
    if not deployment.starts_on <= happens_on <= deployment.ends_on:
        raise Refusal(
            f"The deployment runs from {deployment.starts_on:%-d %B %Y} to {deployment.ends_on:%-d %B %Y}. "
            "Choose a date within it.",
            field="happens_on",
        )


def _said(day: date) -> str:
    return f"{day:%-d %B %Y}"
