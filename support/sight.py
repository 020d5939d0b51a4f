"""What a person may see of a champion whom they may see at all."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from schools.models import School
from sidebyside.accounts.models import User
from support.models import Champion
from support.models.champions import ChampionQuerySet


@dataclass(frozen=True)
class Sight:
    """The team sees all, a champion what is their own, the home school's head where, when and how many days (M16).

    The head of a school that is supported sees who the champion is, and at other schools only that a day is taken.
    """

    is_team: bool
    is_own: bool
    is_home: bool
    may_vet: bool  # whether the role reads checks and interests

    @property
    def sees_days(self) -> bool:
        """How many days are agreed with the home school, used and free."""
        return self.is_team or self.is_own or self.is_home

    @property
    def sees_history(self) -> bool:
        """Which schools lent the champion when."""
        return self.is_team or self.is_own

    @property
    def sees_vetting(self) -> bool:
        """Checks, and what interests were declared in the champion's own words."""
        return self.is_own or self.may_vet


def sight_of(user: User, champion: Champion) -> Sight:
    """How much this person sees of a champion of `seen_by`."""
    return Sight(
        is_team=user.may("schools.view_all"),
        is_own=champion.user_id == user.pk,
        is_home=champion.is_lent_by_viewer,
        may_vet=user.may("support.view_vetting"),
    )


def seen_by(user: User) -> ChampionQuerySet:
    """The champions whom a person may see, each with `is_lent_by_viewer`: lent by a school of the person's own."""
    own = School.objects.visible_to(user).filter(pk=OuterRef("home_school"))
    return Champion.objects.visible_to(user).noting(is_lent_by_viewer=Exists(own))
