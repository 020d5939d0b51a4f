"""What is done to categories, advisers and appointments, and what is refused."""

from datetime import date

import pytest

from schools.actions import (
    assign_adviser,
    confirm_category,
    propose_category,
    record_appointment,
    withdraw_category,
)
from schools.models import AdviserAssignment, Appointment, CategoryEntry, School
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2023, 1, 10)


def propose(school, starts_on=date(2023, 1, 9), name="Intervention", **rest):
    values = {"category": make.category(name), "reason": "Results fell", "by": make.user("adviser"), "on": TODAY}
    return propose_category(school, starts_on=starts_on, **values | rest)


def confirm(entry, **rest):
    return confirm_category(entry, by=make.user("lead"), on=TODAY, **rest)


def refusal_of(deed, *args, **rest):
    with pytest.raises(Refusal) as refused:
        deed(*args, **rest)
    return refused.value.sentence


def spans(rows, what):
    return [(getattr(row, what), row.started_on, row.ended_on) for row in rows.order_by("started_on")]


def test_s1_a_proposed_category_counts_nothing():
    school = make.school()
    entry = propose(school)
    assert entry.state == CategoryEntry.State.PROPOSED
    assert list(school.category_entries.in_force_on(TODAY)) == []


def test_s1_a_confirmed_category_is_in_force_from_its_day_on():
    school = make.school()
    entry = confirm(propose(school))
    assert list(school.category_entries.in_force_on(date(2023, 1, 8))) == []
    assert list(school.category_entries.in_force_on(date(2023, 1, 9))) == [entry]


def test_s1_a_confirmation_says_who_and_when():
    lead = make.user("lead")
    entry = confirm_category(propose(make.school()), by=lead, on=TODAY)
    assert (entry.confirmed_by, entry.confirmed_at is not None) == (lead, True)


def test_s4_a_raise_in_mid_year_follows_the_category_before_it():
    school = make.school()
    make.categorise(school, "Prevention", date(2022, 9, 1))
    raised = confirm(propose(school))
    assert list(school.category_entries.in_force_on(TODAY)) == [raised]


def test_a_category_cannot_begin_before_the_school_opened():
    school = make.academy(opened_on=date(2023, 2, 1))
    assert refusal_of(propose, school) == f"{school} opened on 1 February 2023. Enter that day or a later one."


def test_a_category_cannot_begin_after_the_school_closed():
    school = make.school(closed_on=date(2023, 1, 8), status=School.Status.CLOSED)
    assert refusal_of(propose, school) == f"{school} closed on 8 January 2023. Enter an earlier date."


def test_a_category_may_begin_on_the_last_day_of_a_school():
    school = make.school(closed_on=date(2023, 1, 9), status=School.Status.CLOSED)
    assert confirm(propose(school)).state == CategoryEntry.State.CONFIRMED


def test_s6_a_school_outside_the_offer_has_no_category():
    school = make.school(type_code="11")
    assert refusal_of(propose, school) == f"{school} is not a state-funded school, so it has no category."


def test_a_school_without_a_date_of_closing_is_closed_all_the_same():
    school = make.school(status=School.Status.CLOSED)
    assert refusal_of(propose, school) == f"{school} is not open on 9 January 2023, so it has no category then."


def test_a_date_beyond_next_academic_year_is_taken_for_a_slip():
    expected = "Enter a date not later than 31 August 2024, the end of next academic year."
    assert refusal_of(propose, make.school(), date(2032, 1, 9)) == expected


def test_a_day_is_proposed_once():
    school = make.school()
    propose(school)
    expected = "A category from 9 January 2023 is proposed already. Confirm or withdraw that one first."
    assert refusal_of(propose, school) == expected


def test_a_day_has_one_confirmed_category():
    school = make.school()
    entry = propose(school)
    make.categorise(school, "Prevention", date(2023, 1, 9))
    expected = "This school has a confirmed category from 9 January 2023 already. Choose another date."
    assert refusal_of(confirm, entry) == expected
    assert refusal_of(propose, make.categorise(make.school(), starts_on=date(2023, 1, 9)).school) == expected


