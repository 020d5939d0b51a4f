"""A spreadsheet goes beyond an allowance, and its preview says so."""

import pytest

from support.models import Delivery
from tests import make

pytestmark = pytest.mark.django_db
HEADER = "urn,service,date,days,champion,state,reference\n"
HEADLINE = "  Some rows go beyond an allowance. They go in all the same, and are not priced:"


@pytest.fixture
def school():
    """A school of Prevention: three Headline Visits and nine days of SSPC or ABLE."""
    make.offer_2022()
    school = make.school(110195, name="Turville School")
    make.categorise(school, "Prevention")
    make.champion("SSPC", code="CH1")
    return school


def visits(count: int) -> str:
    return HEADER + "".join(f"110195,HLV,2022-11-{day:02},,,delivered,R{day}\n" for day in range(1, count + 1))


def test_what_fits_says_nothing_and_one_more_is_said(school, import_file):
    assert import_file("deliveries", visits(3), "--dry-run").lines[1:] == ["Nothing was written."]
    result = import_file("deliveries", visits(4))
    assert (result.lines[1], result.code, Delivery.objects.count()) == (HEADLINE, 0, 4)
    assert result.lines[2].startswith("  2022/23, Turville School (URN 110195): ")
    assert result.lines[2].endswith(", 4 visits of 3 visits.")


def test_what_the_portal_has_counts_and_what_a_row_replaces_does_not(school, import_file):
    import_file("deliveries", HEADER + "110195,SSPC,2022-11-01,9,CH1,delivered,R1\n")
    assert import_file("deliveries", HEADER + "110195,SSPC,2022-11-02,9,CH1,delivered,R1\n").lines[2:] == []
    more = import_file("deliveries", HEADER + "110195,SSPC,2022-11-02,9.5,CH1,delivered,R1\n")
    assert (more.lines[-2], more.lines[-1][-19:]) == (HEADLINE, "9.5 days of 9 days.")


def test_the_same_file_again_says_nothing(school, import_file):
    import_file("deliveries", visits(4))
    assert import_file("deliveries", visits(4)).lines[1:] == []


def test_an_academy_has_no_allowance_of_days_to_go_beyond(school, import_file):
    make.academy(140300)
    result = import_file("deliveries", HEADER + "140300,SSPC,2022-11-01,10,CH1,delivered,R1\n")
    assert result.lines[1:] == []
