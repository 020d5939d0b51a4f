"""The capacity of champions, from their home schools, deployments, days and what they said: in four queries."""

from datetime import date, timedelta

import pytest

from sidebyside.years import AcademicYear
from support.capacity import capacities_of, with_capacity
from support.capacity import capacity_of as capacity_of_row
from support.models import Availability, Champion, Lending
from tests import make

pytestmark = pytest.mark.django_db
YEAR, DAY = AcademicYear(2022), date(2023, 1, 18)


def capacity_of(champion, *, year, on):
    """The same answer for one of a list and for one alone."""
    (row,) = with_capacity(Champion.objects.filter(pk=champion.pk), year=year, on=on)
    found = capacity_of_row(row, year=year)
    assert found == capacities_of(Champion.objects.all(), year=year, on=on)[champion.pk]
    return found


def figures(champion, *, on=DAY, year=YEAR):
    found = capacity_of(champion, year=year, on=on)
    return found.agreed, found.delivered, found.booked, found.committed, found.free


def test_all_days_of_the_year_count_also_those_at_a_headline_visit():
    champion, school = make.champion(days_a_year="10"), make.school()
    make.delivery(school, "SSLC", days="1", champion=champion)
    make.delivery(school, "SSLC", days="0.5", champion=champion, state="delivered", happens_on=date(2022, 9, 1))
    make.delivery(school, "HLV", days="0.5", champion=champion, happens_on=date(2023, 8, 31))
    make.delivery(school, "SSLC", days="1", champion=champion, state="planned", happens_on=date(2023, 2, 1))
    make.delivery(school, "SSLC", days="1", champion=champion, state="cancelled", happens_on=date(2023, 2, 2))
    assert figures(champion) == (20, 4, 2, 0, 14)


@pytest.mark.parametrize("day", [date(2022, 8, 31), date(2023, 9, 1)])
def test_e7_a_day_of_another_academic_year_counts_there(day):
    champion = make.champion(days_a_year="10")
    make.delivery(make.school(), "SSLC", champion=champion, happens_on=day)
    assert figures(champion) == (20, 0, 0, 0, 20)
    assert figures(champion, year=AcademicYear.containing(day)) == (20, 2, 0, 0, 18)


def test_a_deployment_promises_what_is_neither_delivered_nor_booked_of_it():
    champion, school = make.champion(days_a_year="10"), make.school()
    deployment = make.deployment(school, champion, half_days_agreed=8)
    make.delivery(school, champion=champion, deployment=deployment)
    make.delivery(school, champion=champion, deployment=deployment, state="planned", happens_on=date(2023, 2, 1))
    make.delivery(school, champion=champion, deployment=deployment, state="cancelled", happens_on=date(2023, 2, 2))
    assert figures(champion) == (20, 2, 2, 4, 12)


def test_a_deployment_with_more_days_than_agreed_promises_none_and_takes_none_from_another():
    champion, school = make.champion(days_a_year="10"), make.school()
    over = make.deployment(school, champion, half_days_agreed=2)
    for day in (DAY, date(2023, 1, 19)):
        make.delivery(school, champion=champion, deployment=over, happens_on=day)
    make.deployment(make.school(), champion, half_days_agreed=6)
    assert figures(champion) == (20, 4, 0, 6, 10)


@pytest.mark.parametrize(
    ("state", "committed"), [("proposed", 20), ("agreed", 20), ("ended", 0), ("declined", 0), ("cancelled", 0)]
)
def test_only_agreed_and_proposed_deployments_promise(state, committed):
    champion = make.champion(days_a_year="10")
    make.deployment(make.school(), champion, state=state)
    assert figures(champion)[3] == committed


@pytest.mark.parametrize(("on", "committed"), [(DAY, 20), (DAY + timedelta(days=1), 0)])
def test_a_deployment_past_its_last_day_promises_nothing(on, committed):
    champion = make.champion()
    make.deployment(make.school(), champion, ends_on=DAY)
    assert figures(champion, on=on)[3] == committed


