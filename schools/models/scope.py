"""Which schools are a person's own: the one place that decides it (A1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from schools.models.register import SchoolQuerySet
    from sidebyside.accounts.models import User


def schools_of(schools: SchoolQuerySet, user: User) -> SchoolQuerySet:
    """All schools for those who may see all; otherwise those that the person has a current post at, or a trust's.

    A subquery rather than a join, so that no school comes twice. Uses today's London date: access is of the moment.
    """
    if user.may("schools.view_all"):
        return schools
    today = timezone.localdate()
    posts = apps.get_model("schools", "Membership").objects.filter(user=user).held_on(today)
    in_trust = apps.get_model("schools", "TrustMembership").objects.filter(
        Q(joined_on__isnull=True) | Q(joined_on__lte=today),
        Q(left_on__isnull=True) | Q(left_on__gte=today),
        trust__in=posts.filter(trust__isnull=False).values("trust"),
    )
    return schools.filter(
        Q(pk__in=posts.filter(school__isnull=False).values("school")) | Q(pk__in=in_trust.values("school"))
    )
