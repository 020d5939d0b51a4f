"""Planning, moving and cancelling visits: V1, O8, O13, S6, S7."""

from datetime import date, time

import pytest

from schools.models import School
from sidebyside.audit.models import Event
from sidebyside.mail.models import Dispatch
from sidebyside.refusals import Refusal
from support.balances import balances_of
from support.beyond import Answer, BeyondAllowance, Way
from support.models import Adjustment, Delivery
from tests import make
from tests.visits.cases import DAY
from visits.actions.planning import cancel_visit, move_visit, plan_visit
from visits.models import Visit

pytestmark = pytest.mark.django_db
TODAY = date(2023, 1, 9)


@pytest.fixture
def adviser():
    make.council()
    make.offer_2022()
    make.service("NTH")
    return make.user("adviser")


@pytest.fixture
def school(adviser):
    school = make.school()
    make.categorise(school, "Prevention")
    return school


def plan(school, by, code="HLV", **rest) -> Visit:
    values = {"happens_on": DAY, "adviser": by, "by": by, "on": TODAY}
    return plan_visit(school, service=make.service(code), **values | rest)


def left(school: School, code: str = "HLV") -> int | None:
    return balances_of(School.objects.filter(pk=school.pk), on=DAY)[school.pk].balance(code).left


def test_v1_a_planned_visit_books_its_delivery(school, adviser):
    visit = plan(school, adviser, starts_at=time(9, 30), mode="online")
    delivery = visit.delivery
    assert (delivery.state, delivery.adviser, delivery.happens_on) == ("planned", adviser, DAY)
    assert (visit.starts_at, visit.mode, left(school)) == (time(9, 30), "online", 2)
    assert Event.objects.get().verb == "delivery.planned"


def test_v1_the_school_gets_a_mail_that_says_when_and_who(school, adviser):
    head = make.head(school)
    plan(school, adviser, starts_at=time(9, 30))
    mail = Dispatch.objects.get()
    assert mail.to == [head.email]
    assert "When: Wednesday 18 January 2023, 9:30am\n" in mail.body
    assert f"Who: {adviser.name}" in mail.body


def test_the_mail_goes_only_to_those_who_may_read_visits_there_today(school, adviser):
    make.head(make.school())
    gone = make.head(school)
    gone.memberships.update(ended_on=date(2022, 12, 31))
    away = make.head(school)
    away.is_active = False
    away.save()
    plan(school, adviser)
    assert not Dispatch.objects.exists()


def test_a_visit_in_the_past_is_planned_without_a_mail(school, adviser):
    make.head(school)
    visit = plan(school, adviser, on=date(2023, 1, 19))
    assert (visit.is_planned, Dispatch.objects.count()) == (True, 0)


@pytest.mark.parametrize(
    ("day", "is_refused"),
    [(date(2022, 9, 1), True), (date(2022, 9, 2), False), (DAY, False), (date(2023, 1, 19), True)],
)
def test_s7_a_visit_needs_an_open_school_on_its_day(school, adviser, day, is_refused):
    school.opened_on, school.closed_on, school.status = date(2022, 9, 2), DAY, School.Status.CLOSED
    school.save()
    if is_refused:
        with pytest.raises(Refusal, match="is not open on"):
            plan(school, adviser, happens_on=day)
    else:
        assert plan(school, adviser, happens_on=day).delivery.happens_on == day


def test_s6_a_school_outside_both_sectors_gets_no_visit(adviser):
    with pytest.raises(Refusal, match="neither maintained nor an academy"):
        plan(make.school(type_code="11"), adviser)


def test_o13_beyond_the_allowance_nothing_is_booked_until_somebody_chooses(school, adviser):
    for day in (3, 4, 5):
        make.delivery(school, "HLV", date(2022, 10, day))
    with pytest.raises(BeyondAllowance):
        plan(school, adviser)
    assert Visit.objects.count() == 0
    bought = plan(school, adviser, answer=Answer(Way.PAYS, agreed_with="Ann Reed"))
    assert (bought.delivery.funding, left(school)) == (Delivery.Funding.BOUGHT, 0)
    lead = make.user("lead")
    allowed = plan(school, lead, happens_on=date(2023, 2, 1), answer=Answer(Way.ALLOW, why="A new head"))
    assert (allowed.delivery.funding, Adjustment.objects.get().amount) == (Delivery.Funding.OFFER, 1)


