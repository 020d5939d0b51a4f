"""Importing links between schools: rules S7 and S9."""

from datetime import date

import pytest

from schools.importing import apply_register, plan_register
from schools.models import School, SchoolLink
from sidebyside.refusals import Refusal
from tests.schools import register

pytestmark = pytest.mark.django_db
BOTH = register.schools({"URN": "110195"}, {"URN": "140001"})
MIRROR = {"URN": "140001", "LinkURN": "110195", "LinkType": "Predecessor"}


def standing():
    return [(link.urn, link.linked_urn, link.kind) for link in SchoolLink.objects.order_by("urn", "linked_urn")]


def test_links_are_kept_as_the_register_has_them():
    register.bring(BOTH, register.links({"LinkType": "Successor - merged", "LinkEstablishedDate": "01-03-2024"}))
    link = SchoolLink.objects.get()
    assert (link.urn, link.linked_urn, link.kind) == (110195, 140001, "successor")
    assert (link.detail, link.established_on) == ("Successor - merged", date(2024, 3, 1))


def test_a_link_may_lead_to_a_school_that_is_not_here():
    register.bring(register.schools(), register.links())
    assert standing() == [(110195, 140001, "successor")]


def test_a_link_between_schools_that_are_not_here_is_left_out():
    plan = register.bring(register.schools(), register.links({"URN": "120000", "LinkURN": "120001"}))
    assert standing() == []
    assert plan.notes == ["1 link between schools that are not here left out."]


def test_a_link_that_the_register_has_withdrawn_is_removed():
    register.bring(BOTH, register.links({}, MIRROR))
    plan = register.bring(BOTH, register.links({}))
    assert [str(link) for link in plan.links_removed.values()] == ["140001 has the predecessor 110195"]
    assert standing() == [(110195, 140001, "successor")]


def test_links_of_schools_outside_the_files_are_left_alone():
    register.bring(BOTH, register.links({}, MIRROR))
    register.bring(register.schools({"URN": "110300"}), register.links({"URN": "110300", "LinkURN": "140002"}))
    assert standing() == [(110195, 140001, "successor"), (110300, 140002, "successor"), (140001, 110195, "predecessor")]


def test_without_a_links_file_links_stay():
    register.bring(BOTH, register.links())
    register.bring(BOTH)
    assert standing() == [(110195, 140001, "successor")]


def test_a_link_whose_date_moves_is_replaced():
    register.bring(BOTH, register.links({"LinkEstablishedDate": "01-09-2023"}))
    register.bring(BOTH, register.links({"LinkEstablishedDate": ""}))
    assert [link.established_on for link in SchoolLink.objects.all()] == [None]


def test_bad_links_are_reported_and_the_good_ones_go_in():
    plan = register.bring(
        BOTH,
        register.links(
            {"LinkURN": "14"},
            {"LinkEstablishedDate": "31-02-2023"},
            {"LinkURN": "110195"},
            {},
            {"LinkType": "Successor - merged"},
            {"LinkType": "Sixth Form Centre Link"},
        ),
    )
    assert [str(bad) for bad in plan.bad_rows] == [
        "links, line 2, LinkURN: “14” is not a URN: six digits.",
        "links, line 3, LinkEstablishedDate: “31-02-2023” is not a date such as 31-01-2023 or 31/01/2023.",
        "links, line 4, LinkURN: The school is linked to itself.",
        "links, line 6, LinkURN: This link stands on line 5 already.",
    ]
    assert plan.notes == [
        "1 link left out: neither predecessor nor successor, such as sixth form centres and amalgamations that do not "
        "say which school came first."
    ]
    assert standing() == [(110195, 140001, "successor")]


def test_with_an_authority_the_links_that_touch_its_schools_are_taken():
    schools = register.schools({"URN": "110195"}, {"URN": "120000", "LA (code)": "826"})
    plan = plan_register(
        schools, register.links({"URN": "120000", "LinkURN": "110195"}, {"URN": "120000"}), authority="825"
    )
    assert [str(link) for link in plan.links_added] == ["120000 has the successor 110195"]


def test_a_plan_that_another_import_has_overtaken_is_refused_whole():
    plan = plan_register(register.schools({"EstablishmentName": "Overtaken"}), register.links())
    register.bring(BOTH, register.links())
    with pytest.raises(Refusal) as refused:
        apply_register(plan, by=None)
    assert refused.value.sentence == "Another import has gone in since this preview was made. Preview it again."
    assert School.objects.get(urn=110195).name == "Hill School"
