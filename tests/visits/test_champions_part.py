"""A champion's part in a Headline Visit stands on the visit, draws on the champion's pool, and counts once (O7, E4)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from schools.models import School
from sidebyside.audit.models import Event
from sidebyside.govuk.dates import posted
from sidebyside.refusals import Refusal
from support.actions.attending import attend_visit, leave_visit, visits_open_to
from support.actions.confirming import cancel_delivery, confirm_delivery, withdraw_delivery
from support.actions.deliveries import log_delivery
from support.actions.deployments import end_deployment
from support.balances import balances_of
from support.beyond import Answer, BeyondAllowance, Way
from support.models import Delivery
from tests import make
from tests.visits.cases import NOTE
from visits.actions.notes import share_note
from visits.actions.planning import plan_visit
from visits.logs import VisitLog

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 18)
AT = datetime(2023, 1, 18, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def world():
    make.council()
    make.offer_2022()
    make.rates()


@pytest.fixture
def school():
    school = make.school(name="Vale School")
    make.categorise(school, "Intervention")
    return school


@pytest.fixture
def deployment(school):
    champion = make.champion("SSLC", name="Jo Marsh", user=make.user("champion"))
    return make.deployment(school, champion, half_days_agreed=36)


@pytest.fixture
def adviser():
    return make.user("adviser")


def plan(school, adviser, day=DAY):
    return plan_visit(school, service=make.service("HLV"), happens_on=day, adviser=adviser, by=adviser, on=day)


def share(visit, day=DAY, **rest):
    delivery = Delivery.objects.get(pk=visit.delivery_id)
    values = {"champion": delivery.champion, "half_days": delivery.half_days} | rest
    log = VisitLog(happens_on=day, minutes=60, note=NOTE, **values)
    visit.delivery.refresh_from_db()
    return share_note(visit, log, by=visit.delivery.adviser, on=day, at=AT)


def attend(deployment, visit, **rest):
    values = {"half_days": 1, "summary": "Sat in on the reading review", "by": deployment.champion.user, "on": DAY}
    return attend_visit(deployment, visit.delivery, **values | rest)


def left(school, code, on=date(2023, 7, 1)):
    balance = balances_of(School.objects.filter(pk=school.pk), on=on)[school.pk].balance(code)
    return balance.used, balance.left


def test_e4_five_visits_four_attended_by_an_sslc_for_half_a_day_and_six_other_days(school, deployment, adviser):
    """SSLC 8.0 used, 10.0 left; 5 of 5 visits. Logged by the champion before and after the adviser's note."""
    champion = deployment.champion.user
    for number in range(5):
        day = DAY + timedelta(days=7 * number)
        visit = plan(school, adviser, day)
        if number % 2:
            share(visit, day)
        if number < 4:
            attend(deployment, visit, on=day)
        if not number % 2:
            share(visit, day)
    for number in range(6):
        day = date(2023, 3, 1) + timedelta(days=number)
        log_delivery(deployment, happens_on=day, half_days=2, summary="Reading", by=champion, on=day)
    assert left(school, "SSLC") == (16, 20)
    assert left(school, "HLV") == (5, 0)
    assert (
        Delivery.objects.filter(service__code="HLV", half_days=1, deployment=deployment, state="delivered").count() == 4
    )
    used = type(deployment).objects.with_half_days().get(pk=deployment.pk)
    assert (used.half_days_delivered, used.half_days_booked) == (16, 0)


def test_the_part_stands_on_the_visits_own_delivery(school, deployment, adviser):
    visit = plan(school, adviser)
    attend(deployment, visit, effect="Staff agreed a plan", next_step="Look at books")
    made = Delivery.objects.get()
    assert (made.pk, made.champion, made.champion_type.code, made.half_days) == (
        visit.delivery_id, deployment.champion, "SSLC", 1,
    )  # fmt: skip
    assert (made.deployment, made.state, made.effect) == (deployment, "planned", "Staff agreed a plan")
    event = Event.objects.get(verb="delivery.attended")
    assert (event.by, event.details["half_days"]) == (deployment.champion.user, 1)


