"""Saying yes or no. The answer that makes all three agreed is the one that makes the deployment so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from agreements import letters
from agreements.actions.proposing import lent_by
from agreements.models import Agreement, Consent, ConsentLink, Party
from agreements.papers import keep_papers
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal
from support.actions.agreeing import agree_to_terms, drop_proposal
from support.conflicts import conflicts_of
from support.models import Deployment

State = Agreement.State
LOST = "This link cannot be used any more, and nothing was changed. Ask the school improvement team for a new one."


@dataclass(frozen=True)
class Answer:
    """Who answers for which party, how the portal knows, and what they say."""

    party: Party
    is_yes: bool
    name: str
    email: str
    how: Consent.How
    why: str = ""
    user: User | None = None


@transaction.atomic
def consent_signed_in(
    agreement: Agreement, *, party: Party, is_yes: bool, by: User, at: datetime, why: str = ""
) -> Agreement:
    """The head of one of the two schools answers, signed in. Raises Refusal for everybody else."""
    if party not in agreement.parties_of(by):
        raise Refusal("Only the head of one of the two schools agrees to this.")
    answer = Answer(party, is_yes, by.name, by.email, Consent.How.SIGNED_IN, why.strip(), by)
    return _give(agreement, answer, at=at)


@transaction.atomic
def consent_by_link(
    link: ConsentLink, *, is_yes: bool, at: datetime, why: str = "", by: User | None = None
) -> Agreement:
    """Whom the link was made for answers, having shown that they read that address. The link is good once.

    `by` is who is signed in with that address. Raises Refusal when the link is used, stale or replaced by now.
    """
    agreement = _lock(link.agreement)
    if not ConsentLink.objects.good(at).filter(pk=link.pk).update(used_at=at):
        raise Refusal(LOST)
    how = Consent.How.SIGNED_IN if by else Consent.How.LINK
    return _give(agreement, Answer(Party(link.party), is_yes, link.name, link.email, how, why.strip(), by), at=at)


def _lock(agreement: Agreement) -> Agreement:
    """One answers at a time: the third must see the first two."""
    return Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)


def _give(agreement: Agreement, answer: Answer, *, at: datetime) -> Agreement:
    agreement = _lock(agreement)
    if not agreement.is_open:
        raise Refusal(f"{_over(agreement)} Nothing was changed.")
    if agreement.consents.filter(party=answer.party).exists():
        raise Refusal(f"{agreement.name_of(answer.party)} has answered already. Nothing was changed.")
    if not answer.is_yes and not answer.why:
        raise Refusal("Say why not, so that the team can look for something better.", field="why")
    if answer.is_yes:
        _check_still_holds(agreement)
    Consent.objects.create(
        agreement=agreement, party=answer.party, is_yes=answer.is_yes, user=answer.user, name=answer.name,
        email=answer.email, how=answer.how, at=at, reason="" if answer.is_yes else answer.why,
    )  # fmt: skip
    agreement.links.filter(party=answer.party, used_at__isnull=True).update(used_at=at)
    verb = "agreement.consented" if answer.is_yes else "agreement.declined"
    why = "" if answer.is_yes else answer.why
    details = {"party": answer.party.value, "how": answer.how.value, "version": agreement.version}
    record(verb, agreement, by=answer.user, why=why, school_urn=agreement.school_id, **details)
    if not answer.is_yes:
        _decline(agreement, answer, at=at)
    elif agreement.consents.filter(is_yes=True).count() == len(Party):
        _agree(agreement, answer, at=at)
    return agreement


def _check_still_holds(agreement: Agreement) -> None:
    """Raise Refusal where the champion has left, is lent by another school by now, or is of the supported school."""
    deployment, school = agreement.deployment, agreement.school
    champion = deployment.champion
    said = ""
    if deployment.state == Deployment.State.PROPOSED and not champion.is_active:
        said = f"{champion} cannot be deployed any more."
    elif (home := lent_by(champion, agreement.starts_on)).pk != agreement.home_school_id:
        said = f"{champion} is lent by {home} by now, not by {agreement.home_school_name}."
    elif final := [each for each in conflicts_of(champion, school, agreement.starts_on) if each.is_final]:
        said = final[0].sentence
    if said:
        raise Refusal(f"{said} Nothing was changed. Ask the school improvement team what happens now.")


def _agree(agreement: Agreement, last: Answer, *, at: datetime) -> None:
    """The deployment takes the terms, the paper is made and kept, everybody hears of it: all of it, or nothing."""
    deployment = Deployment.objects.select_for_update(no_key=True).get(pk=agreement.deployment_id)
    agree_to_terms(deployment, agreement.terms, by=last.user, version=agreement.version)
    document, cost = keep_papers(agreement, at=at)
    _decide(agreement, State.AGREED, at=at, document=document, cost_document=cost)
    record("agreement.agreed", agreement, by=last.user, school_urn=agreement.school_id, version=agreement.version)
    letters.tell_agreed(agreement)


def _decline(agreement: Agreement, answer: Answer, *, at: datetime) -> None:
    """A new deployment comes to nothing; one that runs goes on as it was agreed."""
    _decide(agreement, State.DECLINED, at=at)
    said = f"{agreement.name_of(answer.party)} did not agree."
    drop_proposal(agreement.deployment, state=Deployment.State.DECLINED, why=said, by=answer.user)
    letters.tell_declined(agreement, party=answer.party)


def _decide(agreement: Agreement, state: State, *, at: datetime, **values: object) -> None:
    if not Agreement.objects.open().filter(pk=agreement.pk).update(state=state, decided_at=at, **values):
        raise Refusal("Somebody has decided this meanwhile. Nothing was changed.")
    agreement.refresh_from_db()


def _over(agreement: Agreement) -> str:
    if agreement.state == State.REPLACED:
        return "There is a newer version of this agreement."
    return f"This agreement was {agreement.get_state_display().lower()} already."
