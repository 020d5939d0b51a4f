"""Putting terms to the three who agree: of a new deployment, or other terms for one that is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from agreements.actions.asking import ask
from agreements.models import ASKED, Agreement, Consent, Party
from agreements.people import Person
from billing.estimates import Estimate
from billing.estimating import estimate_for
from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from support.actions.agreeing import check_new_terms, propose_anew
from support.actions.deployments import make_deployment, propose
from support.agreements import Intended, Terms
from support.models import Champion, ChampionType, Deployment, Skill

State = Agreement.State
Asked = Mapping[Party, Person]


@transaction.atomic
def propose_deployment(
    champion: Champion,
    *,
    school: School,
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
    """Propose a deployment, as the broker who agrees to it, and ask the heads of the two schools.

    `asked` has a person for Party.SUPPORTED and one for Party.HOME. What `support.actions.deployments.propose` refuses
    is refused. The same `request_key` again returns the deployment that it made.
    """
    deployment = propose(
        champion, school=school, terms=terms, champion_type=champion_type, skill=skill, override=override, by=by,
        on=on, request_key=request_key,
    )  # fmt: skip
    if not deployment.agreements.exists():
        _put(_version(deployment, terms, why="", by=by, on=on, at=at), asked, by=by, at=at)
    return deployment


def record_paper(champion: Champion, *, terms: Terms, signed: str, **values: Any) -> Deployment:
    """Write down a deployment that was agreed on paper: nobody is asked. `values` are those of `propose`."""
    return make_deployment(
        champion, focus=terms.focus, half_days_agreed=terms.half_days, starts_on=terms.starts_on,
        ends_on=terms.ends_on, outcomes=terms.outcomes, signed=signed, **values,
    )  # fmt: skip


@transaction.atomic
def propose_change(
    deployment: Deployment, *, terms: Terms, asked: Asked, why: str, by: User, on: date, at: datetime,
    request_key: str = "",
) -> Agreement:  # fmt: skip
    """Put other terms to everybody; those that were agreed hold until all have agreed to the new ones.

    A version that is still open is replaced. Raises Refusal where nothing changes, without a reason, and where the
    terms undercut what was delivered.
    """
    deployment = Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
    agreement = _version(deployment, terms, why=why, by=by, on=on, at=at)
    agreement.request_key = request_key
    return once(agreement, lambda: _change(agreement, deployment, asked, by=by, at=at))


def check_proposal(champion: Champion, **values: Any) -> None:
    """Raise what proposing this would refuse; nothing is written. `values` are those of `support`’s `propose`."""
    with transaction.atomic():
        propose(champion, **values)
        transaction.set_rollback(True)


def check_change(deployment: Deployment, terms: Terms) -> None:
    """Raise Refusal where nothing changes, and where the terms undercut what was delivered."""
    check_new_terms(deployment, terms)
    if terms == terms_of(deployment):
        raise Refusal("Nothing is different from what holds. Change something, or go back.")


def _change(agreement: Agreement, deployment: Deployment, asked: Asked, *, by: User, at: datetime) -> Agreement:
    if not agreement.why.strip():
        raise Refusal("Say why the terms change.", field="why")
    check_change(deployment, agreement.terms)
    deployment.agreements.open().update(state=State.REPLACED, decided_at=at)
    if deployment.state == Deployment.State.PROPOSED:
        propose_anew(deployment, agreement.terms)
    return _put(agreement, asked, by=by, at=at)


def terms_of(deployment: Deployment) -> Terms:
    """The terms by which a deployment runs, or which were proposed for it."""
    outcomes = tuple(Intended(each.text, each.measure) for each in deployment.intended.all())
    return Terms(
        deployment.focus, deployment.half_days_agreed, deployment.starts_on, deployment.ends_on, outcomes
    )  # fmt: skip


def cost_of(
    school: School, kind: ChampionType, terms: Terms, *, on: date, instead_of: Deployment | None = None
) -> Estimate:
    """What terms would cost the supported school."""
    return estimate_for(
        school, champion_type=kind, half_days=terms.half_days, starts_on=terms.starts_on, ends_on=terms.ends_on, on=on,
        instead_of=instead_of,
    )  # fmt: skip


def lent_by(champion: Champion, day: date) -> School:
    """The school that lends a champion on a day, and so agrees; the present one where no agreement covers the day."""
    lending = champion.lending_on(day)
    return lending.school if lending else champion.home_school


def _version(deployment: Deployment, terms: Terms, *, why: str, by: User, on: date, at: datetime) -> Agreement:
    """The next version, not yet written: everything as it is today."""
    champion, school, kind = deployment.champion, deployment.school, deployment.champion_type
    home = lent_by(champion, terms.starts_on)
    last = deployment.agreements.aggregate(last=Max("version", default=0))["last"]
    cost = cost_of(school, kind, terms, on=on, instead_of=deployment)
    return Agreement(
        deployment=deployment, version=last + 1, school=school, school_name=str(school), home_school=home,
        home_school_name=str(home), champion_name=champion.name, champion_type_name=f"{kind}",
        area=f"{deployment.skill or ''}", focus=terms.focus,
        outcomes=[{"text": each.text, "measure": each.measure} for each in terms.outcomes],
        half_days=terms.half_days, starts_on=terms.starts_on, ends_on=terms.ends_on,
        cost_words="\n".join(cost.sentences), cost_least=cost.least, cost_most=cost.most, why=why, made_by=by,
        made_at=at,
    )  # fmt: skip


def _put(agreement: Agreement, asked: Asked, *, by: User, at: datetime) -> Agreement:
    """Write the version with the broker's own consent, and ask both heads."""
    agreement.save()
    Consent.objects.create(
        agreement=agreement, party=Party.BROKER, is_yes=True, user=by, name=by.name, email=by.email,
        how=Consent.How.SIGNED_IN, at=at,
    )  # fmt: skip
    for party in ASKED:
        ask(agreement, party=party, person=asked.get(party, Person("", "")), at=at)
    details = {"version": agreement.version, "half_days": agreement.half_days}
    record("agreement.proposed", agreement, by=by, why=agreement.why, school_urn=agreement.school_id, **details)
    return agreement
