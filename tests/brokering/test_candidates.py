"""What is read of champions for a need: from the register, in the same few queries whatever their number."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brokering.candidates import facts_of, matches_for
from brokering.matching import Impact, Kind, Side
from brokering.models.weights import weights_in_force
from support.models import Availability, Champion, Interest, Lending
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2022, 12, 1)


@pytest.fixture
def school():
    return make.school(name="Mill Lane Primary School", postcode="HP11 2TZ")


@pytest.fixture
def need(school):
    return make.need(school, champion_type=make.champion_type("SSPC"), skill=make.skill())


def facts(champion, need, on=DAY):
    [(_, candidate)] = facts_of(Champion.objects.filter(pk=champion.pk), need, on=on)
    return candidate


def objections(champion, need):
    return [(each.sentence, each.is_final) for each in facts(champion, need).objections]


def found(need):
    return [each.champion.name for each in matches_for(need, weights_in_force(), on=DAY)]


def test_the_register_says_types_skills_phases_and_home(need):
    home = make.school(postcode="HP20 1UA", phase="Secondary")
    champion = make.champion("SSLC", home, name="Jo Marsh")
    champion.other_types.add(make.champion_type("SSPC"))
    champion.skills.add(make.skill())
    champion.phases.create(name="Primary")
    known = facts(champion, need)
    assert known.types == {make.champion_type("SSLC").pk, make.champion_type("SSPC").pk}
    assert (known.skills, known.phases, known.postcode) == ({make.skill().pk}, {"Primary"}, "HP20 1UA")


def test_where_no_phase_is_entered_the_home_schools_counts(need):
    assert facts(make.champion(home=make.school(phase="Secondary")), need).phases == {"Secondary"}
    assert facts(make.champion(home=make.school(phase="")), need).phases == set()


def test_days_are_free_by_the_year_and_by_the_half_terms_that_the_need_reaches_into(need):
    terms = make.half_terms()
    champion = make.champion(days_a_year="10")
    for term, half_days in zip(terms[1:4], (8, 6, 4), strict=True):  # Autumn 2, Spring 1 and 2
        Availability.objects.create(champion=champion, half_term=term, half_days=half_days)
    make.delivery(make.school(), champion=champion, happens_on=date(2023, 1, 18), state="planned")
    known = facts(champion, need)
    assert (known.free_this_year, known.free_then) == (18, 8)


def test_where_nobody_has_said_anything_nothing_is_known_of_days(need):
    make.half_terms()
    known = facts(make.champion(), need)
    assert (known.free_this_year, known.free_then) == (None, None)


def test_a_need_of_the_coming_year_counts_the_days_of_that_year(school):
    champion = make.champion(days_a_year="10")
    make.delivery(make.school(), champion=champion, happens_on=date(2023, 1, 18))
    need = make.need(school, starts_on=date(2023, 9, 18), ends_on=date(2023, 10, 20))
    assert facts(champion, need).free_this_year == 20


def test_what_cannot_be_overridden_and_what_can(need, school):
    trust_school = make.academy(name="Hill Academy")
    make.trust(school, trust_school, name="Vale Trust")
    own, same = make.champion(home=school, name="Ann Reed"), make.champion(home=trust_school, name="Bea Lane")
    assert objections(own, need) == [("Mill Lane Primary School is the home school of Ann Reed.", True)]
    shared = "Mill Lane Primary School and the home school of Bea Lane are both in Vale Trust."
    assert objections(same, need) == [(shared, False)]


def test_whom_no_school_lends_when_the_support_begins_cannot_be_chosen(need):
    champion = make.champion(name="Jo Marsh", home=make.school(name="Vale School"))
    Lending.objects.update(ends_on=date(2023, 1, 8))
    words = (
        "Vale School lent Jo Marsh until 8 January 2023. Have the home school for 9 January 2023 entered in the "
        "register first."
    )
    assert objections(champion, need) == [(words, True)]


def test_a_declared_interest_is_said_in_the_champions_words(need, school):
    champion = make.champion(name="Jo Marsh")
    Interest.objects.create(
        champion=champion, school=school, what="A sister teaches there", declared_on=DAY, recorded_by=make.user("lead")
    )
    words = "Jo Marsh has declared an interest in Mill Lane Primary School. A sister teaches there"
    assert objections(champion, need) == [(words, False)]


def test_only_those_who_can_be_deployed_by_schools_of_the_same_authority_are_candidates(need):
    make.champion(name="Here")
    make.champion(name="Away", is_active=False)
    make.champion(name="Elsewhere", home=make.school(authority_code="826"))
    assert found(need) == ["Here"]


def test_the_fitting_one_stands_first_and_says_why(need):
    make.champion("SSLC", name="Ann Other")
    fitting = make.champion("SSPC", name="Jo Marsh")
    fitting.skills.add(make.skill())
    [first, second] = matches_for(need, weights_in_force(), on=DAY)
    kinds = {each.kind for each in first.match.on_side(Side.FOR)}
    assert (first.champion, second.champion.name) == (fitting, "Ann Other")
    assert kinds >= {Kind.TYPE, Kind.SKILL, Kind.PHASE}


def queries(need, weights):
    with CaptureQueriesContext(connection) as captured:
        matches_for(need, weights, on=DAY)
    return len(captured)


def test_it_takes_as_many_queries_for_one_champion_as_for_fifty(need):
    terms, weights = make.half_terms(), weights_in_force()
    counts = []
    for more in (1, 49):
        for _ in range(more):
            champion = make.champion("SSPC", days_a_year="10")
            champion.skills.add(make.skill())
            Availability.objects.create(champion=champion, half_term=terms[2], half_days=4)
            make.delivery(make.school(), "SSPC", champion=champion)
        counts.append(queries(need, weights))
    assert counts[0] == counts[1] == 15


def test_past_impact_in_the_area_counts_before_past_impact_in_all(need):
    champion = make.champion()
    make.review(make.deployment(make.school(), champion), ratings={"Better led": "not yet"})
    assert facts(champion, need).impact == Impact(1, Decimal("0.0"), 3)
    there = make.deployment(make.school(), champion, skill=make.skill())
    make.review(there, ratings={"More read": "fully", "More write": "mostly"})
    assert facts(champion, need).impact == Impact(1, Decimal("2.5"), 3, "Early reading")


def test_of_a_champion_without_an_evaluation_no_impact_is_known(need):
    assert facts(make.champion(), need).impact is None
