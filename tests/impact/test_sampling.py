"""Quality assurance: what a sample is drawn from, that it can be drawn again, picks and findings."""

from datetime import date

import pytest

from impact.actions.sampling import draw_sample, new_seed, pick_for_sample, record_finding
from impact.drawing import draw, fingerprint
from impact.models import Finding, Sample
from impact.populations import population, years_with_deployments
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear
from tests import make

pytestmark = pytest.mark.django_db
YEAR, ON = AcademicYear(2022), date(2023, 6, 5)


@pytest.fixture
def lead():
    return make.user("lead")


def take(lead, **rest):
    values = {"size": 3, "reason": "The summer term’s checks", "seed": "side by side", "by": lead, "on": ON}
    return draw_sample(YEAR, **values | rest)


def deployments(count, **rest):
    lead, champion = make.user("lead"), make.champion()
    return [make.deployment(make.school(), champion, made_by=lead, **rest) for _ in range(count)]


def found(**rest):
    values = {"champion_type": None, "category": None, "on": ON}
    return list(population(YEAR, **values | rest).values_list("pk", flat=True))


class TestThePopulation:
    def test_it_is_what_began_in_the_year_and_came_about(self):
        [begun, ended] = deployments(2)
        make.deployment(make.school(), starts_on=date(2022, 8, 31), ends_on=date(2023, 8, 31))
        make.deployment(make.school(), starts_on=date(2023, 9, 1), ends_on=date(2024, 8, 31))
        make.deployment(make.school(), starts_on=date(2023, 6, 6))
        for state in ("proposed", "declined", "cancelled"):
            make.deployment(make.school(), state=state)
        type(ended).objects.filter(pk=ended.pk).update(state="ended")
        assert found() == [begun.pk, ended.pk]

    def test_what_was_moved_to_a_new_urn_is_in_it_once(self):
        [old, new] = deployments(2)
        old.successor = new
        old.save()
        assert found() == [new.pk]

    def test_it_can_be_of_one_type(self):
        mine = make.deployment(make.school(), make.champion("SSPC"))
        make.deployment(make.school(), make.champion("ABLE"))
        assert found(champion_type=mine.champion_type) == [mine.pk]

    def test_it_can_be_of_schools_in_one_category_on_the_first_day(self):
        [mine, raised, later, never] = deployments(4)
        make.categorise(mine.school, "Prevention")
        make.categorise(raised.school, "Prevention", date(2021, 9, 1))
        make.categorise(raised.school, "Intervention")
        make.categorise(later.school, "Enhancement", date(2021, 9, 1))
        make.categorise(later.school, "Prevention", date(2022, 9, 2))
        make.categorise(never.school, "Prevention", state="withdrawn", confirmed_at=None)
        assert found(category=make.category("Prevention")) == [mine.pk]

    def test_years_reach_from_the_first_deployment_to_today(self):
        assert years_with_deployments(on=ON) == [YEAR]
        make.deployment(make.school(), starts_on=date(2020, 10, 1))
        make.deployment(make.school(), starts_on=date(2024, 10, 1), ends_on=date(2025, 7, 1))
        assert years_with_deployments(on=ON) == [YEAR, AcademicYear(2021), AcademicYear(2020)]


def test_a_sample_keeps_what_makes_the_same_draw_again(lead):
    there = deployments(8)
    sample = take(lead)
    assert sample.population == [each.pk for each in there]
    drawn = tuple(sample.deployments.values_list("deployment", flat=True))
    assert drawn == draw(sample.population, size=3, seed="side by side")
    event = Event.objects.get(verb="sample.drawn")
    assert (event.by, event.why) == (lead, "The summer term’s checks")
    assert event.details == {"seed": "side by side", "drawn": list(drawn)}


def test_seeds_are_long_and_never_the_same():
    assert {len(new_seed()) for _ in range(5)} == {32}
    assert len({new_seed() for _ in range(50)}) == 50


@pytest.mark.parametrize("size", [0, 3])
def test_more_than_there_are_or_none_is_refused(lead, size):
    deployments(2)
    with pytest.raises(Refusal, match="Choose a number from 1 to 2"):
        take(lead, size=size)
    assert not Sample.objects.exists()


def test_a_population_that_has_changed_since_it_was_looked_at_is_refused(lead):
    there = deployments(2)
    seen = fingerprint([each.pk for each in there])
    deployments(1)
    with pytest.raises(Refusal, match="have changed since you opened the page"):
        take(lead, size=1, seen=seen)


def test_the_same_form_twice_draws_once(lead):
    deployments(4)
    first = take(lead, request_key="k")
    assert take(lead, request_key="k", seed="another") == first
    assert Sample.objects.count() == 1


def test_what_is_picked_says_why_and_stands_beside_what_was_drawn(lead):
    [drawn, other] = deployments(2)
    sample = make.sample(drawn)
    with pytest.raises(Refusal, match="Say why"):
        pick_for_sample(sample, deployment=other, why=" ", by=lead)
    with pytest.raises(Refusal, match="in this sample already"):
        pick_for_sample(sample, deployment=drawn, why="A new champion", by=lead)
    pick_for_sample(sample, deployment=other, why="A new champion", by=lead)
    rows = list(sample.deployments.values_list("deployment", "how", "picked_why"))
    assert rows == [(drawn.pk, "drawn", ""), (other.pk, "picked", "A new champion")]
    assert Event.objects.get(verb="sample.picked").why == "A new champion"


def test_a_finding_is_recorded_once_and_its_words_stay_out_of_the_trail(lead):
    [drawn] = deployments(1)
    sampled = make.sample(drawn).deployments.get()
    values = {"grade": "secure", "text": "Well planned", "visited_on": date(2023, 6, 7), "by": lead}
    record_finding(sampled, **values, on=date(2023, 6, 8))
    with pytest.raises(Refusal, match="in already"):
        record_finding(sampled, **values, on=date(2023, 6, 8))
    assert (Finding.objects.get().text, Finding.objects.get().found_by) == ("Well planned", lead)
    event = Event.objects.get(verb="finding.recorded")
    assert (event.details, event.why, event.school_urn) == ({"grade": "secure"}, "", None)


@pytest.mark.parametrize(
    ("visited_on", "why"), [(date(2023, 6, 9), "today or in the past"), (date(2022, 8, 31), "before the deployment")]
)
def test_a_visit_to_come_or_before_the_deployment_is_refused(lead, visited_on, why):
    sampled = make.sample(*deployments(1)).deployments.get()
    with pytest.raises(Refusal, match=why):
        record_finding(sampled, grade="strong", text="Good", visited_on=visited_on, by=lead, on=date(2023, 6, 8))
