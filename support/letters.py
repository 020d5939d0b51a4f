"""Mails about a champion's days. They say who, where and when: never what for, and no reason (design, section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from sidebyside.council.models import displayed_council
from sidebyside.mail.actions import post
from sidebyside.mail.models import Dispatch
from support.models import Delivery, Deployment, Dispute
from support.people import emails_at


def write(cause: str, *, to: Iterable[str], subject: str, template: str, path: str, **words: Any) -> Dispatch | None:
    """Write one mail with the council's signature and the address of a page; None where it is to nobody.

    `cause` names what happened once and for all, such as `dispute-7`.
    """
    people = sorted({address for address in to if address})
    if not people:
        return None
    about = {"council": displayed_council(), "url": f"{settings.SITE_URL}{path}"}
    body = render_to_string(f"support/emails/{template}.txt", about | words)
    return post(cause, to=people, subject=subject, body=body)


def tell_of_move(delivery: Delivery, moved_from: date, *, cause: str, on: date) -> None:
    """The supported school hears that a booked day has another date."""
    subject = f"Moved: {_who(delivery)} at {delivery.school}"
    _tell_school(delivery, cause, subject, "day_moved", on, moved_from=moved_from)


def tell_of_cancelling(delivery: Delivery, *, on: date) -> None:
    """The supported school hears that a booked day will not take place."""
    subject = f"Cancelled: {_who(delivery)} at {delivery.school}"
    _tell_school(delivery, f"day-cancelled-{delivery.pk}", subject, "day_cancelled", on)


def tell_of_end(deployment: Deployment, called_off: Sequence[Delivery], *, on: date) -> None:
    """The supported school hears which booked days an ended deployment will not bring; nothing where there are none."""
    if called_off:
        write(
            f"deployment-ended-{deployment.pk}", to=emails_at(deployment.school, on=on), template="deployment_ended",
            subject=f"Ended: {deployment}", path=deployment.get_absolute_url(), deployment=deployment, days=called_off,
        )  # fmt: skip


def tell_of_dispute(dispute: Dispute) -> None:
    """The team hears that a school disputes a day, which the broker resolves."""
    delivery, council = dispute.delivery, displayed_council()
    write(
        f"dispute-{dispute.pk}", to=[council.email] if council else [], template="dispute_raised", delivery=delivery,
        subject=f"Disputed: {delivery}", path=reverse("dispute_resolve", args=[dispute.pk]),
    )  # fmt: skip


def tell_of_resolution(dispute: Dispute) -> None:
    """The champion, and whoever raised it, hear that a dispute is settled; the page says how."""
    delivery, raised_by = dispute.delivery, dispute.raised_by
    champion = delivery.champion
    people = [raised_by.email] if raised_by.is_active else []
    if champion:
        people.append(champion.user.email if champion.user and champion.user.is_active else champion.email)
    for number, address in enumerate(sorted(set(people))):
        write(
            f"dispute-resolved-{dispute.pk}-{number}", to=[address], template="dispute_resolved", delivery=delivery,
            subject=f"Settled: {delivery}", path=reverse("delivery_detail", args=[delivery.pk]),
        )  # fmt: skip


def _tell_school(delivery: Delivery, cause: str, subject: str, template: str, on: date, **words: Any) -> None:
    path = reverse("delivery_detail", args=[delivery.pk])
    to = emails_at(delivery.school, on=on)
    write(cause, to=to, subject=subject, template=template, path=path, delivery=delivery, who=_who(delivery), **words)


def _who(delivery: Delivery) -> str:
    return str(delivery.champion or delivery.service)
