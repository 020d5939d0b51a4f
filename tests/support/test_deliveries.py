"""Planning, logging, moving: what a delivery must be (O6, O13, S7, S10)."""

from datetime import date
from decimal import Decimal

import pytest

from schools.models import School
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.deliveries import log_delivery, mark_delivered, move_delivery, plan_day, plan_delivery
from support.balances import balances_of
from support.beyond import Answer, Beyond, BeyondAllowance, Way
from support.models import Adjustment, Delivery, Deployment
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 18)


@pytest.fixture
def broker():
    make.offer_2022()
    make.rates()
    return make.user("lead")


@pytest.fixture
def deployment(broker):
    school = make.school()
    make.categorise(school, "Prevention")
    return make.deployment(school, make.champion("SSPC"))


def log(deployment, by, **rest):
    values = {"happens_on": DAY, "half_days": 2, "summary": "Phonics with Year 1", "on": DAY}
    return log_delivery(deployment, by=by, **values | rest)


def left_of(school: School, code: str, on: date = DAY) -> int | None:
    return balances_of(School.objects.filter(pk=school.pk), on=on)[school.pk].balance(code).left


def test_a_logged_day_counts_at_once_and_leaves_a_trail(deployment, broker):
    delivery = log(deployment, broker)
    assert (delivery.state, delivery.half_days, delivery.funding) == ("delivered", 2, "offer")
    assert left_of(deployment.school, "SSPC/ABLE") == 16
    event = Event.objects.get()
    assert (event.verb, event.school_urn, event.by) == ("delivery.delivered", deployment.school_id, broker)


def test_a_date_to_come_is_planned_not_logged(deployment, broker):
    with pytest.raises(Refusal, match="still to come"):
        log(deployment, broker, happens_on=date(2023, 1, 19))
    assert plan_day(deployment, happens_on=date(2023, 1, 19), half_days=1, by=broker, on=DAY).state == "planned"


@pytest.mark.parametrize("day", [date(2022, 8, 31), date(2023, 9, 1)])
def test_a_day_lies_within_its_deployment(deployment, broker, day):
    with pytest.raises(Refusal, match="1 September 2022 to 31 August 2023"):
        log(deployment, broker, happens_on=day, on=date(2023, 9, 2))


def test_a_closed_school_gets_no_day_after_its_last(deployment, broker):
    school = deployment.school
    school.status, school.closed_on = School.Status.CLOSED, DAY
    school.save()
    assert log(deployment, broker).happens_on == DAY
    with pytest.raises(Refusal, match="is not open on 19 January 2023"):
        log(deployment, broker, happens_on=date(2023, 1, 19), on=date(2023, 2, 1))


def test_a_champion_has_one_day_in_a_day_whatever_the_schools(deployment, broker):
    log(deployment, broker, half_days=1)
    elsewhere = make.school()
    make.categorise(elsewhere, "Prevention")
    other = make.deployment(elsewhere, deployment.champion)
    log(other, broker, half_days=1)
    with pytest.raises(Refusal, match="a whole day on 18 January 2023 already"):
        log(other, broker, half_days=1)


def test_no_half_days_are_no_delivery(deployment, broker):
    with pytest.raises(Refusal, match="half a day or a whole day"):
        log(deployment, broker, half_days=0)


class TestBeyondTheAllowance:
    @pytest.fixture(autouse=True)
    def used_up(self, deployment):
        make.delivery(deployment.school, "ABLE", days="8.5", happens_on=date(2022, 11, 9))

    def test_the_form_is_asked_for_a_choice_with_the_price(self, deployment, broker):
        with pytest.raises(BeyondAllowance) as refused:
            log(deployment, broker)
        beyond = refused.value.beyond
        assert beyond.sentence == "Pupil Champion and ABLE days: 0.5 days left of 9 days."
        assert (amounts(beyond), beyond.price) == ([(1, 1)], "£400.00 (1 day at £400.00 a day)")
        assert not deployment.deliveries.exists()

    def test_what_is_left_can_be_used_without_a_question(self, deployment, broker):
        assert log(deployment, broker, half_days=1).funding == "offer"

    def test_days_later_in_the_year_count_against_a_day_logged_late(self, deployment, broker):
        make.delivery(deployment.school, "ABLE", days="0.5", happens_on=date(2023, 7, 5))
        with pytest.raises(BeyondAllowance):
            log(deployment, broker, half_days=1)

    def test_a_leader_allows_more_with_a_reason_for_the_rest_of_the_year(self, deployment, broker):
        answer = Answer(Way.ALLOW, why="The head has left in the middle of the term")
        assert log(deployment, broker, answer=answer).funding == "offer"
        more = Adjustment.objects.get()
        assert (more.amount, more.service.code, more.allowed_by) == (1, "SSPC", broker)
        assert (more.starts_on, more.ends_on) == (DAY, date(2023, 8, 31))
        assert left_of(deployment.school, "SSPC/ABLE") == 0

    def test_days_that_were_agreed_meanwhile_are_not_taken_back_by_who_allows_more(self, deployment, broker):
        """Who logs has read the deployment before; the days agreed go up and never down."""
        Deployment.objects.update(half_days_agreed=1)
        seen = Deployment.objects.get()
        Deployment.objects.update(half_days_agreed=12)
        log(seen, broker, answer=Answer(Way.ALLOW, why="The head has left"))
        assert Deployment.objects.get().half_days_agreed == 12

    def test_allowing_more_needs_a_reason(self, deployment, broker):
        with pytest.raises(Refusal, match="Say why"):
            log(deployment, broker, answer=Answer(Way.ALLOW))

    def test_a_champion_cannot_allow_more(self, deployment):
        with pytest.raises(Refusal, match="Only a team leader"):
            log(deployment, make.user("champion"), answer=Answer(Way.ALLOW, why="I would like to"))
        assert not Adjustment.objects.exists()

    def test_what_the_school_pays_leaves_its_allowance_alone(self, deployment, broker):
        delivery = log(deployment, broker, answer=Answer(Way.PAYS, agreed_with="Ann Lee, head"))
        assert (delivery.funding, delivery.agreed_with, delivery.agreed_on) == ("bought", "Ann Lee, head", DAY)
        assert left_of(deployment.school, "SSPC/ABLE") == 1

    def test_a_school_pays_only_when_somebody_there_agreed(self, deployment, broker):
        with pytest.raises(Refusal, match="who at the school agreed"):
            log(deployment, broker, answer=Answer(Way.PAYS))

    def test_to_stop_books_nothing(self, deployment, broker):
        with pytest.raises(Refusal, match="Nothing was booked"):
            log(deployment, broker, answer=Answer(Way.STOP))
        assert not deployment.deliveries.exists()


