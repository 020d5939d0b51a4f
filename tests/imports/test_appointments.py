"""Headteachers' appointments from a spreadsheet (O8)."""

from datetime import date
from itertools import permutations

import pytest

from schools.models import Appointment
from sidebyside.audit.models import Event
from tests import make

pytestmark = pytest.mark.django_db
HEADER = "urn,head,started,kind\n"
ROWS = [
    "110195,Anna Brook,2022-03-01,interim\n",
    "110195,Anna Brook,01/09/2022,permanent\n",
    "110195,Peter Vale,2023-04-17,New to  post\n",
]
IN_ORDER = [
    ("Anna Brook", "interim", date(2022, 3, 1), date(2022, 8, 31)),
    ("Anna Brook", "permanent", date(2022, 9, 1), date(2023, 4, 16)),
    ("Peter Vale", "new to post", date(2023, 4, 17), None),
]


@pytest.fixture
def school():
    """A school without any head yet."""
    return make.school(110195, name="Turville School")


def stored():
    return list(Appointment.objects.order_by("started_on").values_list("head_name", "kind", "started_on", "ended_on"))


def test_an_appointment_ends_the_day_before_the_next_one_starts(school, import_file):
    result = import_file("appointments", HEADER + "".join(ROWS))
    assert (result.lines, result.code) == (["appointments.csv: 3 new, 0 changed, 0 the same, 0 refused."], 0)
    assert stored() == IN_ORDER


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_one_file_each_in_any_order_gives_the_same_result(school, import_file, order):
    for place in order:
        import_file("appointments", HEADER + ROWS[place])
    assert stored() == IN_ORDER


def test_the_same_file_again_changes_nothing(school, import_file):
    text = HEADER + "".join(ROWS)
    import_file("appointments", text)
    before = Event.objects.count()
    assert import_file("appointments", text).lines == ["appointments.csv: 0 new, 0 changed, 3 the same, 0 refused."]
    assert (stored(), Event.objects.count()) == (IN_ORDER, before)


def test_a_gap_that_the_team_has_recorded_stays(school, import_file):
    make.appointment(school, date(2020, 9, 1), head_name="Mary Hill", kind="permanent", ended_on=date(2021, 12, 31))
    import_file("appointments", HEADER + ROWS[0])
    assert stored()[0][3] == date(2021, 12, 31)


def test_an_open_appointment_is_ended_and_that_is_said(school, import_file):
    make.appointment(school, date(2020, 9, 1), head_name="Mary Hill", kind="permanent")
    result = import_file("appointments", HEADER + ROWS[0])
    assert result.lines[1:] == ["  Turville School (110195): the appointment of Mary Hill ends on 28 February 2022."]
    assert [row[3] for row in stored()] == [date(2022, 2, 28), None]


def test_a_name_or_kind_can_be_corrected(school, import_file):
    import_file("appointments", HEADER + ROWS[0])
    result = import_file("appointments", HEADER + "110195,Anna Brooke,2022-03-01,new to the authority\n")
    assert result.lines == [
        "appointments.csv: 0 new, 1 changed, 0 the same, 0 refused.",
        "  changed, line 2: Turville School (110195): Anna Brooke, new to the authority, from 1 March 2022 "
        "(was Anna Brook, interim)",
    ]
    assert stored() == [("Anna Brooke", "new to the authority", date(2022, 3, 1), None)]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("110196,Anna Brook,2022-03-01,interim", "urn: 110196 is not in the register here"),
        ("110195,,2022-03-01,interim", "head: is empty"),
        (f"110195,{'x' * 121},2022-03-01,interim", "head: is longer than 120 characters"),
        ("110195,Anna Brook,1 March,interim", "started: “1 March” is not a date such as"),
        ("110195,Anna Brook,2022-03-01,acting", "kind: “acting” is not a kind of appointment: the known ones are perm"),
        ("110300,Anna Brook,2023-02-01,interim", "started: Old School (110300) closed on 31 January 2023"),
    ],
)
def test_a_bad_row_says_what_is_wrong(school, import_file, row, where):
    make.school(110300, name="Old School", status="closed", closed_on=date(2023, 1, 31))
    result = import_file("appointments", HEADER + row + "\n")
    assert result.lines[1].startswith(f"  line 2, column {where}")
    assert (result.code, stored()) == (1, [])


def test_one_school_has_one_appointment_from_a_day(school, import_file):
    result = import_file("appointments", HEADER + ROWS[0] + "110195,Peter Vale,2022-03-01,interim\n")
    assert result.lines[1:] == [
        "  line 3, column started: this school has an appointment from that day in line 2 already"
    ]
