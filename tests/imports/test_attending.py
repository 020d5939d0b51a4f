"""A spreadsheet brings no champion to a school that the portal would not send there."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schools.models import School
from sidebyside.sheets import read
from sidebyside.years import AcademicYear
from support.models import CheckKind, Delivery
from support.spreadsheets import DELIVERIES
from support.spreadsheets.deliveries import LAYOUT
from tests import make

pytestmark = pytest.mark.django_db
HEADER = "urn,service,date,days,champion,state,reference\n"
ROW = "140300,SSLC,2023-01-18,1,CH1,delivered,R1\n"


@pytest.fixture
def champion():
    """One whose home school is in the trust of the school of the row."""
    home, school = make.academy(140200, name="Mill Academy"), make.academy(140300, name="Vale Academy")
    make.trust(home, school, name="Mill Lane Trust")
    return make.champion("SSLC", home=home, code="CH1", name="Kim Ode")


def test_a_champion_never_supports_the_own_school(champion, import_file):
    result = import_file("deliveries", HEADER + ROW.replace("140300", "140200"))
    assert result.lines[1:] == [
        "  line 2, column champion: Mill Academy is the home school of Kim Ode. Name another champion, or none"
    ]
    assert not Delivery.objects.exists()


def test_one_of_the_same_trust_needs_a_deployment_which_has_the_reason(champion, import_file):
    result = import_file("deliveries", HEADER + ROW)
    assert result.lines[1:] == [
        "  line 2, column champion: Vale Academy and the home school of Kim Ode are both in Mill Lane Trust. Agree a "
        "deployment for that day in the portal, with the reason, and import the row again, or name another champion"
    ]
    make.deployment(School.objects.get(pk=140300), champion, ends_on=date(2023, 1, 18))
    assert (import_file("deliveries", HEADER + ROW).code, Delivery.objects.count()) == (0, 1)


def test_what_the_portal_has_already_is_not_asked_again(champion, import_file):
    make.delivery(champion.home_school, "SSLC", state="delivered", champion=champion, reference="R1")
    assert import_file("deliveries", HEADER + ROW.replace("140300", "140200")).code == 0


def test_a_check_is_asked_for_a_day_to_come_and_not_for_one_that_is_a_fact(import_file, today):
    make.school(140300), make.champion("SSLC", code="CH1", name="Kim Ode")
    CheckKind.objects.create(name="Induction")
    make.offer(AcademicYear.containing(today).start)
    planned = f"140300,SSLC,{today},1,CH1,planned,R2\n"
    result = import_file("deliveries", HEADER + ROW + planned)
    assert result.lines[1:] == [
        f"  line 3, column champion: Kim Ode has no “Induction” in the register by {today:%-d %B %Y}. Agree a "
        "deployment for that day in the portal, with the reason, and import the row again, or name another champion"
    ]
    assert import_file("deliveries", HEADER + ROW).code == 0


def test_a_day_on_which_no_home_school_lends_the_champion_is_refused(import_file):
    make.school(140300)
    champion = make.champion("SSLC", code="CH1", name="Kim Ode", home=make.school(name="Mill Lane School"))
    champion.lendings.update(ends_on=date(2023, 1, 17))
    result = import_file("deliveries", HEADER + ROW)
    assert result.lines[1:] == [
        "  line 2, column champion: Mill Lane School lent Kim Ode until 17 January 2023. Have the home school for "
        "18 January 2023 entered in the register first. Name another champion, or none"
    ]


def test_conflicts_take_as_many_queries_for_one_row_as_for_twenty(champion, today):
    def queries(rows: int) -> int:
        lines = (f"{urn},SSLC,2023-01-18,1,CH1,delivered,\n" for urn in range(100001, 100001 + rows))
        sheet = read((HEADER + "".join(lines)).encode(), name="deliveries.csv", layout=LAYOUT)
        with CaptureQueriesContext(connection) as captured:
            assert DELIVERIES.plan(sheet, today).counts["new"] == rows
        return len(captured)

    for urn in range(100001, 100021):
        make.school(urn)
    assert queries(1) == queries(20) == 14
