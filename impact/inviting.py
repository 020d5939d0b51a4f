"""Asks each party for its review once, when it is due: a row and a mail in one transaction, found by the sweep."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate

from impact.due import Due, Habits, asked_on
from impact.habits import review_habits
from impact.models import Kind, Party, Review, ReviewInvitation
from schools.models import AdviserAssignment, Membership
from sidebyside.accounts.models import User
from sidebyside.council.models import displayed_council
from sidebyside.mail.actions import post
from support.models import Deployment

log = logging.getLogger(__name__)
State = Deployment.State


def invite_reviews(*, now: datetime) -> int:
    """Invite whoever is due and was not invited, each in a transaction of its own; returns how many were."""
    on, habits, invited = localdate(now), review_habits(), 0
    due: dict[int, Due] = {}
    for pk, starts_on, ends_on in _candidates(habits, on):
        if found := asked_on(starts_on, ends_on, habits, on=on):
            due[pk] = found
    deployments = Deployment.objects.select_related("champion__user", "school").in_bulk(due)
    asked = set(ReviewInvitation.objects.filter(deployment__in=due).values_list("deployment", "kind", "party"))
    for pk, deployment in deployments.items():
        for party in Party:
            if (pk, due[pk].kind, party) not in asked:
                invited += _try(deployment, due[pk], party, on)
    return invited


def _candidates(habits: Habits, on: date) -> Iterable[tuple[int, date, date]]:
    """Key, first and last day of deployments that run, or ended not long ago, and whose parties are not all asked."""
    closes_from = on + timedelta(days=habits.closing_days_before)
    there = Deployment.objects.filter(
        state__in=[State.AGREED, State.ENDED], successor__isnull=True, starts_on__lte=on,
        ends_on__gte=on - timedelta(days=habits.closing_days_after),
    )  # fmt: skip
    counted = {
        kind.value: Count("review_invitations", filter=Q(review_invitations__kind=kind), distinct=True) for kind in Kind
    }
    waits = Q(ends_on__gt=closes_from, midpoint__lt=len(Party)) | Q(ends_on__lte=closes_from, closing__lt=len(Party))
    return there.annotate(**counted).filter(waits).order_by("pk").values_list("pk", "starts_on", "ends_on")


def _try(deployment: Deployment, due: Due, party: Party, on: date) -> int:
    """Invite one party; what goes wrong with it stops no other and stands in the log."""
    try:
        with transaction.atomic():
            _invite(deployment, due, party, on)
    except IntegrityError:  # another sweep was there first
        return 0
    except Exception:
        log.exception("a party could not be asked for its review", extra={"deployment": deployment.pk})
        return 0
    return 1


def _invite(deployment: Deployment, due: Due, party: Party, on: date) -> None:
    """The row and the mail. Whose review is in already, or who does not sign in, gets no mail."""
    is_in = Review.objects.filter(deployment=deployment, kind=due.kind, party=party).exists()
    to = [] if is_in else [person.email for person in people_of(deployment, party, on=on)]
    row = ReviewInvitation(deployment=deployment, kind=due.kind, party=party, invited_on=on)
    if to:
        words = {"deployment": deployment, "kind": due.kind, "is_over": deployment.ends_on < on}
        words |= {"due_by": row.due_by(review_habits()), "council": displayed_council()}
        words["url"] = f"{settings.SITE_URL}{reverse('deployment_reviews', args=[deployment.pk])}"
        row.mail = post(
            f"review-{deployment.pk}-{due.kind}-{party}",
            to=to,
            subject=f"Please review the support of {deployment.champion} at {deployment.school}",
            body=render_to_string("impact/emails/review_due.txt", words),
        )
    row.save()


def people_of(deployment: Deployment, party: str, *, on: date) -> list[User]:
    """Who signs in and may write for a party on a day."""
    if party == Party.CHAMPION:
        found = [deployment.champion.user] if deployment.champion.user else []
    elif party == Party.SUPPORTED:
        posts = Membership.objects.filter(school=deployment.school_id).held_on(on).select_related("user")
        found = [post.user for post in posts]
    else:
        assigned = AdviserAssignment.objects.filter(school=deployment.school_id).held_on(on).select_related("adviser")
        found = [each.adviser for each in assigned]
    return sorted({person for person in found if person.may("impact.review")}, key=lambda person: person.pk)
