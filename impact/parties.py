"""As whom a person speaks of a deployment, and which deployments are spoken of."""

from __future__ import annotations

from impact.models import Party
from schools.models import School
from sidebyside.accounts.models import User
from support.models import Deployment

State = Deployment.State


def party_of(user: User, deployment: Deployment) -> Party | None:
    """As which party this person may write; None for whoever is none, such as the head of the home school (A1)."""
    if not user.may("impact.review"):
        return None
    if user.is_council_staff:
        return Party.ADVISER
    if deployment.champion.user_id == user.pk:
        return Party.CHAMPION
    is_at_school = School.objects.visible_to(user).filter(pk=deployment.school_id).exists()
    return Party.SUPPORTED if is_at_school else None


def is_reviewed(deployment: Deployment) -> bool:
    """Whether reviews are written of it: it came about, and does not go on at another URN (S7)."""
    return deployment.state in {State.AGREED, State.ENDED} and deployment.successor_id is None
