"""What the database never lets be false about reviews and samples: each constraint refuses what it is named for."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from impact.models import Finding, OutcomeRating, Review, ReviewInvitation, Sample, SampledDeployment
from tests import make
from tests.refused import constraints_of, copy_of, refused_by

pytestmark = pytest.mark.django_db
DAY = date(2023, 7, 10)
ANEW = {"request_key": ""}
REFUSED = {
    "review_is_written_once_by_each": (Review, ANEW),
    "review_kind_is_known": (Review, ANEW | {"kind": "quarterly"}),
    "review_party_is_known": (Review, ANEW | {"party": "governors"}),
    "review_says_something": (Review, ANEW | {"party": "adviser", "to_change": ""}),
    "review_recommends_at_the_end": (Review, ANEW | {"party": "adviser", "recommended": ""}),
    "review_is_written_once_by_a_form": (Review, {"party": "adviser"}),
    "outcome_is_rated_once_in_a_review": (OutcomeRating, {}),
    "outcome_rating_is_known": (OutcomeRating, {"outcome": "More write", "how_far": "almost"}),
    "outcome_rating_is_of_something": (OutcomeRating, {"outcome": ""}),
    "party_is_invited_once": (ReviewInvitation, {}),
    "invitation_kind_is_known": (ReviewInvitation, {"kind": "quarterly"}),
    "invitation_party_is_known": (ReviewInvitation, {"party": "governors"}),
    "sample_has_a_size": (Sample, ANEW | {"size": 0, "seed": "b"}),
    "sample_has_a_reason": (Sample, ANEW | {"reason": "", "seed": "b"}),
    "sample_has_a_seed": (Sample, ANEW | {"seed": ""}),
    "sample_has_a_seed_of_its_own": (Sample, ANEW),
    "sample_is_drawn_once_by_a_form": (Sample, {"seed": "b"}),
    "deployment_is_in_a_sample_once": (SampledDeployment, {}),
    "deployment_is_drawn_or_picked_with_a_reason": (SampledDeployment, {"how": "picked"}),
    "finding_grade_is_known": (Finding, {"grade": "good"}),
    "finding_says_something": (Finding, {"text": ""}),
    "finding_follows_the_visit": (Finding, {"visited_on": date(2023, 7, 11)}),
}


@pytest.fixture
def rows():
    """A row of every kind that is right."""
    lead, deployment = make.user("lead"), make.deployment(make.school())
    review = make.review(deployment, request_key="a", ratings={"More read": "fully"})
    invitation = ReviewInvitation.objects.create(
        deployment=deployment, kind="closing", party="champion", invited_on=DAY
    )
    sample = Sample.objects.create(
        drawn_on=DAY, drawn_by=lead, reason="Each term", year_start=2022, seed="a", size=1, population=[deployment.pk],
        request_key="a",
    )  # fmt: skip
    sampled = SampledDeployment.objects.create(sample=sample, deployment=deployment, position=0, how="drawn")
    other = SampledDeployment.objects.create(
        sample=sample, deployment=make.deployment(make.school()), position=1, how="picked", picked_why="New champion",
        picked_by=lead,
    )  # fmt: skip
    finding = Finding(sampled=other, grade="strong", text="Good coaching", found_by=lead, found_on=DAY)
    Finding.objects.create(sampled=sampled, grade="strong", text="Good coaching", found_by=lead, found_on=DAY)
    right = [review, review.ratings.get(), invitation, sample, sampled, finding]
    return {type(row): row for row in right}


@pytest.mark.parametrize("constraint", REFUSED)
def test_the_database_refuses(rows, constraint):
    model, wrong = REFUSED[constraint]
    assert refused_by(model, **copy_of(rows[model], **wrong)) == constraint


def test_a_mid_point_review_recommends_nothing(rows):
    wrong = copy_of(rows[Review], party="adviser", kind="midpoint", request_key="")
    assert refused_by(Review, **wrong) == "review_recommends_at_the_end"


def test_a_deployment_that_was_drawn_has_no_reason_of_a_pick(rows):
    wrong = copy_of(rows[SampledDeployment], picked_why="It looked interesting")
    assert refused_by(SampledDeployment, **wrong) == "deployment_is_drawn_or_picked_with_a_reason"


def test_every_constraint_has_its_test():
    assert set(REFUSED) == constraints_of("impact")


@pytest.mark.parametrize("model", [Review, OutcomeRating, ReviewInvitation, Sample, SampledDeployment, Finding])
def test_what_was_written_stays(rows, model):
    kept = model.objects.all()
    first = model._meta.concrete_fields[1].attname
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        kept.update(**{first: kept.values_list(first, flat=True)[0]})
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        model._base_manager.filter(pk=kept.first().pk)._raw_delete("default")
