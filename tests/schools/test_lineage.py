"""Rule S7: a school's predecessors and successors, from the database."""

from datetime import date

import pytest

from schools.lineage import predecessors_of, successors_of
from schools.models import School, SchoolLink
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain():
    """An infant and a junior school merged in 2005; the primary converted in 2023."""
    infant = make.school(110001, closed_on=date(2005, 8, 31), status="closed")
    junior = make.school(110002, closed_on=date(2005, 8, 31), status="closed")
    primary = make.school(130001, opened_on=date(2005, 9, 1), closed_on=date(2023, 1, 31), status="closed")
    academy = make.academy(140001, opened_on=date(2023, 2, 1))
    for old, new in ((infant, primary), (junior, primary), (primary, academy)):
        SchoolLink.objects.create(urn=old.urn, linked_urn=new.urn, kind="successor")
    SchoolLink.objects.create(urn=academy.urn, linked_urn=primary.urn, kind="predecessor")
    return infant, junior, primary, academy


def test_everybody_before_a_school_the_latest_first(chain, django_assert_num_queries):
    infant, junior, primary, academy = chain
    with django_assert_num_queries(2):
        found = predecessors_of(academy)
    assert [(each.school, each.on) for each in found] == [
        (primary, date(2023, 2, 1)),
        (junior, date(2005, 9, 1)),
        (infant, date(2005, 9, 1)),
    ]
    assert found[0].handover.is_conversion


def test_everybody_after_a_school(chain, django_assert_num_queries):
    infant, _, primary, academy = chain
    with django_assert_num_queries(2):
        found = successors_of(infant)
    assert [each.school for each in found] == [primary, academy]
    assert successors_of(academy) == []


def test_a_predecessor_that_is_not_ones_own_is_a_number_only(chain):
    academy = chain[-1]
    mine = School.objects.visible_to(make.head(academy))
    assert [(each.urn, each.school) for each in predecessors_of(academy, among=mine)] == [
        (130001, None),
        (110002, None),
        (110001, None),
    ]


def test_a_school_without_links_has_no_history():
    assert predecessors_of(make.school()) == []
