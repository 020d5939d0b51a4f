"""Making, ending and moving deployments, and the champions behind them (S7)."""

from datetime import date

import pytest

from schools.models import School, SchoolLink
from sidebyside.audit.models import Event
from sidebyside.mail.models import Dispatch
from sidebyside.refusals import Refusal
from support.actions.champions import change_champion, register_champion, suggested_code
from support.actions.deliveries import log_delivery
from support.actions.deployments import end_deployment, make_deployment, move_deployment
from support.models import Deployment
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 18)


@pytest.fixture
def broker():
    return make.user("lead")


def agree(champion, school, by, **rest):
    values = {"focus": "Early reading", "half_days_agreed": 10, "starts_on": date(2022, 9, 1), "on": DAY}
    values["ends_on"] = date(2023, 7, 21)
    return make_deployment(champion, school=school, by=by, **values | rest)


def test_an_agreement_leaves_a_trail(broker):
    deployment = agree(make.champion(), make.school(), broker)
    assert (deployment.state, deployment.half_days_agreed) == ("agreed", 10)
    assert (Event.objects.get().verb, Event.objects.get().by) == ("deployment.agreed_on_paper", broker)


def test_a_champion_does_not_support_the_own_school(broker):
    champion = make.champion()
    with pytest.raises(Refusal, match="is the home school"):
        agree(champion, champion.home_school, broker, override="They want it")


def test_the_own_school_stays_the_own_school_after_a_conversion(broker):
    champion = make.champion()
    academy = make.academy()
    SchoolLink.objects.create(urn=academy.urn, linked_urn=champion.home_school_id, kind="predecessor")
    with pytest.raises(Refusal, match="is the home school"):
        agree(champion, academy, broker)


def test_a_school_of_the_same_trust_needs_a_reason(broker):
    home, other = make.academy(), make.academy()
    make.trust(home, other, name="Mill Lane Academy Trust")
    champion = make.champion(home=home)
    with pytest.raises(Refusal, match="both in Mill Lane Academy Trust"):
        agree(champion, other, broker)
    agree(champion, other, broker, override="Nobody else knows the system")
    assert Event.objects.get().why == "Nobody else knows the system"


def test_a_school_of_the_same_federation_needs_a_reason(broker):
    champion = make.champion(home=make.school(federation="The Vale Federation"))
    with pytest.raises(Refusal, match="The Vale Federation"):
        agree(champion, make.school(federation="The Vale Federation"), broker)


def test_the_school_hears_once_which_booked_days_an_ended_deployment_will_not_bring(broker):
    make.council()
    school = make.school()
    head, deployment = make.head(school), make.deployment(school)
    for day in (date(2023, 2, 8), date(2023, 2, 1)):
        make.delivery(school, happens_on=day, state="planned", champion=deployment.champion, deployment=deployment)
    end_deployment(deployment, why="Ill", by=broker, on=DAY)
    mail = Dispatch.objects.get()
    assert (mail.to, mail.subject) == ([head.email], f"Ended: {deployment}")
    assert "- Wednesday 1 February 2023\n- Wednesday 8 February 2023\n" in mail.body
    assert "Ill" not in mail.body


def test_nobody_is_written_to_when_an_ended_deployment_had_no_day_booked(broker):
    make.council()
    end_deployment(make.deployment(make.head(make.school()).memberships.get().school), why="Ill", by=broker, on=DAY)
    assert Dispatch.objects.count() == 0


def test_m16_nobody_is_deployed_beyond_the_last_day_on_which_the_home_school_lends(broker):
    champion = make.champion()
    champion.lendings.update(ends_on=date(2023, 3, 31))
    with pytest.raises(Refusal, match=r"lends .* until 31 March 2023\. End the deployment by then"):
        agree(champion, make.school(), broker)
    assert agree(champion, make.school(), broker, ends_on=date(2023, 3, 31)).state == "agreed"


def test_m16_another_school_may_go_on_lending(broker):
    champion = make.champion()
    champion.lendings.update(ends_on=date(2023, 3, 31))
    champion.lendings.create(school=make.school(), starts_on=date(2023, 4, 1))
    assert agree(champion, make.school(), broker).state == "agreed"


def test_a_school_that_closes_before_the_end_is_refused(broker):
    school = make.school(closed_on=date(2023, 1, 31), status=School.Status.CLOSED)
    with pytest.raises(Refusal, match="closes before 21 July 2023"):
        agree(make.champion(), school, broker)


def test_an_inactive_champion_and_no_days_are_refused(broker):
    with pytest.raises(Refusal, match="cannot be deployed"):
        agree(make.champion(is_active=False), make.school(), broker)
    with pytest.raises(Refusal, match="at least half a day"):
        agree(make.champion(), make.school(), broker, half_days_agreed=0)


def test_the_same_focus_at_the_same_time_needs_a_reason(broker):
    champion, school = make.champion(), make.school()
    agree(champion, school, broker, ends_on=date(2022, 12, 16))
    agree(champion, school, broker, starts_on=date(2022, 12, 17))
    agree(champion, school, broker, focus="Fractions")
    with pytest.raises(
        Refusal, match="for Early reading already, from 1 September 2022 to 16 December 2022"
    ) as refused:
        agree(champion, school, broker, focus="early reading", starts_on=date(2022, 12, 16))
    assert (refused.value.field, Deployment.objects.count()) == ("override", 3)
    agree(champion, school, broker, override="Two year groups")
    assert Event.objects.first().why == "Two year groups"


