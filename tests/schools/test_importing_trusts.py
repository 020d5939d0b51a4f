"""Importing trusts and dated memberships: rule S8, and that a trust makes no academy (S6)."""

from datetime import date

import pytest

from schools.importing import plan_register
from schools.models import School, Trust, TrustMembership
from sidebyside.audit.models import Event
from tests.schools import register

pytestmark = pytest.mark.django_db
ACADEMY = register.schools({"URN": "140001", "TypeOfEstablishment (code)": "34"})
OTHER = {"Group UID": "3000", "Group Name": "RIVER TRUST", "Joined date": "01/01/2023"}


def memberships():
    rows = TrustMembership.objects.order_by("joined_on", "pk").values_list("trust__name", "joined_on", "left_on")
    return list(rows)


def test_an_academy_joins_the_trust_that_the_file_names_from_its_joining_date():
    register.bring(ACADEMY, trusts=register.trusts())
    trust = Trust.objects.get()
    assert (trust.uid, trust.group_id, trust.name, trust.companies_house_number, trust.kind, trust.is_open) == (
        2104,
        "TR00043",
        "MILL LANE TRUST",
        "07916763",
        "Multi-academy trust",
        True,
    )
    assert memberships() == [("MILL LANE TRUST", date(2020, 9, 1), None)]


def test_an_academy_that_changes_trust_leaves_the_old_one_on_the_day_before():
    register.bring(ACADEMY, trusts=register.trusts())
    register.bring(ACADEMY, trusts=register.trusts(OTHER))
    assert memberships() == [
        ("MILL LANE TRUST", date(2020, 9, 1), date(2022, 12, 31)),
        ("RIVER TRUST", date(2023, 1, 1), None),
    ]
    assert [event.details["membership"] for event in Event.objects.filter(school_urn=140001).order_by("pk")] == [
        "140001 in MILL LANE TRUST from 1 September 2020 to 31 December 2022",
        "140001 in RIVER TRUST from 1 January 2023",
    ]


def test_the_same_trusts_after_a_move_change_nothing():
    for file in (register.trusts(), register.trusts(OTHER)):
        register.bring(ACADEMY, trusts=file)
    assert plan_register(ACADEMY, trusts=register.trusts(OTHER)).is_empty


def test_an_older_file_does_not_take_an_academy_back_to_the_trust_that_it_left():
    for file in (register.trusts(), register.trusts(OTHER)):
        register.bring(ACADEMY, trusts=file)
    assert plan_register(ACADEMY, trusts=register.trusts()).is_empty


def test_a_corrected_joining_date_is_taken_over():
    register.bring(ACADEMY, trusts=register.trusts())
    register.bring(ACADEMY, trusts=register.trusts({"Joined date": "01/10/2020"}))
    assert memberships() == [("MILL LANE TRUST", date(2020, 10, 1), None)]


def test_an_academy_that_the_file_no_longer_names_stays_in_its_trust():
    both = register.schools({"URN": "140001"}, {"URN": "140002"})
    register.bring(both, trusts=register.trusts({}, {"Academy URN": "140002"}))
    plan = register.bring(both, trusts=register.trusts({"Academy URN": "140002"}))
    assert plan.is_empty
    assert plan.notes == ["In a trust here but not in trusts, so they stay in their trust: 140001."]
    assert len(memberships()) == 2


def test_a_trust_that_closes_ends_its_memberships():
    register.bring(ACADEMY, trusts=register.trusts())
    register.bring(ACADEMY, trusts=register.trusts({"Group Status": "Closed", "Closed Date": "31/08/2023"}))
    assert memberships() == [("MILL LANE TRUST", date(2020, 9, 1), date(2023, 8, 31))]
    assert Trust.objects.get().is_open is False


def test_a_trust_does_not_make_an_academy():
    foundation = register.schools({"URN": "110488", "TypeOfEstablishment (code)": "05"})
    register.bring(foundation, trusts=register.trusts({"Academy URN": "110488", "Group Type": "Trust"}))
    assert (School.objects.get().sector, memberships()) == ("maintained", [])


def test_a_trust_is_renamed_field_by_field():
    register.bring(ACADEMY, trusts=register.trusts())
    plan = register.bring(ACADEMY, trusts=register.trusts({"Group Name": "Mill Lane Academy Trust"}))
    assert [str(change) for change in plan.trusts] == [
        "2104 Mill Lane Academy Trust: name: “MILL LANE TRUST” → “Mill Lane Academy Trust”"
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({**OTHER, "Joined date": ""}, "It does not say when the academy left MILL LANE TRUST."),
        (
            {**OTHER, "Joined date": "01/09/2020"},
            "Here the academy joined MILL LANE TRUST on 1 September 2020, which is no earlier.",
        ),
        ({"Closed Date": "01/01/2020"}, "The trust closed before the academy joined it."),
    ],
)
def test_a_membership_that_contradicts_what_is_here_is_a_bad_row(row, reason):
    register.bring(ACADEMY, trusts=register.trusts())
    plan = register.bring(ACADEMY, trusts=register.trusts(row))
    assert [str(bad) for bad in plan.bad_rows] == [f"trusts, line 2, Joined date: {reason}"]
    assert memberships() == [("MILL LANE TRUST", date(2020, 9, 1), None)]


def test_an_academy_stands_in_the_file_once():
    plan = register.bring(ACADEMY, trusts=register.trusts({}, OTHER))
    assert [str(bad) for bad in plan.bad_rows] == ["trusts, line 3, Academy URN: 140001 stands on line 2 already."]


def test_academies_that_are_not_here_are_left_out():
    plan = register.bring(ACADEMY, trusts=register.trusts({}, {**OTHER, "Academy URN": "150000"}))
    assert plan.notes == ["1 row of trusts left out: no school here, or no academy trust."]
    assert Trust.objects.count() == 1


def test_an_academy_whose_own_row_is_bad_joins_no_trust():
    impossible = {"URN": "140002", "OpenDate": "01-09-2014", "CloseDate": "31-08-2014"}
    plan = register.bring(
        register.schools({"URN": "110195"}, impossible), trusts=register.trusts({"Academy URN": "140002"})
    )
    assert len(plan.bad_rows) == 1
    assert memberships() == []
