"""What champions have achieved so far, in one query however many are asked for."""

from decimal import Decimal

import pytest

from impact.record_of import Impact, PastImpact, past_impact
from support.models import Skill
from tests import make

pytestmark = pytest.mark.django_db


def closed(champion, how_far, skill=None, parties=("champion",)):
    deployment = make.deployment(make.school(), champion, skill=skill, state="ended")
    for party in parties:
        make.review(deployment, party, ratings={"More children read well": how_far} if how_far else {})
    return deployment


def test_a_champion_without_a_closing_evaluation_has_no_record():
    champion = make.champion()
    make.review(make.deployment(make.school(), champion), kind="midpoint", ratings={"More read": "fully"})
    assert past_impact([champion.pk]) == {champion.pk: PastImpact(0, None, {})}


def test_a_deployment_counts_once_whoever_evaluated_it():
    champion = make.champion()
    closed(champion, "fully", parties=("champion", "supported", "adviser"))
    closed(champion, "partly")
    assert past_impact([champion.pk])[champion.pk] == PastImpact(2, Decimal("2.0"), {})


def test_a_deployment_without_outcomes_counts_and_has_no_average():
    champion = make.champion()
    closed(champion, "")
    assert past_impact([champion.pk])[champion.pk] == PastImpact(1, None, {})


def test_the_record_is_told_by_area_too():
    champion = make.champion()
    reading, writing = (Skill.objects.create(name=name) for name in ("Early reading", "Writing"))
    closed(champion, "fully", reading)
    closed(champion, "mostly", reading)
    closed(champion, "not yet", writing)
    closed(champion, "not yet")
    found = past_impact([champion.pk])[champion.pk]
    assert (found.deployments, found.average) == (4, Decimal("1.3"))
    assert found.by_skill == {reading.pk: Impact(2, Decimal("2.5")), writing.pk: Impact(1, Decimal("0.0"))}


@pytest.mark.parametrize("count", [1, 50])
def test_one_query_for_all(count, django_assert_num_queries):
    skill, writer, lead, school = Skill.objects.create(name="Reading"), make.user(), make.user("lead"), make.school()
    champions = [make.champion(home=school) for _ in range(count)]
    for champion in champions:
        deployment = make.deployment(school, champion, skill=skill, made_by=lead)
        make.review(deployment, written_by=writer, ratings={"More read": "fully", "More write": "partly"})
    with django_assert_num_queries(1):
        found = past_impact([champion.pk for champion in champions])
    assert [each.average for each in found.values()] == [Decimal("2.0")] * count
