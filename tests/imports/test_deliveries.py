"""Deliveries from a spreadsheet (S9, O6, O7, M1)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sidebyside.audit.models import Event
from sidebyside.sheets import read
from support.models import Delivery
from support.spreadsheets import DELIVERIES
from support.spreadsheets.deliveries import LAYOUT
from tests import make

pytestmark = pytest.mark.django_db
HEADER = "urn,service,date,days,champion,state,reference\n"


@pytest.fixture
def world():
    """A school, and a champion of each type."""
    make.school(110195, name="Turville School")
    for code in ("SSLC", "SSPC"):
        make.champion(code, code=f"CH-{code}", name=f"{code} person")
    for code in ("HLV", "RIG", "CONF", "BESST"):
        make.service(code)


def stored():
    return list(
        Delivery.objects.order_by("pk").values_list(
            "service__code", "happens_on", "half_days", "units", "champion__code", "state"
        )
    )


def test_rows_of_every_unit_become_deliveries(world, import_file):
    result = import_file(
        "deliveries",
        HEADER
        + "110195,HLV,2022-11-09,,,delivered,\n"
        + "110195,hlv,10/11/2022,1,ch-sslc,delivered,\n"
        + "110195,HLV,11/11/2022,,CH-SSLC,planned,\n"
        + "110195,SSLC,2023-01-18,1.5,CH-SSLC,confirmed,\n"
        + "110195,CONF,2023-02-01,6,,confirmed,\n"
        + "110195,CONF,2023-02-02,,,confirmed,\n"
        + "110195,BESST,2023-02-03,2,,delivered,\n",
    )
    assert (result.lines, result.error) == (["deliveries.csv: 7 new, 0 changed, 0 the same, 0 refused."], "")
    assert stored() == [
        ("HLV", date(2022, 11, 9), 0, 1, None, "delivered"),
        ("HLV", date(2022, 11, 10), 2, 1, "CH-SSLC", "delivered"),
        ("HLV", date(2022, 11, 11), 1, 1, "CH-SSLC", "planned"),
        ("SSLC", date(2023, 1, 18), 3, 1, "CH-SSLC", "confirmed"),
        ("CONF", date(2023, 2, 1), 0, 6, None, "confirmed"),
        ("CONF", date(2023, 2, 2), 0, 1, None, "confirmed"),
        ("BESST", date(2023, 2, 3), 4, 1, None, "delivered"),
    ]


def test_a_confirmed_row_says_when_and_why_it_was_confirmed(world, import_file, today):
    import_file("deliveries", HEADER + "110195,SSLC,2023-01-18,1,CH-SSLC,confirmed,R1\n")
    delivery = Delivery.objects.get()
    assert (delivery.confirmed_on, delivery.confirmed_by, delivery.confirmed_why, delivery.champion_type.code) == (
        today,
        None,
        "Imported from deliveries.csv",
        "SSLC",
    )


@pytest.mark.parametrize("reference", ["", "R1"])
def test_the_same_file_again_changes_nothing(world, import_file, reference):
    text = HEADER + f"110195,SSLC,2023-01-18,1,CH-SSLC,confirmed,{reference}\n110195,HLV,2023-01-18,,,delivered,\n"
    import_file("deliveries", text)
    before = list(Delivery.objects.order_by("pk").values()), Event.objects.count()
    result = import_file("deliveries", text)
    assert result.lines == ["deliveries.csv: 0 new, 0 changed, 2 the same, 0 refused."]
    assert (list(Delivery.objects.order_by("pk").values()), Event.objects.count()) == before


def test_two_like_rows_in_one_file_are_two_deliveries_and_stay_two(world, import_file):
    text = HEADER + "110195,SSLC,2023-01-18,0.5,CH-SSLC,delivered,\n" * 2
    import_file("deliveries", text)
    again = import_file("deliveries", text)
    assert (Delivery.objects.count(), again.lines) == (2, ["deliveries.csv: 0 new, 0 changed, 2 the same, 0 refused."])


def test_like_rows_in_another_order_change_nothing(world, import_file):
    rows = ["110195,SSLC,2023-01-18,0.5,CH-SSLC,delivered,\n", "110195,SSLC,2023-01-18,1,CH-SSLC,delivered,\n"]
    import_file("deliveries", HEADER + "".join(rows))
    again = import_file("deliveries", HEADER + "".join(reversed(rows)))
    assert again.lines == ["deliveries.csv: 0 new, 0 changed, 2 the same, 0 refused."]


@pytest.mark.parametrize("reference", ["", "R1"])
def test_a_delivery_moves_on_to_confirmed(world, import_file, reference):
    import_file("deliveries", HEADER + f"110195,SSLC,2023-01-18,1,CH-SSLC,delivered,{reference}\n")
    result = import_file("deliveries", HEADER + f"110195,SSLC,2023-01-18,1,CH-SSLC,confirmed,{reference}\n")
    assert result.lines[0] == "deliveries.csv: 0 new, 1 changed, 0 the same, 0 refused."
    assert stored() == [("SSLC", date(2023, 1, 18), 2, 1, "CH-SSLC", "confirmed")]


@pytest.mark.parametrize("state", ["planned", "delivered"])
def test_what_the_portal_has_confirmed_since_is_not_taken_back(world, import_file, state):
    text = HEADER + f"110195,SSLC,2023-01-18,1,CH-SSLC,{state},R1\n"
    import_file("deliveries", text)
    Delivery.objects.update(state="confirmed", confirmed_on=date(2023, 1, 20))
    assert import_file("deliveries", text).lines == ["deliveries.csv: 0 new, 0 changed, 1 the same, 0 refused."]
    assert stored() == [("SSLC", date(2023, 1, 18), 2, 1, "CH-SSLC", "confirmed")]


def test_a_reference_lets_date_days_and_champion_be_corrected(world, import_file):
    make.champion("SSLC", code="CH9")
    import_file("deliveries", HEADER + "110195,SSLC,2023-01-18,1,CH-SSLC,delivered,R1\n")
    result = import_file("deliveries", HEADER + "110195,SSLC,2023-01-19,0.5,CH9,delivered,R1\n")
    assert (result.code, stored()) == (0, [("SSLC", date(2023, 1, 19), 1, 1, "CH9", "delivered")])


def test_a_confirmed_delivery_is_never_edited(world, import_file):
    import_file("deliveries", HEADER + "110195,SSLC,2023-01-18,1,CH-SSLC,confirmed,R1\n")
    result = import_file("deliveries", HEADER + "110195,SSLC,2023-01-18,0.5,CH-SSLC,confirmed,R1\n")
    assert result.lines[1:] == [
        "  line 2, column days: differs from the confirmed delivery (18 January 2023, 1 day, confirmed): "
        "withdraw that one first, with a reason"
    ]
    assert stored() == [("SSLC", date(2023, 1, 18), 2, 1, "CH-SSLC", "confirmed")]


def test_a_cancelled_delivery_does_not_come_back(world, import_file):
    text = HEADER + "110195,HLV,2023-01-18,,,planned,\n"
    import_file("deliveries", text)
    Delivery.objects.update(state="cancelled", cancelled_why="Snow")
    assert (import_file("deliveries", text).code, Delivery.objects.count()) == (1, 1)


def test_a_reference_belongs_to_one_school(world, import_file):
    make.school(110200)
    import_file("deliveries", HEADER + "110195,HLV,2023-01-18,,,delivered,R1\n")
    result = import_file("deliveries", HEADER + "110200,HLV,2023-01-18,,,delivered,R1\n")
    assert result.lines[1] == (
        "  line 2, column urn: “R1” is 18 January 2023, delivered already: give this row a reference of its own"
    )


BAD_ROWS = [
    ("110196,HLV,2023-01-18,,,planned,", "urn", "110196 is not in the register here: check the URN, or import"),
    ("11019,HLV,2023-01-18,,,planned,", "urn", "“11019” is not a URN: a URN has six figures"),
    ("110195,XXX,2023-01-18,,,planned,", "service", "“XXX” is not a service: the known ones are HLV, SSPC, SSLC"),
    ("110195,HLV,18.1.2023,,,planned,", "date", "“18.1.2023” is not a date such as 2022-09-01 or 01/09/2022"),
    ("110195,HLV,31/02/2023,,,planned,", "date", "“31/02/2023” is not a date such as 2022-09-01 or 01/09/2022"),
    ("110195,HLV,2023-01-18,,,held,", "state", "“held” is not a state: the known ones are planned, delivered"),
    ("110195,HLV,2023-01-18,,,cancelled,", "state", "a delivery is cancelled in the portal, with the reason"),
    ("110195,HLV,,,,planned,", "date", "is empty"),
    ("110195,SSLC,2023-01-18,,CH-SSLC,planned,", "days", "is empty"),
    ("110195,SSLC,2023-01-18,0,CH-SSLC,planned,", "days", "nought days: write at least 0.5"),
    ("110195,SSLC,2023-01-18,-1,CH-SSLC,planned,", "days", "“-1” days is below nought"),
    ("110195,SSLC,2023-01-18,0.3,CH-SSLC,planned,", "days", "“0.3” days is not in steps of half a day"),
    ("110195,SSLC,2023-01-18,1e9999999,CH-SSLC,planned,", "days", "“1e9999999” is not a number of days such as"),
    ("110195,SSLC,2023-01-18,11,CH-SSLC,planned,", "days", "more than 10 days: write a row for each date"),
    ("110195,SSLC,2023-01-18,1,,planned,", "champion", "is empty: say which champion gave the SSLC days"),
    ("110195,SSLC,2023-01-18,1,CH-SSPC,planned,", "champion", "CH-SSPC is of type SSPC, not SSLC"),
    ("110195,SSLC,2023-01-18,1,CH0,planned,", "champion", "“CH0” is not the code of a champion here: import the"),
    ("110195,BESST,2023-01-18,1,CH-SSPC,planned,", "champion", "CH-SSPC is of type SSPC, not BESST"),
    ("110195,CONF,2023-01-18,1.5,,planned,", "days", "“1.5” is not a whole number"),
    ("110195,CONF,2023-01-18,0,,planned,", "days", "CONF counts places: write a number from 1 to 1,000"),
    ("110195,HLV,2999-01-18,,,delivered,", "date", "“2999-01-18” is not a date such as 2022-09-01"),
    ("110195,HLV,2099-01-18,,,delivered,", "date", "18 January 2099 is still to come: only planned support can be"),
]


@pytest.mark.parametrize(("row", "column", "reason"), BAD_ROWS, ids=[reason for _, _, reason in BAD_ROWS])
def test_a_bad_row_is_reported_and_the_good_ones_go_in(world, import_file, row, column, reason):
    result = import_file("deliveries", f"{HEADER}{row}\n110195,RIG,2023-02-01,,,delivered,\n")
    assert (result.code, result.error) == (1, "1 row was refused. The others are in.")
    assert result.lines[1].startswith(f"  line 2, column {column}: {reason}")
    assert stored() == [("RIG", date(2023, 2, 1), 0, 1, None, "delivered")]


def test_a_school_gets_nothing_before_it_opens_or_after_it_closes(world, import_file):
    make.school(110300, name="Old School", status="closed", closed_on=date(2023, 1, 31))
    make.academy(140300, name="New Academy", opened_on=date(2023, 2, 1))
    make.school(110400, name="Private School", type_code="11")
    result = import_file(
        "deliveries",
        HEADER
        + "110300,HLV,2023-02-01,,,delivered,\n140300,HLV,2023-01-31,,,delivered,\n110400,HLV,2023-01-31,,,delivered,\n"
        + "110300,HLV,2023-01-31,,,delivered,\n140300,HLV,2023-02-01,,,delivered,\n",
    )
    assert result.lines == [
        "deliveries.csv: 2 new, 0 changed, 0 the same, 3 refused.",
        "  line 2, column date: Old School (110300) closed on 31 January 2023: use the URN that follows it",
        "  line 3, column date: New Academy (140300) opened only on 1 February 2023",
        "  line 4, column urn: Private School (110400) is neither maintained nor an academy, "
        "so the offer is not for it",
    ]


def test_every_wrong_cell_of_a_row_is_named(world, import_file):
    result = import_file("deliveries", HEADER + "1,XX,tomorrow,,,held,\n")
    assert [line.split(":")[0] for line in result.lines[1:]] == [
        "  line 2, column date",
        "  line 2, column service",
        "  line 2, column state",
        "  line 2, column urn",
    ]
    assert result.error == "1 row was refused."


def test_a_reference_stands_once_in_a_file(world, import_file):
    result = import_file("deliveries", HEADER + "110195,HLV,2023-01-18,,,delivered,R1\n" * 2)
    assert result.lines[1:] == ["  line 3, column reference: “R1” stands in line 2 already"]


def test_strict_writes_all_or_nothing(world, import_file):
    text = HEADER + "110195,HLV,2023-01-18,,,delivered,\n1,HLV,2023-01-18,,,delivered,\n"
    result = import_file("deliveries", text, "--strict")
    assert (result.code, result.error, Delivery.objects.count()) == (1, "1 row was refused.", 0)
    assert result.lines[-1] == "Nothing was written."


def test_a_dry_run_says_what_would_happen_and_writes_nothing(world, import_file):
    result = import_file("deliveries", HEADER + "110195,HLV,2023-01-18,,,delivered,\n", "--dry-run")
    assert result.lines == ["deliveries.csv: 1 new, 0 changed, 0 the same, 0 refused.", "Nothing was written."]
    assert (Delivery.objects.count(), Event.objects.count()) == (0, 0)


def test_an_import_leaves_an_event_for_each_delivery_and_one_for_the_file(world, import_file):
    import_file("deliveries", HEADER + "110195,HLV,2023-01-18,,,delivered,\n110195,HLV,2023-01-19,,,delivered,\n")
    first, second = Delivery.objects.order_by("pk")
    events = Event.objects.order_by("pk").values_list("verb", "subject", "school_urn", "why")
    assert list(events) == [
        ("delivery.imported", f"delivery:{first.pk}", 110195, "Imported from deliveries.csv"),
        ("delivery.imported", f"delivery:{second.pk}", 110195, "Imported from deliveries.csv"),
        ("spreadsheet.imported", "spreadsheet:deliveries", None, ""),
    ]


@pytest.mark.parametrize("reference", ["", "R"])
def test_planning_takes_as_many_queries_for_a_thousand_rows_as_for_one(world, import_file, today, reference):
    def queries(rows: int) -> int:
        lines = (f"110195,HLV,2023-01-18,,,delivered,{reference and f'R{n}'}\n" for n in range(rows))
        sheet = read((HEADER + "".join(lines)).encode(), name="deliveries.csv", layout=LAYOUT)
        with CaptureQueriesContext(connection) as captured:
            plan = DELIVERIES.plan(sheet, today)
        assert plan.counts == {"new": rows, "changed": 0, "same": 0, "refused": 0}
        return len(captured)

    assert (queries(1), queries(1000)) == (7, 7)  # four of them for the year’s allowances; an eighth for champions
