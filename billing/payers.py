"""Who pays for a school on a day, its own account or its trust's; and who pays by journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from billing.models import Account
from schools.models import School, TrustMembership
from schools.sectors import ACADEMY_TYPES
from sidebyside.accounts.models import User


class Payers:
    """Answers `payer_of(school, day)` for the schools that it was made for, in one query.

    The schools come with their own accounts fetched (`select_related("account")`).
    """

    def __init__(self, urns: Collection[int]) -> None:
        self._memberships: dict[int, list[TrustMembership]] = defaultdict(list)
        memberships = TrustMembership.objects.filter(school__in=urns).select_related("trust__account")
        for membership in memberships.order_by("joined_on"):
            self._memberships[membership.school_id].append(membership)

    def payer_of(self, school: School, day: date) -> Account | None:
        """The account that pays for a school's support on a day; None when there is none (M13, S8)."""
        if hasattr(school, "account"):
            return school.account
        for membership in self._memberships.get(school.urn, ()):
            begun = membership.joined_on is None or membership.joined_on <= day
            if begun and (membership.left_on is None or day <= membership.left_on):
                return getattr(membership.trust, "account", None)
        return None


def pays_by_journal(user: User) -> bool:
    """Whether somebody of a school has maintained schools only, to which no invoice is made out (M2)."""
    if user.may("schools.view_all"):
        return False
    types = set(School.objects.visible_to(user).order_by().values_list("type_code", flat=True).distinct())
    return bool(types) and not types & ACADEMY_TYPES
