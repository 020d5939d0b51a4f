"""Who answers for a school, and who at it hears of its champions' days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from schools.models import Membership, School, TrustMembership
from sidebyside.accounts.models import User


def confirmers_at(schools: Iterable[School], *, on: date) -> dict[int, list[User]]:
    """By URN those who sign in for each school on a day, or for its trust, and may confirm its support (M1).

    Two queries, whatever the number of schools.
    """
    urns = {school.pk for school in schools}
    held = TrustMembership.objects.filter(school__in=urns).held_on(on).values_list("trust", "school")
    in_trust: dict[int, list[int]] = defaultdict(list)
    for trust, urn in held:
        in_trust[trust].append(urn)
    posts = Membership.objects.held_on(on).filter(Q(school__in=urns) | Q(trust__in=list(in_trust)))
    found: dict[int, dict[int, User]] = defaultdict(dict)
    for post in posts.select_related("user").order_by("pk"):
        if post.user.may("support.confirm_delivery") and not post.user.is_council_staff:
            for urn in [post.school_id] if post.school_id else in_trust[post.trust_id or 0]:
                found[urn][post.user_id] = post.user
    return {urn: list(people.values()) for urn, people in found.items()}


def emails_at(school: School, *, on: date) -> list[str]:
    """Where a mail about a school's days goes; empty where nobody signs in for it."""
    return [person.email for person in confirmers_at([school], on=on).get(school.pk, [])]