def test_the_same_form_again_changes_nothing(school, deployment, adviser):
    visit = plan(school, adviser)
    for _ in range(2):
        attend(deployment, visit, request_key="k")
    assert (Delivery.objects.count(), Event.objects.filter(verb="delivery.attended").count()) == (1, 1)


def test_a_visit_is_offered_until_it_is_confirmed_or_has_another_champion(school, deployment, adviser):
    visit = plan(school, adviser)
    delivery = visit.delivery
    assert list(visits_open_to(deployment, DAY)) == [delivery]
    Delivery.objects.filter(pk=delivery.pk).update(state="confirmed", confirmed_on=DAY)
    assert not visits_open_to(deployment, DAY)
    other = make.champion("SSPC")
    Delivery.objects.filter(pk=delivery.pk).update(state="delivered", champion=other, champion_type=other.type)
    assert not visits_open_to(deployment, DAY)
    with pytest.raises(Refusal, match="has a champion already"):
        attend(deployment, visit)


def test_one_that_the_adviser_logged_with_this_champion_joins_the_deployment_once(school, deployment, adviser):
    visit = plan(school, adviser)
    share(visit, champion=deployment.champion, half_days=1)
    assert left(school, "SSLC") == (1, 35)
    attend(deployment, visit)
    assert (left(school, "SSLC"), deployment.deliveries.count()) == ((1, 35), 1)


def test_a_visit_to_come_is_attended_when_it_has_happened(school, deployment, adviser):
    visit = plan(school, adviser, DAY + timedelta(days=1))
    with pytest.raises(Refusal, match="still to come"):
        attend(deployment, visit)


def test_beyond_the_pool_it_is_asked_as_for_any_day(school, deployment, adviser):
    make.delivery(school, "SSLC", days="10", happens_on=date(2022, 11, 9))
    make.delivery(school, "SSLC", days="8", happens_on=date(2022, 11, 16))
    visit = plan(school, adviser)
    with pytest.raises(BeyondAllowance):
        attend(deployment, visit)
    attend(deployment, visit, answer=Answer(Way.PAYS, agreed_with="Ann Lee"))
    assert Delivery.objects.get(pk=visit.delivery_id).funding == "bought"
    leave_visit(visit.delivery, why="I was not there", by=deployment.champion.user, on=DAY)
    assert Delivery.objects.get(pk=visit.delivery_id).funding == "offer"


def test_it_counts_toward_the_days_agreed(school, deployment, adviser):
    type(deployment).objects.filter(pk=deployment.pk).update(half_days_agreed=1)
    deployment.refresh_from_db()
    visit = plan(school, adviser)
    with pytest.raises(BeyondAllowance, match="days that were agreed"):
        attend(deployment, visit, half_days=2)
    attend(deployment, visit)


class TestTakingItBack:
    @pytest.fixture
    def visit(self, school, deployment, adviser):
        visit = plan(school, adviser)
        attend(deployment, visit)
        return visit

    def test_the_visit_stays_and_the_champions_time_is_free_again(self, school, deployment, visit):
        leave_visit(visit.delivery, why="The wrong week", by=deployment.champion.user, on=DAY)
        found = Delivery.objects.get()
        assert (found.state, found.champion, found.deployment, found.half_days) == ("planned", None, None, 0)
        assert (found.summary, left(school, "SSLC")[0], left(school, "HLV")[0]) == ("", 0, 1)
        assert Event.objects.get(verb="delivery.left").why == "The wrong week"

    def test_it_needs_a_reason_and_the_champion_or_the_team(self, deployment, visit):
        with pytest.raises(Refusal, match="Say why"):
            leave_visit(visit.delivery, why="", by=deployment.champion.user, on=DAY)
        with pytest.raises(Refusal, match="Only the champion"):
            leave_visit(visit.delivery, why="x", by=make.user("champion"), on=DAY)

    def test_not_once_the_school_has_confirmed(self, school, deployment, visit):
        share(visit)
        confirm_delivery(visit.delivery, by=make.head(school), on=DAY)
        with pytest.raises(Refusal, match="has confirmed this visit"):
            leave_visit(visit.delivery, why="x", by=deployment.champion.user, on=DAY)

    def test_a_champion_never_calls_the_visit_itself_off(self, deployment, visit):
        champion = deployment.champion.user
        with pytest.raises(Refusal, match="Only the team takes a visit back"):
            cancel_delivery(visit.delivery, why="x", by=champion, on=DAY)
        share(visit)
        with pytest.raises(Refusal, match="Only the team takes a visit back"):
            withdraw_delivery(visit.delivery, why="x", by=champion, on=DAY)

    def test_the_adviser_who_takes_the_champion_off_takes_the_deployment_off(self, visit):
        share(visit, champion=None, half_days=0)
        found = Delivery.objects.get()
        assert (found.champion, found.deployment, found.half_days, found.state) == (None, None, 0, "delivered")

    def test_the_end_of_the_deployment_calls_no_visit_off(self, deployment, visit):
        end_deployment(deployment, why="The aims are met", by=make.user("lead"), on=DAY)
        assert Delivery.objects.get().state == "planned"

    def test_m1_who_logged_the_part_does_not_confirm_the_visit(self, school, deployment, adviser):
        lead = make.user("lead")
        visit = plan(school, adviser, date(2023, 1, 11))
        attend(deployment, visit, by=lead)
        share(visit, date(2023, 1, 11))
        with pytest.raises(Refusal, match="You recorded this yourself"):
            confirm_delivery(visit.delivery, by=lead, on=DAY, why="By telephone")