def test_one_that_has_ended_is_no_second_one(broker):
    champion, school = make.champion(), make.school()
    for state in ("ended", "cancelled"):
        make.deployment(school, champion, state=state)
    assert agree(champion, school, broker).state == "agreed"


def test_more_days_than_fit_and_an_end_in_the_next_year_are_refused(broker):
    with pytest.raises(Refusal, match="only 0 working days"):
        agree(make.champion(), make.school(), broker, starts_on=date(2022, 9, 3), ends_on=date(2022, 9, 4))
    with pytest.raises(Refusal, match="within one academic year"):
        agree(make.champion(), make.school(), broker, ends_on=date(2023, 9, 1))


def test_ending_keeps_what_was_delivered_and_cancels_what_was_planned(broker):
    deployment = agree(make.champion(), make.school(), broker)
    shared = {"champion": deployment.champion, "deployment": deployment}
    make.delivery(deployment.school, happens_on=date(2023, 1, 11), **shared)
    planned = make.delivery(deployment.school, happens_on=date(2023, 2, 1), state="planned", **shared)
    end_deployment(deployment, why="The aims are met", by=broker, on=DAY)
    planned.refresh_from_db()
    assert (deployment.state, deployment.ends_on, planned.state) == ("ended", DAY, "cancelled")
    with pytest.raises(Refusal, match="has ended already"):
        end_deployment(deployment, why="Again", by=broker, on=DAY)


def test_a_deployment_without_any_day_is_cancelled_and_takes_no_more(broker):
    deployment = agree(make.champion(), make.school(), broker)
    end_deployment(deployment, why="The champion has left", by=broker, on=DAY)
    assert deployment.state == "cancelled"
    with pytest.raises(Refusal, match="was cancelled"):
        log_delivery(deployment, happens_on=DAY, half_days=1, summary="Reading", by=broker, on=DAY)


class TestConversion:
    """S7: the old URN keeps what was delivered, the new one gets the days that are left."""

    @pytest.fixture
    def old(self):
        return make.school(closed_on=date(2023, 1, 31), status=School.Status.CLOSED)

    @pytest.fixture
    def new(self, old):
        new = make.academy(opened_on=date(2023, 2, 1))
        SchoolLink.objects.create(urn=old.urn, linked_urn=new.urn, kind="successor")
        return new

    @pytest.fixture
    def deployment(self, old):
        deployment = make.deployment(old, half_days_agreed=10)
        shared = {"champion": deployment.champion, "deployment": deployment}
        make.delivery(old, happens_on=date(2022, 11, 9), days="1.5", **shared)
        make.delivery(old, happens_on=date(2023, 3, 8), days="1", state="planned", **shared)
        return deployment

    def test_a_deployment_moves_by_an_explicit_step(self, deployment, old, new, broker):
        moved = move_deployment(deployment, to=new, by=broker, on=date(2023, 2, 1))
        assert (moved.school, moved.half_days_agreed, moved.starts_on) == (new, 7, date(2023, 2, 1))
        assert (deployment.state, deployment.ends_on, deployment.successor) == ("ended", date(2023, 1, 31), moved)
        assert list(moved.deliveries.values_list("happens_on", "school")) == [(date(2023, 3, 8), new.pk)]
        assert list(deployment.deliveries.values_list("happens_on", "school")) == [(date(2022, 11, 9), old.pk)]
        assert set(Event.objects.values_list("verb", "school_urn")) == {
            ("deployment.moved", old.pk), ("deployment.moved", new.pk)
        }  # fmt: skip

    def test_it_moves_once(self, deployment, new, broker):
        move_deployment(deployment, to=new, by=broker, on=date(2023, 2, 1))
        with pytest.raises(Refusal, match="has ended already"):
            move_deployment(deployment, to=new, by=broker, on=date(2023, 2, 1))
        assert Deployment.objects.count() == 2

    def test_it_moves_to_the_successor_only(self, deployment, new, broker):
        with pytest.raises(Refusal, match="does not name"):
            move_deployment(deployment, to=make.academy(), by=broker, on=date(2023, 2, 1))


def test_the_next_code_follows_the_highest(broker):
    assert suggested_code() == "CH01"
    make.champion(code="CH41")
    make.champion(code="KIM")
    assert suggested_code() == "CH42"


def test_a_code_stands_once_whatever_its_capitals(broker):
    make.champion(code="CH01")
    values = {"name": "Kim Ode", "champion_type": make.champion_type(), "home_school": make.school()}
    with pytest.raises(Refusal, match="another champion’s code"):
        register_champion(code="ch01", by=broker, **values)


def test_a_champion_signs_in_with_the_email_of_the_register(broker):
    person = make.user("champion", email="kim@westmere.example")
    values = {"name": "Kim Ode", "champion_type": make.champion_type(), "home_school": make.school()}
    champion = register_champion(code="CH01", email="Kim@Westmere.example", by=broker, **values)
    assert champion.user == person
    with pytest.raises(Refusal, match="another champion"):
        register_champion(code="CH02", email="kim@westmere.example", by=broker, **values)


def test_a_changed_type_leaves_old_days_as_they_were(broker):
    champion = make.champion("SSLC")
    delivery = make.delivery(make.school(), "SSLC", champion=champion)
    change_champion(
        champion, name=champion.name, champion_type=make.champion_type("SSPC"), email="", is_active=True, by=broker,
    )  # fmt: skip
    delivery.refresh_from_db()
    assert (champion.type.code, delivery.champion_type.code) == ("SSPC", "SSLC")
