"""Fifty rows at a time, however many there are."""

import pytest

from schools.models import School
from sidebyside.paging import COUNTED, CappedPaginator, page_of
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def schools():
    """Five schools, listed backwards."""
    for urn in range(100001, 100006):
        make.school(urn)
    return School.objects.order_by("-urn")


@pytest.mark.parametrize("ids_first", [True, False])
@pytest.mark.parametrize(
    ("asked", "urns"),
    [
        ("", [100005, 100004]),
        ("?page=2", [100003, 100002]),
        ("?page=3", [100001]),
        ("?page=99", [100001]),
        ("?page=two", [100005, 100004]),
    ],
)
def test_the_page_asked_for_is_shown_in_the_lists_order(rf, schools, asked, urns, ids_first):
    page = page_of(schools, rf.get(f"/{asked}"), per_page=2, ids_first=ids_first)
    assert ([school.urn for school in page], page.paginator.count) == (urns, 5)


def test_keys_first_take_one_query_more(rf, schools, django_assert_num_queries):
    for ids_first, number in ((False, 2), (True, 3)):
        with django_assert_num_queries(number):
            list(page_of(schools, rf.get("/"), ids_first=ids_first))


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1234, "1,234"), (COUNTED + 1, "more than 10,000")])
def test_a_count_is_said_as_far_as_it_was_counted(count, text):
    paginator = CappedPaginator(School.objects.none(), 50)
    paginator.count = count
    assert paginator.count_text == text
