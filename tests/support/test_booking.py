"""Booking several days at once, moving one, calling one off; one day in a day (O13, M1)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from sidebyside.audit.models import Event
from sidebyside.council.models import HalfTerm
from sidebyside.govuk.dates import posted
from sidebyside.mail.models import Dispatch
from sidebyside.months import Month
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear
from support.actions.booking import DaysRefused, book_days, cancel_day, move_day
from support.actions.checks import DayTaken
from support.actions.deliveries import log_delivery, mark_delivered, plan_day
from support.beyond import Answer, BeyondAllowance, Way
from support.models import Adjustment, Delivery
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2023, 1, 18)
DAYS = [date(2023, 3, 1), date(2023, 3, 8), date(2023, 3, 15)]


@pytest.fixture(autouse=True)
def world():
    make.council()
    make.offer_2022()
    make.rates()


@pytest.fixture
def lead():
    return make.user("lead")


@pytest.fixture
def deployment():
    school = make.school(name="Vale School")
    make.categorise(school, "Prevention")
    return make.deployment(school, make.champion("SSPC", name="Jo Marsh", user=make.user("champion")))


@pytest.fixture
def elsewhere(deployment):
    """The same champion at another school."""
    other = make.school(name="Hill School")
    make.categorise(other, "Prevention")
    return make.deployment(other, deployment.champion)


def book(deployment, by, days=DAYS, **rest):
    return book_days(deployment, days=days, **{"half_days": 2, "by": by, "on": TODAY} | rest)


class TestBookingTheLot:
    def test_all_days_are_booked_in_one_deed(self, deployment):
        champion = deployment.champion.user
        assert book(deployment, champion, summary="Phonics") == 3
        booked = Delivery.objects.order_by("happens_on")
        assert [(each.happens_on, each.half_days, each.state, each.summary) for each in booked] == [
            (day, 2, "planned", "Phonics") for day in DAYS
        ]
        event = Event.objects.get(verb="deployment.days_booked")
        assert (event.by, event.details["days"]) == (champion, [day.isoformat() for day in DAYS])

    def test_the_same_form_again_books_nothing_more(self, deployment, lead):
        for _ in range(2):
            assert book(deployment, lead, half_days=1, request_key="k") == 3
        assert Delivery.objects.count() == 3

    def test_each_day_says_what_is_wrong_with_it_and_none_is_booked(self, deployment, lead):
        wrong = [date(2022, 8, 31), date(2023, 1, 17), DAYS[0]]
        with pytest.raises(DaysRefused) as refused:
            book(deployment, lead, wrong)
        assert {day: sentence.split(".")[0] for day, sentence in refused.value.errors.items()} == {
            date(2022, 8, 31): "This day is over",
            date(2023, 1, 17): "This day is over",
        }
        assert not Delivery.objects.exists()

    def test_no_day_is_no_booking(self, deployment, lead):
        with pytest.raises(Refusal, match="at least one day"):
            book(deployment, lead, [])


class TestBeyondWhatIsLeft:
    """O13, asked once for all of the days."""

    @pytest.fixture(autouse=True)
    def used_up(self, deployment):
        make.delivery(deployment.school, "ABLE", days="8", happens_on=date(2022, 11, 9))

    def test_the_question_names_the_days_and_their_price(self, deployment, lead):
        with pytest.raises(BeyondAllowance) as asked:
            book(deployment, lead)
        assert asked.value.sentence == (
            "8 March 2023 and 15 March 2023 go beyond what is left. Pupil Champion and ABLE days: nothing left of 9 "
            "days. Say what should happen."
        )
        assert asked.value.beyond.price == "£800.00 (2 days)"
        assert not deployment.deliveries.exists()

    def test_a_leader_allows_all_of_them_with_one_reason(self, deployment, lead):
        book(deployment, lead, answer=Answer(Way.ALLOW, why="The head has left"))
        assert deployment.deliveries.count() == 3
        assert [each.amount for each in Adjustment.objects.all()] == [2, 2]

    def test_the_school_pays_for_those_that_go_beyond(self, deployment, lead):
        book(deployment, lead, answer=Answer(Way.PAYS, agreed_with="Ann Lee"))
        paid = deployment.deliveries.order_by("happens_on").values_list("funding", flat=True)
        assert list(paid) == ["offer", "bought", "bought"]

    def test_stop_books_nothing(self, deployment, lead):
        with pytest.raises(BeyondAllowance, match="Nothing was booked"):
            book(deployment, lead, answer=Answer(Way.STOP))
        assert not deployment.deliveries.exists()


class TestOneDayInADay:
    """At most one day of a champion on a date, whatever the schools; a leader says why a second one stands."""

    @pytest.fixture(autouse=True)
    def taken(self, elsewhere):
        return plan_day(elsewhere, happens_on=DAYS[0], half_days=2, by=make.user("lead"), on=TODAY)

    @pytest.mark.parametrize("who", ["lead", "champion"])
    def test_the_other_booking_is_named_to_those_who_may_know_of_it(self, deployment, lead, who):
        by = lead if who == "lead" else deployment.champion.user
        with pytest.raises(DayTaken, match="a whole day on 1 March 2023 already: 1 day at Hill School, planned"):
            plan_day(deployment, happens_on=DAYS[0], half_days=1, by=by, on=TODAY)

    def test_nobody_else_reads_where_it_is(self, deployment):
        with pytest.raises(DayTaken) as refused:
            plan_day(deployment, happens_on=DAYS[0], half_days=1, by=make.head(deployment.school), on=TODAY)
        assert "Hill School" not in refused.value.sentence

    def test_a_champion_is_told_to_ask_and_no_reason_helps(self, deployment):
        by = deployment.champion.user
        with pytest.raises(DayTaken, match="ask the team leader"):
            plan_day(deployment, happens_on=DAYS[0], half_days=1, by=by, on=TODAY, override="I can do both")

    def test_a_leaders_reason_stays_with_the_day_and_in_the_trail(self, deployment, lead):
        with pytest.raises(DayTaken, match="say why this stands all the same"):
            plan_day(deployment, happens_on=DAYS[0], half_days=1, by=lead, on=TODAY)
        day = plan_day(deployment, happens_on=DAYS[0], half_days=1, by=lead, on=TODAY, override="An evening meeting")
        assert (day.override_why, Event.objects.latest("pk").why) == ("An evening meeting", "An evening meeting")

    def test_both_are_logged_by_the_champion_without_another_reason(self, deployment, lead, taken):
        day = plan_day(deployment, happens_on=DAYS[0], half_days=2, by=lead, on=TODAY, override="An evening meeting")
        for each in (taken, day):
            mark_delivered(each, by=deployment.champion.user, on=DAYS[0])
        assert (day.state, day.override_why, taken.override_why) == ("delivered", "An evening meeting", "")

    def test_a_day_that_is_moved_off_the_date_needs_the_reason_no_more(self, deployment, lead):
        day = plan_day(deployment, happens_on=DAYS[0], half_days=2, by=lead, on=TODAY, override="An evening meeting")
        assert move_day(day, happens_on=DAYS[1], by=lead, on=TODAY).override_why == ""

    def test_two_halves_at_two_schools_are_one_day(self, deployment, lead, taken):
        Delivery.objects.filter(pk=taken.pk).update(half_days=1)
        assert plan_day(deployment, happens_on=DAYS[0], half_days=1, by=lead, on=TODAY).override_why == ""

    def test_of_the_lot_the_taken_day_says_so(self, deployment, lead):
        with pytest.raises(DaysRefused) as refused:
            book(deployment, lead)
        assert (list(refused.value.errors), refused.value.asks_why) == ([DAYS[0]], True)
        assert book(deployment, lead, override="An evening meeting") == 3


class TestTwiceTheSame:
    def test_a_day_that_is_booked_is_logged_where_it_stands(self, deployment):
        champion = deployment.champion.user
        plan_day(deployment, happens_on=TODAY, half_days=1, by=champion, on=TODAY)
        with pytest.raises(Refusal, match="at Vale School on 18 January 2023 is booked already"):
            log_delivery(deployment, happens_on=TODAY, half_days=1, summary="Phonics", by=champion, on=TODAY)

    @pytest.mark.parametrize("state", ["proposed", "declined", "cancelled"])
    def test_a_deployment_that_nobody_agreed_takes_no_day(self, deployment, lead, state):
        type(deployment).objects.filter(pk=deployment.pk).update(state=state)
        deployment.refresh_from_db()
        with pytest.raises(DaysRefused):
            book(deployment, lead)
        with pytest.raises(Refusal, match="deployment"):
            log_delivery(deployment, happens_on=TODAY, half_days=1, summary="Phonics", by=lead, on=TODAY)

    def test_a_school_that_is_not_open_yet_says_when_it_opens(self, deployment, lead):
        deployment.school.opened_on = date(2023, 2, 1)
        deployment.school.save()
        with pytest.raises(Refusal, match="It opens on 1 February 2023: choose a day from then on"):
            log_delivery(deployment, happens_on=TODAY, half_days=1, summary="Phonics", by=lead, on=TODAY)

    def test_a_champion_whom_no_school_lends_any_more_gives_no_day(self, deployment, lead):
        deployment.champion.lendings.update(ends_on=date(2023, 1, 17))
        with pytest.raises(Refusal) as refused:
            log_delivery(
                deployment, happens_on=TODAY, half_days=1, summary="Phonics", by=lead, on=TODAY, override="She comes"
            )
        assert refused.value.field == "happens_on"
        assert not Delivery.objects.exists()


class TestMovingAndCancelling:
    @pytest.fixture
    def day(self, deployment):
        return plan_day(deployment, happens_on=DAYS[0], half_days=2, by=deployment.champion.user, on=TODAY)

    @pytest.fixture
    def head(self, deployment):
        return make.head(deployment.school)

    def test_a_moved_day_is_told_to_the_school_by_both_dates(self, day, head):
        move_day(day, happens_on=DAYS[1], why="I am ill", by=day.champion.user, on=TODAY)
        mail = Dispatch.objects.get()
        assert (day.happens_on, mail.to, mail.subject) == (DAYS[1], [head.email], "Moved: Jo Marsh at Vale School")
        assert "It was booked for Wednesday 1 March 2023." in mail.body
        assert "It is now booked for Wednesday 8 March 2023." in mail.body
        assert ("I am ill" in mail.body, "Early reading" in mail.body) == (False, False)
        move_day(day, happens_on=DAYS[2], by=day.champion.user, on=TODAY)
        assert Dispatch.objects.count() == 2

    def test_it_moves_to_another_day_that_is_to_come(self, day):
        with pytest.raises(Refusal, match="for this date already"):
            move_day(day, happens_on=DAYS[0], by=day.champion.user, on=TODAY)
        with pytest.raises(Refusal, match="This date is over"):
            move_day(day, happens_on=date(2023, 1, 11), by=day.champion.user, on=TODAY)

    def test_a_cancelled_day_keeps_the_reason_and_the_notice(self, day, head):
        with pytest.raises(Refusal, match="Say why"):
            cancel_day(day, why=" ", by=day.champion.user, on=TODAY)
        cancel_day(day, why="Snow is forecast", by=day.champion.user, on=TODAY)
        assert (day.state, day.cancelled_on, day.days_of_notice) == ("cancelled", TODAY, 42)
        mail = Dispatch.objects.get()
        assert (mail.to, "Snow" in mail.body) == ([head.email], False)

    def test_what_is_called_off_after_its_day_gives_no_notice_and_no_mail(self, day, head):
        cancel_day(day, why="I was ill", by=day.champion.user, on=DAYS[1])
        assert (day.days_of_notice, Dispatch.objects.count()) == (None, 0)

    def test_another_champion_moves_and_cancels_nothing(self, day):
        other = make.user("champion")
        for act in (lambda: move_day(day, happens_on=DAYS[1], by=other, on=TODAY),
                    lambda: cancel_day(day, why="x", by=other, on=TODAY)):  # fmt: skip
            with pytest.raises(Refusal, match="Only the team"):
                act()

    def test_a_visit_is_moved_on_its_own_page(self, lead):
        visit = make.visit(make.school(), DAYS[0]).delivery
        with pytest.raises(Refusal, match="on its own page"):
            move_day(visit, happens_on=DAYS[1], by=lead, on=TODAY)


class TestPages:
    """What the pages of planning do, on today's own dates."""

    @pytest.fixture
    def running(self, today, deployment):
        year = AcademicYear.containing(today)
        if year.start != 2022:
            make.offer(year.start)
        make.offer(year.start + 1)
        make.categorise(deployment.school, "Intervention", today - timedelta(days=30))
        type(deployment).objects.filter(pk=deployment.pk).update(
            starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=60)
        )
        deployment.refresh_from_db()
        return deployment

    def free(self, client, deployment):
        """The free days of the first month that has two."""
        url, month = reverse("deployment_calendar", args=[deployment.pk]), None
        for _ in range(3):
            page = client.get(url, {"month": month.slug} if month else {})
            found = page.context["form"].offered
            if len(found) >= 2:
                return f"{url}?month={page.context['month'].slug}", found
            month = page.context["month"].next
        raise AssertionError("No month has two free days")

    def test_a_champion_books_what_is_ticked(self, signed_in, running):
        client = signed_in(running.champion.user)
        url, days = self.free(client, running)
        data = {f"day_{day}": "on" for day in days[:2]} | {"half_days": "1", "summary": "Phonics"}
        answer = client.post(url, data, follow=True)
        assert [str(said) for said in answer.context["messages"]] == ["2 days are booked."]
        booked = Delivery.objects.order_by("happens_on").values_list("happens_on", "half_days", "state")
        assert list(booked) == [(day, 1, "planned") for day in days[:2]]

    def test_a_day_taken_meanwhile_says_so_beside_its_box(self, signed_in, running):
        client = signed_in(running.champion.user)
        url, days = self.free(client, running)
        plan_day(running, happens_on=days[0], half_days=2, by=make.user("lead"), on=days[0])
        page = client.post(url, {f"day_{day}": "on" for day in days[:2]} | {"half_days": "2"})
        errors = page.context["form"].errors
        assert list(errors) == [f"day_{days[0]}"]
        assert f'href="#id_day_{days[0]}"' in page.content.decode()
        assert Delivery.objects.count() == 1

    def test_nothing_ticked_asks_for_a_day(self, signed_in, running):
        client = signed_in("lead")
        url, _ = self.free(client, running)
        assert "Choose at least one day" in client.post(url, {"half_days": "2"}).content.decode()

    def test_terms_and_bank_holidays_are_explained(self, signed_in, running, today):
        month = Month.containing(today)
        year = AcademicYear.containing(month.first_day)
        HalfTerm.objects.create(name="Short", first_day=year.first_day, last_day=year.first_day)
        page = signed_in("lead").get(reverse("deployment_calendar", args=[running.pk]), {"month": month.slug})
        assert page.context["form"].offered == [day for day in [today] if day == year.first_day]

    def test_the_calendar_takes_six_queries_whatever_stands_in_it(self, signed_in, running, django_assert_num_queries):
        client, url = signed_in(running.champion.user), reverse("deployment_calendar", args=[running.pk])
        for count in (0, 20):
            for number in range(count):
                make.delivery(
                    running.school, "SSPC", Month.containing(running.ends_on).first_day + timedelta(days=number),
                    state="planned", champion=running.champion, deployment=running,
                )  # fmt: skip
            address = {"month": Month.containing(running.ends_on).slug}
            client.get(url, address)
            with django_assert_num_queries(5):
                client.get(url, address)

    def test_a_champion_moves_and_cancels_on_pages_of_their_own(self, signed_in, running, today):
        client = signed_in(running.champion.user)
        _, days = self.free(client, running)
        day = plan_day(running, happens_on=days[0], half_days=2, by=running.champion.user, on=today)
        client.post(reverse("delivery_move", args=[day.pk]), posted("happens_on", days[1]) | {"reason": "A clash"})
        day.refresh_from_db()
        assert day.happens_on == days[1]
        page = client.get(reverse("delivery_cancel", args=[day.pk])).content.decode()
        assert "of notice. The school gets a mail that says who and when, not why." in page
        client.post(reverse("delivery_cancel", args=[day.pk]), {"why": "I am ill"})
        shown = client.get(reverse("delivery_detail", args=[day.pk])).content.decode()
        assert ("I am ill" in shown, "Notice: " in shown) == (True, True)
        assert client.get(reverse("delivery_move", args=[day.pk])).status_code == 302

    def test_withdrawing_a_booked_day_leads_to_the_page_that_tells_the_school(self, signed_in, running, today):
        day = plan_day(running, happens_on=today, half_days=2, by=running.champion.user, on=today)
        answer = signed_in("lead").get(reverse("delivery_withdraw", args=[day.pk]))
        assert answer.url == reverse("delivery_cancel", args=[day.pk])

    def test_a_leader_is_asked_why_a_second_day_stands(self, signed_in, running, elsewhere, today):
        type(elsewhere).objects.filter(pk=elsewhere.pk).update(starts_on=today, ends_on=today + timedelta(days=60))
        make.categorise(elsewhere.school, "Intervention", today - timedelta(days=30))
        make.delivery(elsewhere.school, "SSPC", today, state="planned", champion=running.champion)
        client, url = signed_in("lead"), reverse("delivery_log", args=[running.pk])
        data = {"half_days": "2", "summary": "Phonics", **posted("happens_on", today)}
        page = client.post(url, data).content.decode()
        assert ("at Hill School, planned" in page, 'name="override"' in page) == (True, True)
        client.post(url, data | {"override": "An evening meeting"})
        made = running.deliveries.get()
        shown = client.get(reverse("delivery_detail", args=[made.pk])).content.decode()
        assert ("An evening meeting" in shown, made.override_why) == (True, "An evening meeting")
