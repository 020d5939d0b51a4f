"""What stands in whose calendar, and how it is read: privately, cheaply, and never more than where and when."""

import io
import logging
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from sidebyside.accounts.models import User
from sidebyside.audit.models import Event
from sidebyside.calendars.actions import make_address, revoke_address
from sidebyside.calendars.feeds import entries_of
from sidebyside.calendars.models import CalendarAddress
from sidebyside.logs import configure
from sidebyside.refusals import Refusal
from support.actions.confirming import cancel_delivery
from support.actions.deliveries import move_delivery, plan_day
from support.actions.deployments import end_deployment
from tests import make
from visits.actions.planning import cancel_visit, move_visit, plan_visit
from visits.models import Visit

pytestmark = pytest.mark.django_db
TODAY = date(2023, 1, 16)
NOON = datetime(2023, 1, 16, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def that_day():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def adviser():
    return make.user("adviser")


@pytest.fixture
def school():
    make.offer_2022()
    school = make.school(name="Oak Green School", street="High Street")
    make.categorise(school, "Intervention")
    return school


@pytest.fixture
def champion():
    return make.champion("SSLC", user=make.user("champion"))


def feed_of(person: User) -> str:
    return reverse("calendar_feed", args=[make_address(by=person, at=timezone.now())])


def events(url: str) -> list:
    return Calendar.from_ical(Client().get(url).content).events


def said(entry) -> tuple:
    return entry.day, entry.title, entry.starts_at, entry.is_cancelled


# --- What stands in it ------------------------------------------------------------------------------------------------
def test_an_adviser_reads_own_visits_planned_held_and_cancelled(school, adviser):
    make.visit(school, TODAY, "confirmed", adviser=adviser, starts_at=time(9, 30), minutes=90)
    make.visit(school, TODAY + timedelta(days=1), adviser=adviser, starts_at=time(13))
    make.visit(school, TODAY + timedelta(days=2), "cancelled", adviser=adviser)
    make.visit(school, TODAY + timedelta(days=3))
    title = "Headline Visit at Oak Green School"
    assert [(*said(entry), entry.minutes) for entry in entries_of(adviser, on=TODAY)] == [
        (TODAY, title, time(9, 30), False, 90),
        (TODAY + timedelta(days=1), title, time(13), False, 60),
        (TODAY + timedelta(days=2), title, None, True, 60),
    ]


def test_an_adviser_reads_own_meetings_and_other_support_as_whole_days(school, adviser):
    support = make.delivery(school, "RIG", TODAY, state="delivered", adviser=adviser)
    (entry,) = entries_of(adviser, on=TODAY)
    assert said(entry) == (TODAY, "Rapid Improvement Group at Oak Green School", None, False)
    assert entry.url.endswith(reverse("delivery_detail", args=[support.pk]))


def test_a_champion_reads_own_days_and_half_days_booked_and_delivered(school, champion):
    for days, state in (("0.5", "planned"), ("1", "delivered"), ("1.5", "confirmed")):
        make.delivery(school, "SSLC", TODAY, days, state, champion=champion)
    make.delivery(school, "SSLC", TODAY)
    found = [(*said(entry), entry.is_free) for entry in entries_of(champion.user, on=TODAY)]
    assert found == [
        (TODAY, "Half day at Oak Green School", None, False, True),
        (TODAY, "Day at Oak Green School", None, False, False),
        (TODAY, "1.5 days at Oak Green School", None, False, False),
    ]


def test_a_champion_who_attends_a_visit_reads_the_half_day_and_the_page_that_a_champion_opens(school, champion):
    visit = make.visit(school, TODAY, champion=champion, days="0.5", starts_at=time(9))
    (entry,) = entries_of(champion.user, on=TODAY)
    assert said(entry) == (TODAY, "Half day at Oak Green School", None, False)
    assert entry.url.endswith(reverse("delivery_detail", args=[visit.delivery_id]))


def test_it_reaches_from_sixty_days_back_to_the_end_of_the_next_academic_year(school, adviser):
    for day in (date(2022, 11, 16), date(2022, 11, 17), date(2024, 8, 31), date(2024, 9, 1)):
        make.visit(school, day, adviser=adviser)
    assert [entry.day for entry in entries_of(adviser, on=TODAY)] == [date(2022, 11, 17), date(2024, 8, 31)]


def test_where_it_takes_place_is_the_school_unless_it_is_online(school, adviser):
    make.visit(school, TODAY, adviser=adviser)
    make.visit(school, TODAY, adviser=adviser, mode=Visit.Mode.ONLINE)
    found = [(entry.place, entry.text) for entry in entries_of(adviser, on=TODAY)]
    assert found == [
        ("Oak Green School, High Street, Westmere, WM1 1AA", "Planned, in school"),
        ("Online", "Planned, online"),
    ]


def test_nothing_that_was_written_stands_in_it(school, champion):
    secret = {name: f"Zq{name}" for name in ("summary", "effect", "next_step", "cancelled_why", "confirmed_why")}
    deployment = make.deployment(school, champion, focus="Zqfocus")
    make.delivery(school, "SSLC", TODAY, champion=champion, deployment=deployment, **secret)
    visit = make.visit(school, TODAY, "confirmed")
    make.note(visit, confidential="Zqconfidential", focus="Zqnote")
    files = [Client().get(feed_of(person)).content for person in (champion.user, visit.delivery.adviser)]
    assert [(b"Oak Green" in file, b"Zq" in file) for file in files] == [(True, False), (True, False)]


def test_a_champion_never_reads_a_visit_of_the_adviser_and_nobody_what_is_anothers(school, champion, adviser):
    make.visit(school, TODAY, adviser=adviser)
    assert (entries_of(champion.user, on=TODAY), entries_of(make.user("adviser"), on=TODAY)) == ([], [])


@pytest.mark.parametrize(("role", "count"), [("adviser", 1), ("lead", 1), ("head", 0), ("finance", 1)])
def test_a_person_whose_role_no_longer_sees_it_reads_nothing(school, adviser, role, count):
    make.visit(school, TODAY, adviser=adviser)
    User.objects.filter(pk=adviser.pk).update(role=role)
    assert len(entries_of(User.objects.get(pk=adviser.pk), on=TODAY)) == count


# --- What changes -----------------------------------------------------------------------------------------------------
def version(person: User) -> tuple:
    (entry,) = entries_of(person, on=TODAY)
    return entry.uid, entry.version, entry.changed_at


def test_moving_and_cancelling_a_visit_raises_its_version_and_keeps_its_name(school, adviser, that_day):
    by = {"by": adviser, "on": TODAY}
    day = TODAY + timedelta(days=7)
    visit = plan_visit(school, service=make.service("HLV"), happens_on=day, adviser=adviser, **by)
    seen = [version(adviser)]
    that_day.shift(60)
    move_visit(visit, happens_on=day, starts_at=time(14), why="The head asked", **by)
    seen.append(version(adviser))
    that_day.shift(60)
    cancel_visit(visit, why="Snow", notice_on=TODAY, **by)
    seen.append(version(adviser))
    assert len({uid for uid, _, _ in seen}) == 1
    assert [number for _, number, _ in seen] == [1, 2, 4]
    assert [moment - NOON for _, _, moment in seen] == [timedelta(minutes=n) for n in (0, 1, 2)]


def test_moving_and_cancelling_a_day_raises_its_version(school, champion):
    deployment = make.deployment(school, champion)
    by = {"by": champion.user, "on": TODAY}
    delivery = plan_day(deployment, happens_on=TODAY + timedelta(days=7), half_days=1, **by)
    first = version(champion.user)[1]
    move_delivery(delivery, happens_on=TODAY + timedelta(days=8), **by)
    second = version(champion.user)[1]
    cancel_delivery(delivery, why="Snow", **by)
    assert (first, second, version(champion.user)[1]) == (1, 2, 4)


def test_the_end_of_a_deployment_cancels_the_days_that_it_had_booked_in_the_calendar_too(school, champion, that_day):
    deployment = make.deployment(school, champion)
    plan_day(deployment, happens_on=TODAY + timedelta(days=7), half_days=1, by=champion.user, on=TODAY)
    uid, number, _ = version(champion.user)
    that_day.shift(60)
    end_deployment(deployment, why="It has worked", by=make.user("lead"), on=TODAY)
    assert version(champion.user) == (uid, number + 1, NOON + timedelta(minutes=1))
    assert [entry.is_cancelled for entry in entries_of(champion.user, on=TODAY)] == [True]


def test_a_visit_without_a_trail_was_changed_when_it_was_made(school, adviser):
    make.visit(school, TODAY, adviser=adviser)
    assert version(adviser)[1:] == (0, NOON)


# --- Reading it -------------------------------------------------------------------------------------------------------
def test_a_feed_is_a_calendar_that_no_cache_keeps(school, adviser):
    make.visit(school, TODAY, adviser=adviser, starts_at=time(9))
    answer = Client().get(feed_of(adviser))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "no-store" in answer["Cache-Control"]
    (event,) = Calendar.from_ical(answer.content).events
    assert (str(event["SUMMARY"]), event["DTSTART"].dt.astimezone(UTC)) == (
        "Headline Visit at Oak Green School",
        datetime(2023, 1, 16, 9, tzinfo=UTC),
    )
    assert event["UID"].endswith("@127.0.0.1")


def test_whoever_has_it_already_is_told_that_nothing_is_new_until_something_is(school, adviser, that_day):
    visit = make.visit(school, TODAY, adviser=adviser)
    url, client = feed_of(adviser), Client()
    first = client.get(url)
    that_day.shift(3600)
    by_tag = client.get(url, headers={"if-none-match": first["ETag"]})
    by_time = client.get(url, headers={"if-modified-since": first["Last-Modified"]})
    assert [(answer.status_code, answer.content) for answer in (by_tag, by_time)] == [(304, b""), (304, b"")]
    assert (by_tag["ETag"], by_tag["Last-Modified"]) == (first["ETag"], first["Last-Modified"])
    make.visit(school, TODAY, adviser=adviser)
    visit.delivery.adviser = make.user("adviser")  # as somebody else's, it leaves the calendar without a later deed
    visit.delivery.save()
    by_tag = client.get(url, headers={"if-none-match": first["ETag"]})
    by_time = client.get(url, headers={"if-modified-since": first["Last-Modified"]})
    assert [answer.status_code for answer in (by_tag, by_time)] == [200, 200]
    assert by_tag["Last-Modified"] == "Mon, 16 Jan 2023 13:00:00 GMT"


def test_a_feed_answers_a_head_request_and_no_other_deed(adviser):
    url = feed_of(adviser)
    assert [getattr(Client(), deed)(url).status_code for deed in ("head", "post", "put", "delete")] == [
        200, 405, 405, 405,
    ]  # fmt: skip


def test_unknown_replaced_revoked_deactivated_and_without_the_role_look_the_same(adviser):
    former = feed_of(adviser)
    urls = {"unknown": reverse("calendar_feed", args=["x" * 43]), "replaced": former, "not a token": "/calendar/é.ics"}
    feed_of(adviser)
    revoked, left, changed = (make.user("adviser") for _ in range(3))
    urls |= {"revoked": feed_of(revoked), "left": feed_of(left), "changed": feed_of(changed)}
    revoke_address(revoked.calendar_address, by=revoked)
    User.objects.filter(pk=left.pk).update(is_active=False)
    User.objects.filter(pk=changed.pk).update(role="finance")
    answers = {name: Client().get(url) for name, url in urls.items()}
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({answer.content for answer in answers.values()}) == 1
    assert len({tuple(sorted({**answer.headers, "X-Request-ID": ""}.items())) for answer in answers.values()}) == 1


def test_a_feed_asks_the_database_as_often_for_fifty_visits_as_for_one(school, adviser, django_assert_num_queries):
    make.council()
    make.visit(school, TODAY, adviser=adviser)
    url = feed_of(adviser)
    for count in (1, 50):
        for _ in range(count - 1):
            make.visit(school, TODAY, adviser=adviser)
        with django_assert_num_queries(3):  # the address, its entries, that it was read
            answer = Client().get(url)
        with django_assert_num_queries(3):
            Client().get(url, headers={"if-none-match": answer["ETag"]})
    nobodys = reverse("calendar_feed", args=["nobodys"])
    Client().get(nobodys)
    with django_assert_num_queries(1):
        Client().get(nobodys)


def test_that_it_was_read_is_written_down_every_five_minutes_at_most(adviser, that_day):
    url = feed_of(adviser)
    read = []
    for minutes in (0, 4, 6):
        that_day.move_to(NOON + timedelta(minutes=minutes))
        Client().get(url)
        read.append(CalendarAddress.objects.get().read_at - NOON)
    assert read == [timedelta(0), timedelta(0), timedelta(minutes=6)]


def test_no_line_of_the_log_holds_a_token(adviser):
    configure({"level": "INFO", "json": True})
    written = io.StringIO()
    next(handler for handler in logging.root.handlers if type(handler) is logging.StreamHandler).setStream(written)
    url = feed_of(adviser)
    Client().get(url)
    revoke_address(adviser.calendar_address, by=adviser)
    Client().get(url)
    Client().post(url)
    configure(django_settings.LOGGING)
    lines = written.getvalue()
    token = url.removeprefix("/calendar/").removesuffix(".ics")
    assert (lines.count('"event": "answered"'), lines.count("calendar/<str:token>.ics") >= 3) == (3, True)
    assert token not in lines


# --- Making, replacing, revoking --------------------------------------------------------------------------------------
def test_only_the_hash_of_an_address_is_kept(adviser):
    token = make_address(by=adviser, at=NOON)
    row = CalendarAddress.objects.values().get()
    assert len(token) == 43
    assert [name for name, value in row.items() if token in str(value)] == []
    assert CalendarAddress.objects.get(digest=CalendarAddress.digest_of(token)).user == adviser


def test_a_replaced_address_stops_at_once_and_the_new_one_has_not_been_read(adviser):
    old = feed_of(adviser)
    assert Client().get(old).status_code == 200
    new = feed_of(adviser)
    assert CalendarAddress.objects.get().read_at is None
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)