def test_days_beyond_those_agreed_extend_the_deployment_with_a_reason(broker):
    school = make.school()
    make.categorise(school, "Prevention")
    deployment = make.deployment(school, make.champion("SSPC"), half_days_agreed=1)
    with pytest.raises(BeyondAllowance, match=r"0\.5 days beyond the 0\.5 days that were agreed"):
        log(deployment, broker)
    log(deployment, broker, answer=Answer(Way.ALLOW, why="Two more pupils joined"))
    deployment.refresh_from_db()
    assert (deployment.half_days_agreed, Adjustment.objects.count()) == (2, 0)
    assert sorted(Event.objects.values_list("verb", flat=True)) == ["delivery.delivered", "deployment.extended"]


def test_an_academy_buys_its_days_by_nature_so_nothing_is_asked(broker):
    academy = make.academy()
    assert log(make.deployment(academy, make.champion("SSLC")), broker).funding == "offer"


def test_a_category_that_gives_none_asks_at_the_first_half_day(broker):
    school = make.school()
    make.categorise(school, "Enhancement")
    with pytest.raises(BeyondAllowance, match="this school’s category gives it none"):
        log(make.deployment(school, make.champion("SSLC")), broker, half_days=1)


def test_visits_without_a_number_are_never_too_many(broker):
    school = make.school()
    make.categorise(school, "Enhancement")
    for day in range(1, 8):
        plan_delivery(school, service=make.service("HLV"), happens_on=date(2023, 3, day), by=broker, on=DAY)
    assert Delivery.objects.count() == 7


def test_a_fourth_visit_of_a_prevention_school_asks(broker):
    school = make.school()
    make.categorise(school, "Prevention")
    for day in (1, 2, 3):
        plan_delivery(school, service=make.service("HLV"), happens_on=date(2023, 3, day), by=broker, on=DAY)
    with pytest.raises(BeyondAllowance, match="Headline Visit: nothing left of 3 visits"):
        plan_delivery(school, service=make.service("HLV"), happens_on=date(2023, 3, 4), by=broker, on=DAY)


def test_a_planned_visit_is_held_on_another_day_with_a_champion_who_attends(broker):
    school = make.school()
    make.categorise(school, "Intervention")
    visit = plan_delivery(school, service=make.service("HLV"), happens_on=date(2023, 1, 10), by=broker, on=DAY)
    champion = make.champion("SSLC")
    mark_delivered(visit, happens_on=DAY, champion=champion, half_days=1, by=broker, on=DAY)
    assert (visit.state, visit.happens_on, visit.champion_type.code) == ("delivered", DAY, "SSLC")
    assert (left_of(school, "HLV"), left_of(school, "SSLC")) == (4, 35)


def test_what_was_held_is_not_held_twice(broker):
    school = make.school()
    make.categorise(school, "Intervention")
    visit = plan_delivery(school, service=make.service("HLV"), happens_on=DAY, by=broker, on=DAY)
    mark_delivered(Delivery.objects.get(), by=broker, on=DAY)
    with pytest.raises(Refusal, match="This is delivered already"):
        mark_delivered(visit, by=broker, on=DAY)


def test_a_planned_day_moves_and_says_from_where(deployment, broker):
    delivery = plan_day(deployment, happens_on=date(2023, 2, 1), half_days=2, by=broker, on=DAY)
    move_delivery(delivery, happens_on=date(2023, 2, 8), by=broker, on=DAY, why="Snow")
    event = Event.objects.get(verb="delivery.moved")
    assert (delivery.happens_on, event.details["moved_from"], event.why) == (date(2023, 2, 8), "2023-02-01", "Snow")