def test_o8_a_new_heads_visit_needs_an_appointment_whose_visit_is_not_used(school, adviser):
    with pytest.raises(Refusal, match="No new headteacher’s appointment") as refused:
        plan(school, adviser, "NTH")
    assert (type(refused.value), refused.value.field) == (Refusal, "service")
    make.appointment(school, date(2022, 9, 1))
    assert plan(school, adviser, "NTH").delivery.service.code == "NTH"
    assert left(school) == 3
    with pytest.raises(Refusal, match="No new headteacher’s appointment"):
        plan(school, adviser, "NTH", happens_on=date(2023, 2, 1))


def test_o8_an_academy_has_the_new_heads_visit_too(adviser):
    academy = make.academy()
    make.categorise(academy)
    make.appointment(academy, date(2022, 9, 1))
    assert plan(academy, adviser, "NTH").is_planned


def test_the_same_visit_is_planned_once_a_day(school, adviser):
    visit = plan(school, adviser)
    with pytest.raises(Refusal, match="on 18 January 2023 already"):
        plan(school, adviser)
    cancel_visit(visit, why="Snow", notice_on=TODAY, by=adviser, on=TODAY)
    assert plan(school, adviser).is_planned


def test_only_visits_are_planned_and_only_by_advisers(school, adviser):
    with pytest.raises(Refusal, match="not planned as a visit"):
        plan(school, adviser, "RIG")
    with pytest.raises(Refusal, match="is not an adviser"):
        plan(school, adviser, adviser=make.user("finance"))


def test_a_visit_moves_with_a_reason_and_the_school_is_told_from_when_to_when(school, adviser):
    make.head(school)
    visit = plan(school, adviser)
    move_visit(visit, happens_on=date(2023, 1, 25), why="The head is away", by=adviser, on=TODAY, mode="online")
    visit.refresh_from_db()
    assert (visit.delivery.happens_on, visit.mode) == (date(2023, 1, 25), "online")
    mail, event = Dispatch.objects.first(), Event.objects.first()
    assert "planned for Wednesday 18 January 2023 has changed" in mail.body
    assert "The head is away" not in mail.body
    assert (event.verb, event.why) == ("delivery.moved", "The head is away")


def test_a_visit_may_move_there_and_back(school, adviser):
    make.head(school)
    visit = plan(school, adviser)
    for day in (date(2023, 1, 25), DAY, date(2023, 1, 25)):
        move_visit(visit, happens_on=day, why="Trains", by=adviser, on=TODAY)
    assert (visit.delivery.happens_on, Dispatch.objects.count()) == (date(2023, 1, 25), 4)


def test_a_move_without_a_reason_is_refused(school, adviser):
    visit = plan(school, adviser)
    with pytest.raises(Refusal, match="Say why it moves"):
        move_visit(visit, happens_on=date(2023, 1, 25), why=" ", by=adviser, on=TODAY)


def test_s10_a_move_into_a_year_without_a_visit_left_asks(school, adviser):
    make.offer(2023)
    for day in (3, 4, 5):
        make.delivery(school, "HLV", date(2023, 10, day))
    visit = plan(school, adviser)
    with pytest.raises(BeyondAllowance):
        move_visit(visit, happens_on=date(2023, 11, 1), why="Later", by=adviser, on=TODAY)


def test_v1_a_cancelled_visit_keeps_its_reason_and_notice_and_frees_what_it_booked(school, adviser):
    make.head(school)
    visit = plan(school, adviser)
    cancel_visit(visit, why="The head is ill", notice_on=date(2023, 1, 13), by=adviser, on=date(2023, 1, 16))
    assert (visit.is_cancelled, visit.days_of_notice(), left(school)) == (True, 5, 3)
    assert visit.delivery.cancelled_why == "The head is ill"
    mail = Dispatch.objects.first()
    assert "will not take place" in mail.body
    assert "The head is ill" not in mail.body


def test_v1_notice_lies_not_in_the_future(school, adviser):
    with pytest.raises(Refusal, match="today or before"):
        cancel_visit(plan(school, adviser), why="Snow", notice_on=DAY, by=adviser, on=TODAY)


def test_a_visit_is_cancelled_once(school, adviser):
    visit = plan(school, adviser)
    cancel_visit(visit, why="Snow", notice_on=TODAY, by=adviser, on=TODAY)
    with pytest.raises(Refusal, match="This is cancelled already"):
        cancel_visit(visit, why="Snow", notice_on=TODAY, by=adviser, on=TODAY)
