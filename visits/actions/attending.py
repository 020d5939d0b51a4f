"""Who may attend a visit: what speaks against deploying a champion at a school speaks against this, too."""

from __future__ import annotations

from datetime import date

from schools.models import School
from sidebyside.refusals import Refusal
from support.conflicts import conflicts_of
from support.models import Champion, Deployment


def check_may_attend(champion: Champion, school: School, *, happens_on: date, override: str) -> str:
    """The reason to go on despite a conflict; empty where nothing speaks against this champion.

    Raises Refusal for the champion's own school, and without a reason for another conflict. Whoever is deployed at the
    school that day needs none: it was given when the deployment was agreed.
    """
    conflicts = conflicts_of(champion, school, happens_on)
    for conflict in conflicts:
        if conflict.is_final:
            raise Refusal(f"{conflict.sentence} Choose another champion, or none.", field="champion")
    if not conflicts or _is_deployed(champion, school, happens_on):
        return ""
    if not override.strip():
        raise Refusal(
            f"{conflicts[0].sentence} Say why this champion attended all the same, or choose another or none.",
            field="override",
        )
    return override


def _is_deployed(champion: Champion, school: School, happens_on: date) -> bool:
    agreed = Deployment.objects.filter(champion=champion, school=school).exclude(state=Deployment.State.CANCELLED)
    return agreed.filter(starts_on__lte=happens_on, ends_on__gte=happens_on).exists()
