"""O13: the room that a leader allows for a delivery follows it, and every line that it exceeds is asked about."""

from datetime import date

import pytest

from schools.models import School
from sidebyside.audit.models import Event
from support.actions.deliveries import mark_delivered, move_delivery, plan_delivery
from support.balances import balances_of
from support.beyond import Answer, BeyondAllowance, Way
from support.models import Adjustment, Delivery
from tests import make
from tests.visits.cases import MOMENT, log
from visits.actions.notes import share_note
from visits.actions.planning import plan_visit

pytestmark = pytest.mark.django_db
ON = date(2023, 6, 1)
ALLOWED = Answer(Way.ALLOW, why="The head has left")


@pytest.fixture
def school():
    make.council()
    make.offer_2022()
    make.offer(2023)
    make.rates()
    school = make.school(name="Mill Lane")
    make.categorise(school, "Prevention")
    make.categorise(school, "Prevention", date(2023, 9, 1))
    return school


@pytest.fixture
def lead():
    return make.user("lead")


@pytest.fixture
def fourth_visit(school, lead):
    """A visit for which a leader allowed one more than the three."""
    for day in (1, 2, 3):
        make.visit(school, date(2023, 3, day))
    values = {"service": make.service("HLV"), "happens_on": date(2023, 7, 10), "adviser": lead}
    return plan_delivery(school, **values, by=lead, on=ON, answer=ALLOWED)


@pytest.fixture
def long_day(school, lead):
    """A day beyond the nine, all of it allowed."""
    make.delivery(school, "SSPC", date(2023, 3, 1), days="9")
    values = {"service": make.service("SSPC"), "happens_on": date(2023, 6, 5), "half_days": 2}
    return plan_delivery(school, **values, champion=make.champion("SSPC"), by=lead, on=ON, answer=ALLOWED)


def balance(school, code: str, day: date):
    return balances_of(School.objects.filter(pk=school.pk), on=day)[school.pk].balance(code)


def rooms() -> list[tuple[int, date]]:
    return list(Adjustment.objects.order_by("pk").values_list("amount", "starts_on"))


class TestRoomFollowsItsDelivery:
    def test_a_move_to_the_next_year_takes_it_back(self, school, lead, fourth_visit):
        move_delivery(fourth_visit, happens_on=date(2023, 9, 20), by=lead, on=ON)
        assert (rooms(), balance(school, "HLV", ON).left) == ([(1, ON), (-1, ON)], 0)
        back = Adjustment.objects.latest("pk")
        assert (back.delivery, back.allowed_by) == (fourth_visit, lead)
        assert back.reason == "No longer needed, for this has changed: Headline Visit, 20 September 2023."

    def test_a_move_within_the_year_leaves_it_and_asks_nothing(self, school, fourth_visit):
        adviser = make.adviser_of(school)
        move_delivery(fourth_visit, happens_on=date(2023, 7, 12), by=adviser, on=ON)
        assert rooms() == [(1, ON)]

    def test_a_move_to_before_it_began_makes_it_anew_in_its_leaders_name(self, school, lead, fourth_visit):
        adviser, earlier = make.adviser_of(school), date(2023, 5, 1)
        move_delivery(fourth_visit, happens_on=earlier, by=adviser, on=ON)
        assert rooms() == [(1, ON), (-1, ON), (1, earlier)]
        assert list(Adjustment.objects.values_list("allowed_by", flat=True).order_by("pk")) == [
            lead.pk,
            adviser.pk,
            lead.pk,
        ]
        assert (balance(school, "HLV", earlier).left, balance(school, "HLV", ON).left) == (0, 0)

    def test_where_something_else_was_cancelled_it_is_not_needed_any_more(self, school, lead, fourth_visit):
        Delivery.objects.filter(happens_on=date(2023, 3, 1)).update(state="cancelled", cancelled_why="Snow")
        move_delivery(fourth_visit, happens_on=date(2023, 7, 12), by=lead, on=ON)
        assert (rooms(), balance(school, "HLV", date(2023, 7, 12)).left) == ([(1, ON), (-1, ON)], 0)

    def test_a_shorter_day_takes_back_what_it_does_not_need(self, school, lead, long_day):
        day = date(2023, 6, 5)
        mark_delivered(long_day, half_days=1, by=lead, on=day)
        assert (rooms(), balance(school, "SSPC/ABLE", day).left) == ([(2, ON), (-2, ON), (1, ON)], 0)

    def test_it_is_taken_back_once(self, lead, fourth_visit):
        for day in (date(2023, 9, 20), date(2023, 9, 21)):
            move_delivery(fourth_visit, happens_on=day, by=lead, on=ON)
        assert len(rooms()) == 2

    def test_back_again_it_is_asked_about_again(self, lead, fourth_visit):
        move_delivery(fourth_visit, happens_on=date(2023, 9, 20), by=lead, on=ON)
        with pytest.raises(BeyondAllowance, match="nothing left of 3 visits"):
            move_delivery(fourth_visit, happens_on=date(2023, 7, 10), by=lead, on=ON)
        assert len(rooms()) == 2

    def test_a_longer_day_asks_about_what_is_added_only(self, lead, school):
        make.delivery(school, "SSPC", date(2023, 3, 1), days="9")
        values = {"service": make.service("SSPC"), "happens_on": date(2023, 6, 5), "half_days": 1}
        day = plan_delivery(school, **values, champion=make.champion("SSPC"), by=lead, on=ON, answer=ALLOWED)
        with pytest.raises(BeyondAllowance) as refused:
            mark_delivered(day, half_days=2, by=lead, on=date(2023, 6, 5))
        assert [excess.over for excess in refused.value.beyond.excesses] == [1]
        answer = Answer(Way.PAYS, agreed_with="Ann Lee, head")
        mark_delivered(day, half_days=2, by=lead, on=date(2023, 6, 5), answer=answer)
        assert (day.funding, rooms()) == ("bought", [(1, ON), (-1, ON)])


class TestEveryLineIsAsked:
    """A visit with a champion draws on the visits and on the champion's pool (O7)."""

    @pytest.fixture
    def visit(self, school, lead):
        for day in (1, 2, 3):
            make.visit(school, date(2023, 3, day))
        make.delivery(school, "SSPC", date(2023, 3, 1), days="9")
        return plan_visit(
            school, service=make.service("HLV"), happens_on=date(2023, 9, 20), adviser=lead, by=lead, on=ON
        )

    def share(self, visit, lead, answer=None):
        day = date(2023, 6, 7)
        seen = log(happens_on=day, champion=make.champion("SSPC"), half_days=2)
        return share_note(visit, seen, by=lead, on=day, at=MOMENT, answer=answer)

    def test_the_question_names_them_all(self, visit, lead):
        with pytest.raises(BeyondAllowance) as refused:
            self.share(visit, lead)
        assert refused.value.sentence == (
            "Headline Visit: nothing left of 3 visits. Pupil Champion and ABLE days: nothing left of 9 days. "
            "Say what should happen."
        )

    def test_to_allow_it_makes_room_in_each(self, school, visit, lead):
        self.share(visit, lead, ALLOWED)
        made = Adjustment.objects.values_list("service__code", "amount", "delivery", "reason")
        assert sorted(made) == [
            ("HLV", 1, visit.delivery_id, "The head has left"),
            ("SSPC", 2, visit.delivery_id, "The head has left"),
        ]
        assert [balance(school, code, date(2023, 6, 7)).over for code in ("HLV", "SSPC/ABLE")] == [0, 0]
        assert Event.objects.filter(verb="adjustment.allowed").count() == 2