def test_a_category_is_not_put_before_a_later_one():
    school = make.school()
    make.categorise(school, "Prevention", date(2023, 1, 16))
    expected = (
        f"{school} has a confirmed category from 16 January 2023, which is later. "
        "Withdraw that one first, or propose a later date."
    )
    assert refusal_of(confirm, propose(school)) == expected


def test_papers_of_earlier_years_may_come_in_any_order():
    school = make.school()
    later = make.categorise(school, "Prevention", date(2023, 1, 16))
    earlier = confirm(propose(school), in_order=False)
    assert list(school.category_entries.in_force_on(date(2023, 1, 10))) == [earlier]
    assert list(school.category_entries.in_force_on(date(2023, 1, 16))) == [later]


def test_what_was_withdrawn_cannot_be_confirmed():
    entry = withdraw_category(propose(make.school()), why="Typed by mistake", by=make.user("lead"), on=TODAY)
    assert refusal_of(confirm, entry) == "This category is withdrawn already. Propose it again if you need it."


def test_a_category_is_confirmed_once():
    entry = confirm(propose(make.school()))
    assert refusal_of(confirm, entry) == "This category is confirmed already. Propose it again if you need it."


def test_a_refused_confirmation_leaves_no_trail():
    entry = confirm(propose(make.school()))
    before = Event.objects.count()
    refusal_of(confirm, entry)
    assert Event.objects.count() == before


def test_withdrawing_a_confirmed_category_brings_the_one_before_it_back():
    school = make.school()
    former = make.categorise(school, "Prevention", date(2022, 9, 1))
    entry = confirm(propose(school))
    withdraw_category(entry, why="The wrong school", by=make.user("lead"), on=TODAY)
    assert list(school.category_entries.in_force_on(TODAY)) == [former]


def test_a_withdrawal_gives_its_reason_and_happens_once():
    entry, lead = propose(make.school()), make.user("lead")
    assert refusal_of(withdraw_category, entry, why=" ", by=lead, on=TODAY) == "Say why you withdraw this category."
    withdraw_category(entry, why="The wrong school", by=lead, on=TODAY)
    assert refusal_of(withdraw_category, entry, why="Again", by=lead, on=TODAY) == (
        "This category is withdrawn already."
    )


def test_a3_each_deed_on_a_category_leaves_who_and_why():
    school, adviser, lead = make.school(), make.user("adviser"), make.user("lead")
    entry = propose(school, by=adviser)
    confirm_category(entry, by=lead, on=TODAY)
    withdraw_category(entry, why="The wrong school", by=lead, on=TODAY)
    trail = Event.objects.filter(school_urn=school.urn).order_by("id").values_list("verb", "by", "why", "subject")
    assert list(trail) == [
        ("school.category_proposed", adviser.pk, "Results fell", f"school:{school.urn}"),
        ("school.category_confirmed", lead.pk, "Results fell", f"school:{school.urn}"),
        ("school.category_withdrawn", lead.pk, "The wrong school", f"school:{school.urn}"),
    ]


def test_a_new_adviser_ends_the_former_assignment_the_day_before():
    school, lead = make.school(), make.user("lead")
    former, new = make.adviser_of(school), make.user("adviser")
    assign_adviser(school, adviser=new, by=lead, on=date(2023, 1, 10))
    assert spans(AdviserAssignment.objects, "adviser") == [
        (former, date(2020, 9, 1), date(2023, 1, 9)),
        (new, date(2023, 1, 10), None),
    ]


def test_assigning_the_same_adviser_changes_nothing():
    school = make.school()
    adviser = make.adviser_of(school)
    assign_adviser(school, adviser=adviser, by=None, on=TODAY)
    assert spans(AdviserAssignment.objects, "adviser") == [(adviser, date(2020, 9, 1), None)]
    assert Event.objects.count() == 0


def test_an_adviser_chosen_by_mistake_is_replaced_on_the_same_day():
    school, wrong, right = make.school(), make.user("adviser"), make.user("adviser")
    assign_adviser(school, adviser=wrong, by=None, on=TODAY)
    assign_adviser(school, adviser=right, by=None, on=TODAY)
    assert spans(AdviserAssignment.objects, "adviser") == [(right, TODAY, None)]


