"""The pages of champions, deployments, deliveries and offers: who may open them, what they do, what they cost."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from sidebyside.govuk.dates import posted
from sidebyside.years import AcademicYear
from support.models import Adjustment, Champion, Delivery, Deployment, Dispute
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    make.council()
    make.offer_2022()
    make.rates()


@pytest.fixture
def school():
    school = make.school(name="Mill Lane Primary School")
    make.categorise(school, "Prevention")
    return school


@pytest.fixture
def deployment(school):
    return make.deployment(school, make.champion("SSPC", user=make.user("champion")))


@pytest.fixture
def delivery(deployment):
    return make.delivery(
        deployment.school, "SSPC", state="delivered", champion=deployment.champion, deployment=deployment
    )


def status(client, name, *args):
    return client.get(reverse(name, args=args)).status_code


def day_form(**rest):
    return {"half_days": "2", "summary": "Phonics", **posted("happens_on", date(2023, 1, 18))} | rest


class TestWhoMayOpenWhat:
    """A1: what is not yours looks exactly like what does not exist."""

    OPEN = ("lead", "adviser", "finance", "auditor", "administrator")

    @pytest.mark.parametrize("role", OPEN)
    def test_council_staff_read_everything(self, signed_in, delivery, role):
        client = signed_in(role)
        found = [
            status(client, "deployment_detail", delivery.deployment_id),
            status(client, "delivery_detail", delivery.pk),
            status(client, "school_deployments", delivery.school_id),
            status(client, "deployment_list"),
            status(client, "champion_list"),
            status(client, "champion_detail", delivery.champion.code),
        ]
        assert found == [200] * 6

    @pytest.mark.parametrize("who", ["head", "champion"])
    def test_the_own_is_read_and_the_foreign_is_not_there(self, signed_in, delivery, who):
        person = make.head(delivery.school) if who == "head" else delivery.champion.user
        foreign = make.delivery(make.school(), "SSPC", deployment=make.deployment(make.school()))
        client = signed_in(person)
        assert status(client, "deployment_detail", delivery.deployment_id) == 200
        assert status(client, "delivery_detail", delivery.pk) == 200
        assert status(client, "champion_detail", delivery.champion.code) == 200
        assert status(client, "deployment_detail", foreign.deployment_id) == 404
        assert status(client, "delivery_detail", foreign.pk) == 404
        assert status(client, "champion_detail", foreign.champion.code) == 404
        assert status(client, "deployment_detail", 999999) == status(client, "delivery_detail", 999999) == 404

    def test_lists_hold_only_the_own(self, signed_in, delivery):
        foreign = make.deployment(make.school(name="Elsewhere School"))
        client = signed_in(make.head(delivery.school))
        page = client.get(reverse("deployment_list")).content.decode()
        assert (delivery.champion.name in page, "Elsewhere School" in page) == (True, False)
        names = client.get(reverse("champion_list")).content.decode()
        assert (delivery.champion.name in names, foreign.champion.name in names) == (True, False)

    def test_a_heads_count_of_a_champions_deployments_leaves_out_other_schools(self, signed_in, deployment, today):
        for school in (deployment.school, make.school()):
            make.deployment(school, deployment.champion, starts_on=today, ends_on=today)
        page = signed_in(make.head(deployment.school)).get(reverse("champion_list")).context["page"]
        assert [champion.running for champion in page] == [1]

    @pytest.mark.parametrize("role", ["adviser", "head", "champion", "finance", "auditor"])
    def test_only_a_broker_agrees_and_ends(self, signed_in, deployment, role):
        client = signed_in(role)
        assert status(client, "deployment_new") == 403
        assert status(client, "deployment_end", deployment.pk) == 403
        assert status(client, "deployment_move", deployment.pk) == 403
        assert status(client, "champion_new") == 403

    def test_trust_finance_sees_no_deployments(self, signed_in):
        client = signed_in("trust_finance")
        assert (status(client, "deployment_list"), status(client, "champion_list")) == (403, 403)

    def test_a_champion_logs_only_on_the_own_deployment(self, signed_in, deployment):
        client = signed_in(deployment.champion.user)
        assert status(client, "delivery_log", deployment.pk) == 200
        assert status(client, "delivery_log", make.deployment(make.school()).pk) == 404


class TestLogging:
    def test_a_champion_logs_a_day(self, signed_in, deployment):
        response = signed_in(deployment.champion.user).post(reverse("delivery_log", args=[deployment.pk]), day_form())
        delivery = Delivery.objects.get()
        assert response.url == deployment.get_absolute_url()
        assert (delivery.state, delivery.half_days, delivery.summary) == ("delivered", 2, "Phonics")

    def test_a_date_to_come_is_planned(self, signed_in, school, today):
        tomorrow = today + timedelta(days=1)
        make.offer(AcademicYear.containing(tomorrow).start)
        deployment = make.deployment(school, make.champion("SSPC"), starts_on=today, ends_on=tomorrow)
        data = day_form(**posted("happens_on", tomorrow))
        response = signed_in("lead").post(reverse("delivery_log", args=[deployment.pk]), data, follow=True)
        assert (Delivery.objects.get().state, Delivery.objects.get().happens_on) == ("planned", tomorrow)
        assert [str(said) for said in response.context["messages"]] == ["The day is planned."]

    def test_beyond_the_allowance_the_form_offers_three_ways(self, signed_in, deployment):
        """O13."""
        make.delivery(deployment.school, "ABLE", date(2022, 11, 9), "9")
        url, client = reverse("delivery_log", args=[deployment.pk]), signed_in("lead")
        response = client.post(url, day_form())
        form = response.context["form"]
        assert [value for value, _ in form.fields["way"].choices] == ["stop", "allow", "pays"]
        assert "£400.00 (1 day at £400.00 a day)" in response.content.decode()
        client.post(url, day_form(asked="yes", way="allow", why="The head has left"))
        assert Adjustment.objects.get().reason == "The head has left"
        assert deployment.deliveries.get().funding == "offer"

    def test_a_champion_is_offered_to_stop_or_to_have_the_school_pay(self, signed_in, deployment):
        make.delivery(deployment.school, "ABLE", date(2022, 11, 9), "9")
        url, client = reverse("delivery_log", args=[deployment.pk]), signed_in(deployment.champion.user)
        form = client.post(url, day_form()).context["form"]
        assert [value for value, _ in form.fields["way"].choices] == ["stop", "pays"]
        client.post(url, day_form(asked="yes", way="allow", why="I would like to"))
        assert not deployment.deliveries.exists()
        unnamed = client.post(url, day_form(asked="yes", way="pays"))
        assert "Say who at the school agreed to pay" in unnamed.content.decode()
        client.post(url, day_form(asked="yes", way="pays", agreed_with="Ann Lee, head"))
        assert deployment.deliveries.get().funding == "bought"

    def test_at_an_academy_the_form_shows_the_day_rate_and_asks_nothing(self, signed_in):
        deployment = make.deployment(make.academy(), make.champion("SSPC"))
        client, url = signed_in("lead"), reverse("delivery_log", args=[deployment.pk])
        assert "The day rate is £400.00." in client.get(url).content.decode()
        assert client.post(url, day_form()).status_code == 302

    def test_a_planned_day_is_logged_when_it_has_happened(self, signed_in, deployment):
        planned = make.delivery(
            deployment.school, "SSPC", state="planned", champion=deployment.champion, deployment=deployment
        )
        client = signed_in(deployment.champion.user)
        client.post(reverse("delivery_deliver", args=[planned.pk]), day_form(half_days="1"))
        planned.refresh_from_db()
        assert (planned.state, planned.half_days, planned.summary) == ("delivered", 1, "Phonics")

    def test_a_planned_meeting_took_place(self, signed_in):
        planned = make.delivery(make.academy(), "RIG", state="planned")
        client, url = signed_in("adviser"), reverse("delivery_deliver", args=[planned.pk])
        assert url in client.get(reverse("delivery_detail", args=[planned.pk])).content.decode()
        client.post(url, {"summary": "Six weeks on", **posted("happens_on", date(2023, 1, 19))})
        planned.refresh_from_db()
        assert (planned.state, planned.happens_on, planned.half_days) == ("delivered", date(2023, 1, 19), 0)

    def test_a_visit_is_held_by_its_log_and_called_off_with_notice(self, signed_in, school):
        """V1: no other page takes it from the adviser who writes its note."""
        visit = make.visit(school)
        client, pk = signed_in("lead"), visit.delivery_id
        assert client.post(reverse("delivery_deliver", args=[pk]), day_form()).url == reverse(
            "visit_log", args=[visit.pk]
        )
        called_off = client.post(reverse("delivery_withdraw", args=[pk]), {"why": "Snow"})
        assert called_off.url == reverse("visit_cancel", args=[visit.pk])
        assert Delivery.objects.get().state == "planned"

    def test_a_champion_does_not_say_that_a_visit_took_place(self, signed_in, school):
        who = make.champion("SSLC", user=make.user("champion"))
        planned = make.delivery(school, "HLV", state="planned", champion=who, days="0.5")
        assert signed_in(who.user).post(reverse("delivery_deliver", args=[planned.pk]), day_form()).status_code == 403
        assert Delivery.objects.get().state == "planned"

    def test_conference_places_are_recorded_without_a_champion(self, signed_in):
        academy = make.academy()
        data = {"service": make.service("CONF").pk, "units": "6", **posted("happens_on", date(2023, 1, 12))}
        signed_in("adviser").post(reverse("support_new", args=[academy.pk]), data)
        made = Delivery.objects.get()
        assert (made.units, made.half_days, made.state) == (6, 0, "delivered")


class TestAnswering:
    def test_the_head_confirms_from_the_list_and_comes_back_to_it(self, signed_in, delivery):
        client, back = signed_in(make.head(delivery.school)), reverse("confirmation_list")
        assert "Confirm" in client.get(back).content.decode()
        data = {"happened": "yes", "next": back}
        assert client.post(reverse("delivery_confirm", args=[delivery.pk]), data).url == back
        delivery.refresh_from_db()
        assert delivery.state == "confirmed"

    @pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example/", "home", "-1", "²", "\x00"])
    def test_no_form_leads_away_from_the_portal_or_to_no_address(self, signed_in, delivery, away):
        data = {"happened": "yes", "next": away}
        response = signed_in(make.head(delivery.school)).post(reverse("delivery_confirm", args=[delivery.pk]), data)
        assert response.url == reverse("delivery_detail", args=[delivery.pk])

    def test_a_no_needs_a_word(self, signed_in, delivery):
        client, url = signed_in(make.head(delivery.school)), reverse("delivery_confirm", args=[delivery.pk])
        assert "Say what is wrong" in client.post(url, {"happened": "no"}).content.decode()
        client.post(url, {"happened": "no", "why": "The champion was ill"})
        delivery.refresh_from_db()
        assert (delivery.state, Dispute.objects.get().reason) == ("delivered", "The champion was ill")

    def test_a_no_is_shown_with_who_said_it(self, signed_in, delivery):
        client, url = (
            signed_in(make.head(delivery.school, name="Ruth Vale")),
            reverse("delivery_confirm", args=[delivery.pk]),
        )
        page = client.post(url, {"happened": "no", "why": "The champion was ill"}, follow=True).content.decode()
        assert ("Disputed" in page, "The champion was ill" in page, "Ruth Vale" in page) == (True, True, True)

    def test_a_second_answer_is_told_that_it_is_too_late(self, signed_in, delivery):
        client, url = signed_in(make.head(delivery.school)), reverse("delivery_confirm", args=[delivery.pk])
        client.post(url, {"happened": "yes"})
        client.post(url, {"happened": "no", "why": "I was wrong"})
        delivery.refresh_from_db()
        assert delivery.state == "confirmed"

    def test_another_head_finds_nothing_to_confirm(self, signed_in, delivery):
        client = signed_in(make.head(make.school()))
        response = client.post(reverse("delivery_confirm", args=[delivery.pk]), {"happened": "yes"})
        assert (response.status_code, Delivery.objects.get().state) == (404, "delivered")

    def test_a_broker_withdraws_and_prices(self, signed_in):
        group = make.delivery(make.academy(), "RIG", state="delivered")
        client = signed_in("lead")
        data = {"pence": "450.00", "agreed_with": "Ann Lee", **posted("agreed_on", date(2023, 1, 5))}
        client.post(reverse("delivery_price", args=[group.pk]), data)
        client.post(reverse("delivery_withdraw", args=[group.pk]), {"why": "The wrong school"})
        group.refresh_from_db()
        assert (group.agreed_price, group.state, group.cancelled_why) == (45000, "cancelled", "The wrong school")


class TestRegister:
    def test_a_champion_is_registered_and_changed(self, signed_in, school):
        client = signed_in("lead")
        data = {"code": "CH01", "name": "Kim Ode", "champion_type": make.champion_type().pk, "home_school": school.pk}
        assert client.post(reverse("champion_new"), data).url == reverse("champion_detail", args=["CH01"])
        client.post(reverse("champion_edit", args=["CH01"]), data | {"name": "Kim Odell", "is_active": "on"})
        assert Champion.objects.get(code="CH01").name == "Kim Odell"

    def test_a_deployment_ends_on_a_page_of_its_own(self, signed_in, deployment):
        client = signed_in("lead")
        client.post(reverse("deployment_end", args=[deployment.pk]), {"why": "The aims are met"})
        deployment.refresh_from_db()
        assert (deployment.state, deployment.end_reason) == ("cancelled", "The aims are met")

    def test_filters_narrow_the_list(self, signed_in, deployment):
        make.deployment(make.school(name="Elsewhere"), make.champion("SSLC"))
        client = signed_in("lead")
        for query in ({"school": "mill lane"}, {"type": deployment.champion.type_id}, {"school": deployment.school_id}):
            page = client.get(reverse("deployment_list"), query).context["page"]
            assert [found.pk for found in page] == [deployment.pk]
        assert client.get(reverse("deployment_list"), {"when": "running"}).context["page"].paginator.count == 0


class TestPastItsLastDay:
    """A deployment whose last day is over has ended, though nobody wrote that down."""

    @pytest.fixture
    def over(self, school, today):
        last = today - timedelta(days=1)
        return make.deployment(school, make.champion("SSPC"), starts_on=last - timedelta(days=9), ends_on=last)

    @pytest.fixture
    def running(self, school, today):
        return make.deployment(school, make.champion("SSPC"), starts_on=today, ends_on=today)

    def test_the_page_says_so_and_offers_to_log_a_day_that_is_missing(self, signed_in, over):
        page = signed_in("lead").get(over.get_absolute_url()).content.decode()
        assert ("Ended" in page, "Agreed" in page, "End it" in page) == (True, False, False)
        assert ("Log a missing day" in page, "10 days not used" in page, "left to book" in page) == (True, True, False)

    def test_lists_say_so_and_offer_nothing(self, signed_in, over, running):
        client = signed_in("lead")
        for url in (
            reverse("deployment_list"),
            reverse("school_deployments", args=[over.school_id]),
            over.champion.get_absolute_url(),
        ):
            page = client.get(url).content.decode()
            assert ("Ended" in page, reverse("delivery_log", args=[over.pk]) in page) == (True, False)
        listed = client.get(reverse("deployment_list")).content.decode()
        assert reverse("delivery_log", args=[running.pk]) in listed

    @pytest.mark.parametrize(
        ("state", "found"), [("agreed", ["running"]), ("ended", ["ended", "over"]), ("cancelled", [])]
    )
    def test_the_filter_finds_it_among_the_ended(self, signed_in, over, running, state, found):
        Deployment.objects.filter(pk=over.pk).update(focus="over")
        Deployment.objects.filter(pk=running.pk).update(focus="running")
        make.deployment(over.school, state="ended", focus="ended")
        page = signed_in("lead").get(reverse("deployment_list"), {"state": state}).context["page"]
        assert sorted(each.focus for each in page) == found

    def test_a_day_within_its_dates_is_logged_late_and_a_later_one_is_not_planned(self, signed_in, over, today):
        make.offer(AcademicYear.containing(over.ends_on).start)
        client, url = signed_in("lead"), reverse("delivery_log", args=[over.pk])
        form = client.get(url)
        assert form.context["form"]["happens_on"].value() == over.ends_on
        assert f"ended on {over.ends_on:%-d %B %Y}" in form.content.decode()
        refused = client.post(url, day_form(**posted("happens_on", today + timedelta(days=1))))
        assert "Choose a date within it" in refused.content.decode()
        client.post(url, day_form(half_days="1", **posted("happens_on", over.ends_on)))
        assert [(day.state, day.happens_on) for day in Delivery.objects.all()] == [("delivered", over.ends_on)]


class TestPublicOffer:
    def test_anybody_reads_the_offer_in_words(self, client):
        page = client.get("/offer/2022-23/").content.decode()
        for words in ("Up to 9 days", "A programme, with no fixed number", "One for each new headteacher", "5 visits"):
            assert words in page

    @pytest.mark.parametrize("slug", ["2031-32", "2022", "nonsense", "2022-24"])
    def test_a_year_without_an_offer_says_so(self, client, slug):
        response = client.get(f"/offer/{slug}/")
        assert (response.status_code, "Offer 2022/23" in response.content.decode()) == (404, True)

    def test_a_draft_is_not_public(self, client):
        make.offer(2024, state="draft", published_on=None)
        assert client.get("/offer/2024-25/").status_code == 404
        assert "2024/25" not in client.get("/offer/").content.decode()


class TestCost:
    """The same number of queries for one row and fifty."""

    @pytest.mark.parametrize("count", [1, 50])
    @pytest.mark.parametrize("name", ["deployment_list", "champion_list", "confirmation_list"])
    def test_lists(self, signed_in, school, count, name, django_assert_max_num_queries):
        champion = make.champion("SSPC")
        for _ in range(count):
            deployment = make.deployment(
                make.school(), make.champion("SSPC"), made_by=champion.user or make.user("lead")
            )
            make.delivery(school, "SSPC", state="delivered", champion=champion, deployment=deployment)
        client = signed_in("lead")
        client.get(reverse(name))
        with django_assert_max_num_queries(6):
            client.get(reverse(name))

    @pytest.mark.parametrize("count", [1, 50])
    def test_a_schools_deployments(self, signed_in, school, count, django_assert_max_num_queries):
        lead = make.user("lead")
        for _ in range(count):
            deployment = make.deployment(school, make.champion("SSPC"), made_by=lead)
            make.delivery(school, "SSPC", state="delivered", champion=deployment.champion, deployment=deployment)
        client = signed_in(make.head(school))
        client.get(reverse("school_deployments", args=[school.pk]))
        with django_assert_max_num_queries(8):
            client.get(reverse("school_deployments", args=[school.pk]))

    def test_forms_and_details(self, signed_in, delivery, django_assert_max_num_queries):
        client = signed_in("lead")
        pages = [
            reverse("delivery_detail", args=[delivery.pk]),
            reverse("delivery_log", args=[delivery.deployment_id]),
            reverse("delivery_confirm", args=[delivery.pk]),
            reverse("deployment_new"),
            reverse("champion_new"),
            reverse("champion_detail", args=[delivery.champion.code]),
        ]
        client.get(pages[0])
        for url in pages:
            with django_assert_max_num_queries(6):
                assert client.get(url).status_code == 200

    def test_a_deployments_page_with_its_versions_and_reviews(self, signed_in, delivery, django_assert_max_num_queries):
        for who in (make.user("lead"), make.head(delivery.school)):
            client = signed_in(who)
            client.get(delivery.deployment.get_absolute_url())
            with django_assert_max_num_queries(8):
                client.get(delivery.deployment.get_absolute_url())
