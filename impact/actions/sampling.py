"""Quality assurance: drawing a sample, picking for it, writing down what was found."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max

from impact import drawing
from impact.models import Finding, Sample, SampledDeployment
from impact.populations import population
from schools.models import Category
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.once import once
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear
from support.models import ChampionType, Deployment

How = SampledDeployment.How


def new_seed() -> str:
    """A seed that nobody can foresee."""
    return secrets.token_hex(16)


@transaction.atomic
def draw_sample(
    year: AcademicYear,
    *,
    size: int,
    reason: str,
    seed: str,
    by: User,
    on: date,
    champion_type: ChampionType | None = None,
    category: Category | None = None,
    seen: str = "",
    request_key: str = "",
) -> Sample:
    """Draw so many of the deployments that began in a year, by a new seed, and keep all that the draw was made of.

    `seen` is the fingerprint of the population that was looked at, where one was. Raises Refusal when it is another by
    now, and for more than there are. The same `request_key` again returns the sample that it drew.
    """
    found = population(year, champion_type=champion_type, category=category, on=on)
    numbers = list(found.values_list("pk", flat=True))
    sample = Sample(
        drawn_on=on, drawn_by=by, reason=reason, year_start=year.start, champion_type=champion_type, category=category,
        seed=seed, size=size, population=numbers, request_key=request_key,
    )  # fmt: skip
    return once(sample, lambda: _draw(sample, seen))


def _draw(sample: Sample, seen: str) -> Sample:
    if seen and seen != drawing.fingerprint(sample.population):
        raise Refusal("The deployments to draw from have changed since you opened the page. Look at them again.")
    if not 1 <= sample.size <= len(sample.population):
        raise Refusal(f"Choose a number from 1 to {len(sample.population)}.", field="size")
    sample.save()
    drawn = drawing.draw(sample.population, size=sample.size, seed=sample.seed)
    SampledDeployment.objects.bulk_create(
        SampledDeployment(sample=sample, deployment_id=pk, position=place, how=How.DRAWN)
        for place, pk in enumerate(drawn)
    )
    record("sample.drawn", sample, by=sample.drawn_by, why=sample.reason, seed=sample.seed, drawn=list(drawn))
    return sample


@transaction.atomic
def pick_for_sample(sample: Sample, *, deployment: Deployment, why: str, by: User) -> SampledDeployment:
    """Add a deployment on purpose. Raises Refusal without a reason, and for one that is in the sample already."""
    if not why.strip():
        raise Refusal("Say why you pick it.", field="why")
    last = sample.deployments.aggregate(last=Max("position"))["last"] or 0
    try:
        with transaction.atomic():
            picked = SampledDeployment.objects.create(
                sample=sample, deployment=deployment, position=last + 1, how=How.PICKED, picked_why=why, picked_by=by
            )
    except IntegrityError:
        raise Refusal(f"{deployment} is in this sample already.", field="deployment") from None
    record("sample.picked", sample, by=by, why=why, deployment=deployment.pk)
    return picked


@transaction.atomic
def record_finding(
    sampled: SampledDeployment, *, grade: str, text: str, visited_on: date | None, by: User, on: date
) -> Finding:
    """Write down what was found, for good. Raises Refusal for a visit to come, and where a finding is already."""
    if visited_on and visited_on > on:
        raise Refusal("The visit must be today or in the past.", field="visited_on")
    if visited_on and visited_on < sampled.deployment.starts_on:
        raise Refusal("The visit is before the deployment began.", field="visited_on")
    try:
        with transaction.atomic():
            finding = Finding.objects.create(
                sampled=sampled, grade=grade, text=text, visited_on=visited_on, found_by=by, found_on=on
            )
    except IntegrityError:
        raise Refusal("A finding about this deployment is in already, and it stays as it was written.") from None
    record("finding.recorded", finding, by=by, grade=grade)
    return finding