def test_each_step_leaves_a_trail_without_the_address(adviser):
    for _ in range(2):
        make_address(by=adviser, at=NOON)
    revoke_address(CalendarAddress.objects.get(), by=adviser)
    found = Event.objects.order_by("id").values_list("verb", "subject", "by", "details")
    assert list(found) == [
        (f"user.calendar_{deed}", f"user:{adviser.pk}", adviser.pk, {}) for deed in ("made", "replaced", "revoked")
    ]


def test_an_address_is_revoked_once_and_never_the_one_that_took_its_place(adviser):
    make_address(by=adviser, at=NOON)
    seen = CalendarAddress.objects.get()
    make_address(by=adviser, at=NOON)
    with pytest.raises(Refusal, match="replaced or revoked meanwhile"):
        revoke_address(seen, by=adviser)
    assert CalendarAddress.objects.count() == 1


@pytest.mark.parametrize("role", ["head", "finance", "trust_finance", "auditor", "administrator"])
def test_who_has_no_calendar_gets_no_address(role):
    with pytest.raises(Refusal, match="no calendar"):
        make_address(by=make.user(role), at=NOON)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"digest": ""}, "calendar_address_has_a_token"),
        ({"fingerprint": "a"}, "calendar_has_changed_at_a_moment"),
        ({"digest": "taken"}, "digest"),
    ],
)
def test_the_database_refuses_an_address_that_cannot_be(adviser, values, constraint):
    CalendarAddress.objects.create(user=make.user(), digest="taken", made_at=NOON)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CalendarAddress.objects.create(**{"user": adviser, "digest": "other", "made_at": NOON} | values)


