"""Proposing a champion for a need: the agreement goes out and the need is matched, both or neither."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from agreements.actions.proposing import Asked, propose_deployment
from brokering.actions.needs import still_open
from brokering.models import Need
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal
from support.agreements import Terms
from support.models import Champion, ChampionType, Deployment, Skill


@transaction.atomic
def propose_for_need(
    need: Need,
    champion: Champion,
    *,
    terms: Terms,
    asked: Asked,
    by: User,
    on: date,
    at: datetime,
    champion_type: ChampionType | None = None,
    skill: Skill | None = None,
    override: str = "",
    request_key: str = "",
) -> Deployment:
    """Propose a deployment at the need's school, as `agreements` does, and note that it is for this need.

    Raises Refusal for what proposing refuses, and where somebody is proposed already or the need was closed. The same
    `request_key` again returns the deployment that it made.
    """
    try:
        need = still_open(need)
    except Refusal:
        if made := made_before(need, request_key):
            return made
        raise
    deployment = propose_deployment(
        champion, school=need.school, terms=terms, asked=asked, champion_type=champion_type, skill=skill,
        override=override, by=by, on=on, at=at, request_key=request_key,
    )  # fmt: skip
    need.deployment = deployment
    need.save(update_fields=["deployment"])
    record(
        "need.matched", need, by=by, school_urn=need.school_id, champion=champion.code, deployment=deployment.pk
    )  # fmt: skip
    return deployment


def made_before(need: Need, request_key: str) -> Deployment | None:
    """What the same form has made for this need already."""
    return Deployment.objects.filter(need=need, request_key=request_key).first() if request_key else None
