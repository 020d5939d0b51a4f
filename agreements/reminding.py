"""What the sweep does for agreements: one reminder half-way, and an end to what a deployment has outlived."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from agreements.actions.withdrawing import withdraw
from agreements.letters import write_reminder
from agreements.models import Agreement, ConsentLink
from sidebyside.refusals import Refusal
from support.models import Deployment

BATCH = 200
OPEN = (Deployment.State.PROPOSED, Deployment.State.AGREED)
OVER = "The deployment has ended, or its last day is past, before everybody agreed."


def remind_of_open_agreements(*, now: datetime) -> int:
    """Write once to each head who has had half of the time and has not answered; returns how many."""
    silent = ConsentLink.objects.good(now).filter(reminded_at__isnull=True).order_by("pk")
    waited = [link for link in silent[:BATCH] if now >= link.made_at + (link.expires_at - link.made_at) / 2]
    return sum(_remind(link, now) for link in waited)


@transaction.atomic
def _remind(link: ConsentLink, now: datetime) -> int:
    """Claim it by compare-and-set: of several processes one writes."""
    if not ConsentLink.objects.good(now).filter(pk=link.pk, reminded_at__isnull=True).update(reminded_at=now):
        return 0
    write_reminder(ConsentLink.objects.select_related("agreement").get(pk=link.pk))
    return 1


def close_overtaken_agreements(*, now: datetime) -> int:
    """Withdraw what nobody can agree to any more; returns how many."""
    overtaken = ~Q(deployment__state__in=OPEN) | Q(ends_on__lt=localdate(now))
    found = Agreement.objects.open().filter(overtaken).select_related("deployment")
    return sum(_close(agreement, now) for agreement in found.order_by("pk")[:BATCH])


def _close(agreement: Agreement, now: datetime) -> int:
    try:
        withdraw(agreement, why=OVER, by=None, at=now)
    except Refusal:  # decided in this moment
        return 0
    return 1