def test_a_person_has_one_address(adviser):
    CalendarAddress.objects.create(user=adviser, digest="one", made_at=NOON)
    with pytest.raises(IntegrityError, match="user"), transaction.atomic():
        CalendarAddress.objects.create(user=adviser, digest="two", made_at=NOON)


# --- The pages --------------------------------------------------------------------------------------------------------
def test_a_champion_makes_an_address_reads_it_once_and_revokes_it(signed_in, champion):
    client = signed_in(champion.user)
    assert "You have no calendar address yet" in client.get("/calendar/").content.decode()
    page = client.post("/calendar/new/")
    url = page.context["url"]
    assert url in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    path = url.removeprefix(django_settings.SITE_URL)
    assert page.context["open_url"] == url.replace("http://", "webcal://")
    assert Client().get(path).status_code == 200
    later = client.get("/calendar/").content.decode()
    assert ("16 January 2023, 12pm, by whatever calendar uses it" in later, url in later) == (True, False)
    assert client.post("/calendar/revoke/", follow=True).redirect_chain == [("/calendar/", 302)]
    assert Client().get(path).status_code == 404


def test_making_the_first_address_and_replacing_one_are_asked_for_in_their_own_words(signed_in, adviser):
    client = signed_in(adviser)
    titles = [client.get("/calendar/new/").context["title"]]
    client.post("/calendar/new/")
    titles.append(client.get("/calendar/new/").context["title"])
    assert titles == ["Make a calendar address?", "Replace your calendar address?"]


def test_there_is_nothing_to_revoke_without_an_address(signed_in, adviser):
    assert signed_in(adviser).get("/calendar/revoke/").status_code == 404


def test_the_pages_take_few_queries(signed_in, adviser, django_assert_num_queries):
    make.council()
    client = signed_in(adviser)
    make_address(by=adviser, at=NOON)
    for name in ("calendar", "calendar_new", "calendar_revoke"):
        client.get(reverse(name))
        with django_assert_num_queries(3):
            client.get(reverse(name))