def amounts(beyond: Beyond) -> list[tuple[int, int]]:
    """What is left and what goes beyond it, line by line."""
    return [(excess.left, excess.over) for excess in beyond.excesses]


def use(school: School, days: str) -> None:
    """Days of the shared pool that are gone, in rows of up to ten."""
    half_days = int(Decimal(days) * 2)
    for place, length in enumerate([18] * (half_days // 18) + [half_days % 18]):
        if length:
            make.delivery(school, "ABLE", date(2022, 11, 9 + place), str(Decimal(length) / 2))


class TestAPlanThatChanges:
    """O13 is asked again when what is changed takes more than the plan had: of another pool, or of a lower ceiling."""

    @pytest.fixture
    def school(self, broker):
        school = make.school()
        make.categorise(school, "Intervention")
        return school

    @pytest.fixture
    def lowered(self, school):
        make.categorise(school, "Prevention", date(2023, 3, 1))
        return school

    def test_another_champions_pool_is_asked_about(self, school, broker):
        """O7: the half day of the champion who attends is drawn from that champion's pool."""
        use(school, "18")
        visit = plan_delivery(
            school, service=make.service("HLV"), happens_on=DAY, champion=make.champion("SSLC"), half_days=1, by=broker,
            on=DAY,
        )  # fmt: skip
        other = make.champion("SSPC")
        with pytest.raises(BeyondAllowance, match="Pupil Champion and ABLE days: nothing left of 18 days"):
            mark_delivered(visit, champion=other, by=broker, on=DAY)
        mark_delivered(visit, champion=other, by=broker, on=DAY, answer=Answer(Way.ALLOW, why="The SSLC was ill"))
        assert (Adjustment.objects.get().amount, Adjustment.objects.get().service.code) == (1, "SSPC")

    def test_the_same_champion_on_the_same_day_is_not_asked_about_again(self, school, broker):
        deployment = make.deployment(school, make.champion("SSPC"))
        use(school, "17")
        planned = plan_day(deployment, happens_on=DAY, half_days=2, by=broker, on=DAY)
        use(school, "1")
        assert mark_delivered(planned, by=broker, on=DAY).state == "delivered"

    def test_a_move_to_where_the_ceiling_is_lower_asks(self, lowered, broker):
        """S5: the ceiling on a date is that of the category in force on it."""
        make.delivery(lowered, "ABLE", days="9", happens_on=date(2022, 11, 9))
        deployment = make.deployment(lowered, make.champion("SSPC"))
        planned = plan_day(deployment, happens_on=date(2023, 2, 1), half_days=2, by=broker, on=DAY)
        with pytest.raises(BeyondAllowance) as refused:
            move_delivery(planned, happens_on=date(2023, 3, 8), by=broker, on=DAY)
        assert amounts(refused.value.beyond) == [(0, 2)]
        assert refused.value.beyond.price == "£400.00 (1 day at £400.00 a day)"

    def test_a_visit_that_moves_there_asks_too(self, lowered, broker):
        hlv = make.service("HLV")
        for day in (1, 2, 3):
            make.delivery(lowered, "HLV", date(2022, 11, day))
        planned = plan_delivery(lowered, service=hlv, happens_on=date(2023, 2, 1), by=broker, on=DAY)
        with pytest.raises(BeyondAllowance, match="Headline Visit: nothing left of 3 visits"):
            move_delivery(planned, happens_on=date(2023, 3, 8), by=broker, on=DAY)

    def test_a_move_that_still_fits_there_asks_nothing(self, lowered, broker):
        make.delivery(lowered, "ABLE", days="8", happens_on=date(2022, 11, 9))
        deployment = make.deployment(lowered, make.champion("SSPC"))
        planned = plan_day(deployment, happens_on=date(2023, 2, 1), half_days=2, by=broker, on=DAY)
        assert move_delivery(planned, happens_on=date(2023, 3, 8), by=broker, on=DAY).happens_on == date(2023, 3, 8)

    def test_a_move_under_the_same_ceiling_asks_nothing_whatever_was_booked_since(self, school, broker):
        deployment = make.deployment(school, make.champion("SSPC"))
        planned = plan_day(deployment, happens_on=date(2023, 2, 1), half_days=2, by=broker, on=DAY)
        use(school, "18")
        assert move_delivery(planned, happens_on=date(2023, 2, 8), by=broker, on=DAY).happens_on == date(2023, 2, 8)

    def test_a_longer_day_asks_about_what_is_added_and_says_the_price_of_all(self, school, broker):
        deployment = make.deployment(school, make.champion("SSPC"))
        use(school, "17.5")
        planned = plan_day(deployment, happens_on=DAY, half_days=1, by=broker, on=DAY)
        with pytest.raises(BeyondAllowance) as refused:
            mark_delivered(planned, half_days=2, by=broker, on=DAY)
        assert amounts(refused.value.beyond) == [(0, 1)]
        assert refused.value.beyond.price == "£400.00 (1 day at £400.00 a day)"
