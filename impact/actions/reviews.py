"""Writing a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from impact.due import may_be_written
from impact.habits import review_habits
from impact.models import Kind, OutcomeRating, Party, Review
from impact.parties import is_reviewed, party_of
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from support.models import Deployment

IN_ALREADY = "This review is in already, and it stays as it was written."


@dataclass(frozen=True)
class Rated:
    """How far an outcome was reached, in the outcome's own words of that day, and what shows it."""

    outcome: str
    measure: str
    how_far: str
    evidence: str = ""


@transaction.atomic
def write_review(
    deployment: Deployment,
    *,
    kind: str,
    party: str,
    went_well: str,
    to_change: str,
    by: User,
    on: date,
    next_step: str = "",
    recommended: str = "",
    ratings: Sequence[Rated] = (),
    heard_how: str = "",
    request_key: str = "",
) -> Review:
    """Write one party's review, for good. The same `request_key` again returns what it has made.

    A party writes its own. Who assures quality may write down what a champion or a school told the team: then
    `heard_how` says how it was told. Raises Refusal for somebody else, before or after its time, when it is in
    already, and when the outcomes are not those of today.
    """
    _check_writer(deployment, party, heard_how, by)
    _check_time(deployment, kind, on)
    _check_outcomes(deployment, ratings)
    review = Review(
        deployment=deployment, kind=kind, party=party, went_well=went_well, to_change=to_change, next_step=next_step,
        recommended=recommended, heard_how=heard_how, written_by=by, written_on=on, request_key=request_key,
    )  # fmt: skip
    try:
        return once(review, lambda: _write(review, ratings))
    except IntegrityError:  # two people of one party at once: the first one's is in
        raise Refusal(IN_ALREADY) from None


def _write(review: Review, ratings: Sequence[Rated]) -> Review:
    if Review.objects.filter(deployment=review.deployment, kind=review.kind, party=review.party).exists():
        raise Refusal(IN_ALREADY)
    with transaction.atomic():
        review.save()
    OutcomeRating.objects.bulk_create(
        OutcomeRating(review=review, position=place, **vars(rated)) for place, rated in enumerate(ratings)
    )
    record(
        "review.written", review, by=review.written_by, school_urn=review.deployment.school_id, kind=review.kind,
        party=review.party,
    )  # fmt: skip
    return review


def _check_writer(deployment: Deployment, party: str, heard_how: str, by: User) -> None:
    if party == party_of(by, deployment):
        return
    if party == Party.ADVISER or not by.may("impact.assure_quality"):
        raise Refusal("You cannot write this review: it is somebody else’s.")
    if not heard_how.strip():
        raise Refusal("Say how they told you, such as by telephone on 3 July.", field="heard_how")


def _check_time(deployment: Deployment, kind: str, on: date) -> None:
    if not is_reviewed(deployment):
        raise Refusal("This deployment is not reviewed: it did not come about, or goes on at another school record.")
    if not may_be_written(kind, deployment.starts_on, deployment.ends_on, review_habits(), on=on):
        raise Refusal(f"The {Kind(kind).label.lower()} of this deployment is not open on {on:%-d %B %Y}.")


def _check_outcomes(deployment: Deployment, ratings: Sequence[Rated]) -> None:
    """Each outcome of today once: they may have changed while somebody wrote."""
    if [rated.outcome for rated in ratings] != [text for text, _ in outcomes_of(deployment)]:
        raise Refusal("The outcomes of this deployment have changed since you opened the page. Rate them as they are.")


def outcomes_of(deployment: Deployment) -> list[tuple[str, str]]:
    """The outcomes to be rated with their measures, in their order; the same words are one outcome."""
    found: dict[str, str] = {}
    for outcome in deployment.intended.all():
        found.setdefault(outcome.text, outcome.measure)
    return list(found.items())
