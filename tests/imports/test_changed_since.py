"""What the portal has done since with a delivery of a spreadsheet: S9, V1, V3, M1."""

from datetime import date

import pytest

from sidebyside.audit.models import Event
from sidebyside.imports.kinds import KINDS
from sidebyside.imports.writing import import_sheet
from sidebyside.mail.models import Dispatch
from support.actions.deliveries import log_delivery
from support.models import Delivery, ImportedRow
from tests import make
from tests.visits.cases import DAY, MOMENT, log
from visits.actions.notes import share_note
from visits.actions.planning import cancel_visit, move_visit, plan_visit
from visits.models import Visit

pytestmark = pytest.mark.django_db
BEFORE = date(2022, 12, 1)
LATER = date(2023, 2, 1)


@pytest.fixture
def school():
    make.council()
    make.offer_2022()
    school = make.school(110195, name="Mill Lane")
    make.categorise(school, "Prevention")
    make.head(school)
    return school


@pytest.fixture
def lead():
    return make.user("lead", name="Ann Reed")


def bring_in(*rows: str, on: date = BEFORE):
    """Import rows of the school as the page does."""
    text = "urn,service,date,days,champion,state,reference\n" + "".join(f"110195,{row}\n" for row in rows)
    make.service("HLV")
    return import_sheet(KINDS["deliveries"], text.encode(), name="visits.csv", by=None, on=on)


def problems(plan) -> list[tuple[str, str]]:
    return [(problem.column, problem.reason) for problem in plan.problems]


def stored() -> list[tuple[date, int, str]]:
    return list(Delivery.objects.order_by("pk").values_list("happens_on", "half_days", "state"))


@pytest.mark.parametrize("reference", ["R1", ""])
def test_s9_the_same_file_again_leaves_a_visit_where_it_was_moved(school, lead, reference):
    row = f"HLV,2023-01-18,,,planned,{reference}"
    bring_in(row)
    move_visit(Visit.objects.get(), happens_on=LATER, why="The head asked", by=lead, on=BEFORE)
    before = Dispatch.objects.count(), Event.objects.count()
    plan = bring_in(row)
    assert (plan.counts, stored()) == ({"new": 0, "changed": 0, "same": 1, "refused": 0}, [(LATER, 0, "planned")])
    assert (Dispatch.objects.count(), Event.objects.count()) == before


@pytest.mark.parametrize("reference", ["R1", ""])
def test_s9_a_file_with_the_day_to_which_it_was_moved_is_the_same_and_goes_on(school, lead, reference):
    bring_in(f"HLV,2023-01-18,,,planned,{reference}")
    move_visit(Visit.objects.get(), happens_on=LATER, why="The head asked", by=lead, on=BEFORE)
    assert bring_in(f"HLV,2023-02-01,,,planned,{reference}").counts["same"] == 1
    assert bring_in(f"HLV,2023-02-01,,,delivered,{reference}", on=LATER).counts["changed"] == 1
    assert stored() == [(LATER, 0, "delivered")]


def test_s9_a_row_that_says_something_new_of_what_was_moved_by_hand_is_refused(school, lead):
    bring_in("HLV,2023-01-18,,,planned,R1")
    move_visit(Visit.objects.get(), happens_on=LATER, why="The head asked", by=lead, on=BEFORE)
    at = f"{Event.objects.get(verb='delivery.moved').at:%-d %B %Y}"
    plan = bring_in("HLV,2023-01-25,,,planned,R1")
    assert problems(plan) == [
        (
            "date",
            f"differs from the portal (1 February 2023, planned), where it was changed on {at} by Ann Reed: "
            "correct this row, or change the delivery there",
        )
    ]
    assert stored() == [(LATER, 0, "planned")]


def test_v3_a_visit_with_a_note_keeps_the_day_on_which_it_was_held(school, lead):
    bring_in("HLV,2023-01-18,,,planned,R1")
    share_note(Visit.objects.get(), log(happens_on=date(2023, 1, 17)), by=lead, on=DAY, at=MOMENT)
    assert problems(bring_in("HLV,2023-01-18,,,delivered,R1", on=DAY)) == [
        (
            "date",
            "differs from the visit (17 January 2023, delivered), whose note is shared: its day and champion stay as "
            "they are",
        )
    ]
    assert bring_in("HLV,2023-01-18,,,planned,R1", on=DAY).counts["same"] == 1
    assert stored() == [(date(2023, 1, 17), 0, "delivered")]


@pytest.mark.parametrize(
    ("row", "column"), [("HLV,2023-01-17,,,delivered,R1", "date"), ("HLV,2023-01-18,1,CH1,delivered,R1", "champion")]
)
def test_v3_nor_does_a_file_move_a_visit_that_it_brought_as_held_once_its_note_is_shared(school, lead, row, column):
    make.champion("SSPC", code="CH1")
    bring_in("HLV,2023-01-18,,,delivered,R1", on=DAY)
    share_note(Visit.objects.get(), log(), by=lead, on=DAY, at=MOMENT)
    assert [problem.column for problem in bring_in(row, on=DAY).problems] == [column]
    assert stored() == [(DAY, 0, "delivered")]


def test_s9_without_a_change_by_hand_a_corrected_row_corrects_the_delivery(school):
    bring_in("HLV,2023-01-18,,,planned,R1")
    bring_in("HLV,2023-01-25,,,planned,R1")
    assert bring_in("HLV,2023-02-01,,,planned,R1").counts["changed"] == 1
    assert stored() == [(LATER, 0, "planned")]