def test_a_deployment_of_another_year_promises_there():
    champion = make.champion()
    make.deployment(make.school(), champion, starts_on=date(2023, 9, 4), ends_on=date(2024, 7, 19))
    assert [figures(champion, year=year)[3] for year in (YEAR, YEAR.next)] == [0, 20]


def test_the_home_school_of_the_day_says_how_many_never_pro_rata():
    champion, later = make.champion(days_a_year="10"), make.school(name="Hill Top School")
    champion.lendings.update(ends_on=DAY - timedelta(days=1))
    Lending.objects.create(champion=champion, school=later, starts_on=DAY, ends_on=DAY, half_days_a_year=6)
    days = [DAY + timedelta(days=away) for away in (-1, 0, 1)]
    found = [capacity_of(champion, year=YEAR, on=day) for day in days]
    before = champion.home_school.name
    assert [(each.agreed, each.home_school) for each in found] == [(20, before), (6, "Hill Top School"), (None, "")]


def test_nothing_agreed_is_not_nought():
    unknown, none = make.champion(), make.champion(days_a_year="0")
    found = capacities_of(Champion.objects.all(), year=YEAR, on=DAY)
    assert [(found[each.pk].agreed, found[each.pk].free) for each in (unknown, none)] == [(None, None), (0, 0)]


def test_each_half_term_has_what_the_champion_said_and_what_is_taken():
    first, second, *_ = make.half_terms(2022)
    champion, school = make.champion(), make.school()
    Availability.objects.create(champion=champion, half_term=second, half_days=4)
    taken = [("delivered", first.first_day), ("planned", second.first_day), ("confirmed", second.last_day)]
    for state, day in [*taken, ("cancelled", date(2022, 11, 9)), ("delivered", date(2022, 10, 26))]:
        make.delivery(school, champion=champion, happens_on=day, state=state)
    found = capacity_of(champion, year=YEAR, on=DAY)
    assert [(each.name, each.available, each.taken) for each in found.half_terms[:3]] == [
        ("Autumn 1", None, 2), ("Autumn 2", 4, 4), ("Spring 1", None, 0)
    ]  # fmt: skip
    assert (len(found.half_terms), found.delivered, found.booked) == (6, 6, 2)


def test_only_the_asked_for_champions_are_answered_for():
    wanted, other = make.champion(), make.champion()
    make.delivery(make.school(), champion=other)
    found = capacities_of(Champion.objects.filter(pk=wanted.pk), year=YEAR, on=DAY)
    assert {pk: each.delivered for pk, each in found.items()} == {wanted.pk: 0}


def test_a_list_finds_whoever_gives_more_than_agreed():
    over, fine, unknown = make.champion(days_a_year="1"), make.champion(days_a_year="2"), make.champion()
    for champion in (over, fine, unknown):
        for day in (DAY, date(2023, 1, 19)):
            make.delivery(make.school(), champion=champion, happens_on=day)
    found = with_capacity(Champion.objects.all(), year=YEAR, on=DAY)
    assert [each.pk for each in found.filter(half_days_free__lt=0)] == [over.pk]


@pytest.mark.parametrize("count", [1, 50])
def test_any_number_of_champions_costs_four_queries(count, django_assert_num_queries):
    terms, lead = make.half_terms(2022), make.user("lead")
    for _ in range(count):
        champion, school = make.champion(days_a_year="10"), make.school()
        deployment = make.deployment(school, champion, made_by=lead)
        make.delivery(school, champion=champion, deployment=deployment)
        Availability.objects.create(champion=champion, half_term=terms[2], half_days=6)
    with django_assert_num_queries(4):
        found = capacities_of(Champion.objects.all(), year=YEAR, on=DAY)
    assert {(each.free, each.half_terms[2].free) for each in found.values()} == {(0, 4)}
    assert len(found) == count