class TestTheForm:
    @pytest.fixture
    def visit(self, school, adviser):
        return plan(school, adviser)

    def data(self, **rest):
        return {"half_days": "1", "summary": "Sat in", **posted("happens_on", DAY)} | rest

    def test_it_asks_and_puts_it_on_the_visit(self, signed_in, deployment, visit):
        client, url = signed_in(deployment.champion.user), reverse("delivery_log", args=[deployment.pk])
        asked = client.post(url, self.data()).content.decode()
        assert "There is a Headline Visit that day. Say whether this was part of it" in asked
        answer = client.post(url, self.data(part_of=str(visit.delivery_id)))
        assert answer.url == deployment.get_absolute_url()
        assert [(each.pk, each.half_days) for each in Delivery.objects.all()] == [(visit.delivery_id, 1)]

    def test_apart_from_it_is_a_row_of_its_own(self, signed_in, deployment, visit):
        client, url = signed_in(deployment.champion.user), reverse("delivery_log", args=[deployment.pk])
        client.post(url, self.data(part_of="apart"))
        assert sorted(Delivery.objects.values_list("service__code", "half_days")) == [("HLV", 0), ("SSLC", 1)]

    def test_it_is_offered_at_once_for_the_date_of_a_link(self, signed_in, deployment, visit):
        client, url = signed_in(deployment.champion.user), reverse("delivery_log", args=[deployment.pk])
        page = client.get(url, {"on": DAY.isoformat()}).content.decode()
        assert "Yes, of the Headline Visit on 18 January 2023" in page

    def test_another_schools_visit_is_none_of_it(self, signed_in, deployment, adviser):
        foreign = make.visit(make.school(), DAY, adviser=adviser)
        client, url = signed_in(deployment.champion.user), reverse("delivery_log", args=[deployment.pk])
        client.post(url, self.data(part_of=str(foreign.delivery_id)))
        assert Delivery.objects.get(service__code="SSLC").deployment == deployment

    def test_a_champion_takes_the_own_part_back_on_a_page(self, signed_in, deployment, visit):
        attend(deployment, visit)
        client = signed_in(deployment.champion.user)
        assert client.get(reverse("delivery_withdraw", args=[visit.delivery_id])).url == reverse(
            "delivery_leave", args=[visit.delivery_id]
        )
        url = reverse("delivery_leave", args=[visit.delivery_id])
        assert "The visit stays as it is." in client.get(url).content.decode()
        assert client.post(url, {"why": "The wrong week"}).url == reverse("home")
        assert Delivery.objects.get().champion is None

    def test_the_form_takes_six_queries(self, signed_in, deployment, visit, django_assert_num_queries):
        client, url = signed_in(deployment.champion.user), reverse("delivery_log", args=[deployment.pk])
        client.get(url)
        with django_assert_num_queries(5):
            client.get(url, {"on": DAY.isoformat()})