def test_a_row_keeps_what_it_said_last(school):
    bring_in("HLV,2023-01-18,,,planned,R1")
    bring_in("HLV,2023-01-25,,,delivered,R1", on=LATER)
    said = ImportedRow.objects.values_list("happens_on", "champion", "half_days", "units", "state", "is_origin")
    assert list(said) == [(date(2023, 1, 25), None, 0, 1, "delivered", True)]


@pytest.fixture
def planned_here(school, lead):
    """A visit that was planned in the portal."""
    return plan_visit(school, service=make.service("HLV"), happens_on=DAY, adviser=lead, by=lead, on=BEFORE)


@pytest.mark.parametrize("reference", ["R9", ""])
def test_s9_a_visit_that_was_planned_here_gets_the_row_and_no_second_one(planned_here, reference):
    row = f"HLV,2023-01-18,,,planned,{reference}"
    plan = bring_in(row)
    assert (plan.counts["new"], plan.counts["changed"], bring_in(row).counts["same"]) == (0, 1, 1)
    assert list(Delivery.objects.values_list("pk", "reference")) == [(planned_here.delivery_id, reference)]
    assert [entry.text for entry in plan.entries] == [
        "HLV at Mill Lane (110195) on 18 January 2023, planned "
        "(in the portal already, 18 January 2023, planned: this row is kept with it)"
    ]
    assert plan.notes == [
        "1 row is in the portal already: nothing is made twice, and the file’s reference is kept with what is there."
    ]


def test_s9_once_it_has_the_row_it_can_be_moved_and_the_same_file_finds_it(planned_here, lead):
    bring_in("HLV,2023-01-18,,,planned,")
    move_visit(Visit.objects.get(), happens_on=LATER, why="The head asked", by=lead, on=BEFORE)
    assert bring_in("HLV,2023-01-18,,,planned,").counts["same"] == 1
    assert stored() == [(LATER, 0, "planned")]


def test_s9_a_row_that_gets_a_reference_later_stays_the_same_delivery(school):
    bring_in("HLV,2023-01-18,,,planned,")
    bring_in("HLV,2023-01-18,,,planned,R1")
    assert list(Delivery.objects.values_list("reference", flat=True)) == ["R1"]


def test_s9_a_visit_that_took_place_meanwhile_keeps_what_the_portal_says_of_it(planned_here, lead):
    share_note(planned_here, log(), by=lead, on=DAY, at=MOMENT)
    bring_in("HLV,2023-01-18,,,planned,R9", on=DAY)
    assert list(Delivery.objects.values_list("reference", "state")) == [("R9", "delivered")]


def test_v1_a_row_with_a_reference_is_not_the_visit_that_was_cancelled_here(planned_here, lead):
    cancel_visit(planned_here, why="Snow", notice_on=BEFORE, by=lead, on=BEFORE)
    assert bring_in("HLV,2023-01-18,,,planned,R9").counts["new"] == 1


def test_s9_a_row_says_nothing_new_of_what_was_entered_here(school, lead):
    make.delivery(school, "SSPC", DAY, state="delivered", champion=make.champion("SSPC", code="CH9"))
    assert problems(bring_in("SSPC,2023-01-18,0.5,CH9,delivered,R9", on=DAY)) == [
        (
            "days",
            "differs from the portal (18 January 2023, 1 day, delivered), where it was entered: correct this row, or "
            "change the delivery there",
        )
    ]


class TestConfirming:
    """M1: the head confirms, or a broker with a reason; a file confirms what a file brought."""

    def test_m1_a_file_does_not_confirm_what_was_logged_here(self, school, lead):
        deployment = make.deployment(school, make.champion("SSPC", code="CH9"))
        log_delivery(deployment, happens_on=DAY, half_days=2, summary="Reading", by=lead, on=DAY)
        at = f"{Event.objects.get(verb='delivery.delivered').at:%-d %B %Y}"
        assert problems(bring_in("SSPC,2023-01-18,1,CH9,confirmed,", on=DAY)) == [
            (
                "state",
                f"this delivery was entered in the portal on {at} by Ann Reed: the school confirms it there, or the "
                "team leader with a reason; write “delivered”",
            )
        ]
        assert stored() == [(DAY, 2, "delivered")]

    def test_m1_nor_once_a_row_is_kept_with_it(self, school, lead):
        deployment = make.deployment(school, make.champion("SSPC", code="CH9"))
        log_delivery(deployment, happens_on=DAY, half_days=2, summary="Reading", by=lead, on=DAY)
        bring_in("SSPC,2023-01-18,1,CH9,delivered,R9", on=DAY)
        assert bring_in("SSPC,2023-01-18,1,CH9,confirmed,R9", on=DAY).counts["refused"] == 1
        assert stored() == [(DAY, 2, "delivered")]

    def test_m1_nor_a_visit_of_a_file_that_was_held_here(self, school, lead):
        bring_in("HLV,2023-01-18,,,planned,R1")
        share_note(Visit.objects.get(), log(), by=lead, on=DAY, at=MOMENT)
        assert bring_in("HLV,2023-01-18,,,confirmed,R1", on=DAY).counts["refused"] == 1
        assert stored() == [(DAY, 0, "delivered")]

    def test_m1_it_confirms_what_a_file_brought(self, school):
        bring_in("HLV,2023-01-18,,,planned,R1")
        bring_in("HLV,2023-01-18,,,delivered,R1", on=DAY)
        assert bring_in("HLV,2023-01-18,,,confirmed,R1", on=DAY).counts["changed"] == 1
        assert stored() == [(DAY, 0, "confirmed")]