def test_an_assignment_before_another_ends_the_day_before_it():
    school, first, second = make.school(), make.user("adviser"), make.user("adviser")
    assign_adviser(school, adviser=second, by=None, on=TODAY)
    assign_adviser(school, adviser=first, by=None, on=date(2022, 9, 1))
    assert spans(AdviserAssignment.objects, "adviser") == [
        (first, date(2022, 9, 1), date(2023, 1, 9)),
        (second, TODAY, None),
    ]


@pytest.mark.parametrize("rest", [{"role": "finance"}, {"role": "adviser", "is_active": False}])
def test_only_somebody_who_logs_visits_and_can_sign_in_is_an_adviser(rest):
    person = make.user(name="Sam Field", **rest)
    expected = "Sam Field is not an adviser who can sign in. Choose another person."
    assert refusal_of(assign_adviser, make.school(), adviser=person, by=None, on=TODAY) == expected


def test_a_closed_school_gets_no_adviser():
    school = make.school(closed_on=date(2022, 12, 31), status=School.Status.CLOSED)
    expected = f"{school} closed on 31 December 2022. Choose an earlier date."
    assert refusal_of(assign_adviser, school, adviser=make.user("adviser"), by=None, on=TODAY) == expected


def appoint(school, name, started_on, kind="new to post"):
    return record_appointment(school, head_name=name, kind=kind, started_on=started_on, by=None)


def test_o8_a_new_head_ends_the_former_appointment_the_day_before():
    school = make.school()
    appoint(school, "Ann Lee", date(2022, 3, 1), "interim")
    appoint(school, "Ann Lee", date(2022, 9, 1), "permanent")
    appoint(school, "Bob Ray", date(2023, 4, 17))
    assert spans(Appointment.objects, "head_name") == [
        ("Ann Lee", date(2022, 3, 1), date(2022, 8, 31)),
        ("Ann Lee", date(2022, 9, 1), date(2023, 4, 16)),
        ("Bob Ray", date(2023, 4, 17), None),
    ]


def test_appointments_in_any_order_give_the_same_history():
    school = make.school()
    appoint(school, "Bob Ray", date(2023, 4, 17))
    appoint(school, "Ann Lee", date(2022, 3, 1), "interim")
    appoint(school, "Ann Lee", date(2022, 9, 1), "permanent")
    assert spans(Appointment.objects, "head_name") == [
        ("Ann Lee", date(2022, 3, 1), date(2022, 8, 31)),
        ("Ann Lee", date(2022, 9, 1), date(2023, 4, 16)),
        ("Bob Ray", date(2023, 4, 17), None),
    ]


def test_a_gap_between_two_heads_stays_a_gap():
    school = make.school()
    make.appointment(school, date(2020, 9, 1), head_name="Ann Lee", ended_on=date(2022, 12, 31))
    appoint(school, "Bob Ray", date(2023, 4, 17))
    assert spans(Appointment.objects, "head_name") == [
        ("Ann Lee", date(2020, 9, 1), date(2022, 12, 31)),
        ("Bob Ray", date(2023, 4, 17), None),
    ]


def test_the_same_appointment_again_changes_nothing():
    school = make.school()
    first = appoint(school, "Ann Lee", date(2022, 9, 1))
    before = Event.objects.count()
    assert appoint(school, "Ann Lee", date(2022, 9, 1)) == first
    assert Event.objects.count() == before


def test_a_second_head_from_the_same_day_is_refused():
    school = make.school()
    appoint(school, "Ann Lee", date(2022, 9, 1))
    expected = (
        f"{school} has an appointment from 1 September 2022 already: Ann Lee, new to headship. "
        "Correct that one in the administration."
    )
    assert refusal_of(appoint, school, "Bob Ray", date(2022, 9, 1)) == expected


def test_a_closed_school_gets_no_head():
    school = make.school(closed_on=date(2022, 12, 31), status=School.Status.CLOSED)
    expected = f"{school} closed on 31 December 2022. Enter an earlier date."
    assert refusal_of(appoint, school, "Ann Lee", TODAY) == expected
