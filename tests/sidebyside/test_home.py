"""The home page of each role: what is theirs, what waits for them, in few queries."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sidebyside.accounts.roles import Role
from sidebyside.audit.models import Event
from support.actions.disputing import dispute_delivery
from support.models import ConfirmationReminder
from tests import make
from tests.billing.cases import issue
from visits.models import NoteAnswer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def council():
    make.offer_2022()
    make.rates()
    return make.council()


def home(client) -> str:
    return client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_home_within_eight_queries(signed_in, django_assert_max_num_queries, role):
    client = signed_in(role.value)
    home(client)
    with django_assert_max_num_queries(8):
        assert "Hello," in home(client)


def test_a_head_sees_the_day_that_waits_to_be_confirmed(signed_in):
    school = make.school()
    make.delivery(
        school, "SSPC", timezone.localdate(), "1.5", "delivered", champion=make.champion("SSPC", name="Jo Marsh")
    )
    make.delivery(
        make.school(), "SSPC", timezone.localdate(), state="delivered", champion=make.champion(name="Ann Other")
    )
    page = home(signed_in(make.head(school)))
    assert ("Confirm 1.5 days of Jo Marsh" in page, "Ann Other" in page) == (True, False)


def test_a_leader_reads_how_many_deliveries_wait_whatever_their_kind(signed_in):
    make.delivery(make.school(), "HLV", state="delivered")
    make.delivery(make.school(), "SSPC", days="0.5", state="delivered")
    cards = {card.label: card.number for card in signed_in("lead").get(reverse("home")).context["home"].cards}
    assert cards["deliveries wait for a school to confirm"] == "2"


def test_a_leader_reads_what_runs_out_and_what_ends_soonest(signed_in, today):
    champion = make.champion(days_a_year="1")
    late, soon = (
        make.deployment(make.school(name=name), champion, starts_on=today, ends_on=today + timedelta(days=days))
        for name, days in (("Vale School", 200), ("Hill School", 9))
    )
    page = signed_in("lead").get(reverse("home")).context["home"]
    sections = {section.title: [(task.url, task.status) for task in section.tasks] for section in page.sections}
    assert sections["Running out or standing still"] == [
        (soon.get_absolute_url(), "Ends soon"),
        (champion.get_absolute_url(), "More than agreed"),
    ]
    assert sections["Deployments that end soonest"] == [(each.get_absolute_url(), "") for each in (soon, late)]
    assert [(card.number, card.attention) for card in page.cards if card.label.endswith("to look at")] == [("2", True)]


def test_a_leaders_home_takes_the_same_queries_for_one_deployment_and_for_many(signed_in, django_assert_num_queries):
    today, client = timezone.localdate(), signed_in("lead")
    for count in (1, 12):
        for _ in range(count):
            make.deployment(make.school(), starts_on=today, ends_on=today + timedelta(days=9))
        home(client)
        with django_assert_num_queries(8):
            home(client)


def test_an_adviser_sees_the_next_visits_first(signed_in):
    me, today = make.user("adviser"), timezone.localdate()
    for days in range(20, 0, -2):
        make.visit(make.school(name=f"School in {days} days"), today + timedelta(days=days), adviser=me)
    shown = signed_in(me).get(reverse("home")).context["home"].sections[1]
    coming = [f"School in {days} days" for days in range(2, 18, 2)]
    assert (shown.title, [task.label for task in shown.tasks]) == ("Coming visits", coming)


def test_a_champion_logs_a_day_from_home(signed_in):
    person = make.user("champion")
    today = timezone.localdate()
    dates = {"starts_on": today - timedelta(days=7), "ends_on": today + timedelta(days=7)}
    mine = make.deployment(make.school(name="Vale School"), make.champion(user=person), **dates)
    make.deployment(make.school(name="Hill School"), **dates)
    page = home(signed_in(person))
    assert (reverse("delivery_log", args=[mine.pk]) in page, "Hill School" in page) == (True, False)


def test_a_champion_finds_the_own_entry_and_calendar(signed_in, django_assert_max_num_queries):
    person = make.user("champion")
    champion = make.champion(user=person)
    client = signed_in(person)
    home(client)
    with django_assert_max_num_queries(8):
        page = home(client)
    assert [reverse(name, args=[champion.code]) in page for name in ("champion_detail", "champion_calendar")] == [
        True
    ] * 2


def test_finance_sees_what_is_overdue(signed_in):
    academy = make.academy()
    make.account(academy)
    make.delivery(academy, "SSLC", date(2023, 1, 18))
    issue(on=date(2023, 2, 6))
    page = home(signed_in("finance"))
    assert ("SBS2223-00001" in page, "£330.00" in page) == (True, True)
    assert "1 of 1 invoice issued" in page


def test_the_lead_sees_the_categories_to_confirm(signed_in):
    school = make.school(name="Vale School")
    make.categorise(school, state="proposed", confirmed_at=None)
    assert "Vale School" in home(signed_in("lead"))


def test_a_heads_answer_leaves_the_advisers_home_once_it_is_read(signed_in):
    school, me = make.school(name="Vale School"), make.user("adviser")
    visit = make.visit(school, state="delivered", adviser=me)
    note, client = make.note(visit), signed_in(me)
    answer = {"note": note, "is_accurate": False, "text": "Year 3", "answered_by": make.head(school)}

    def waiting() -> list[str]:
        return [task.label for task in client.get(reverse("home")).context["home"].sections[2].tasks]

    NoteAnswer.objects.create(answered_at=timezone.now(), **answer)
    assert waiting() == ["Vale School"]
    for _ in range(2):
        client.post(reverse("answers_read", args=[visit.pk]))
    assert (waiting(), Event.objects.filter(verb="note.answers_read", by=me).count()) == ([], 1)
    NoteAnswer.objects.create(answered_at=timezone.now(), **answer)
    assert waiting() == ["Vale School"]


def set_up_steps(client) -> list[str]:
    """The lines of what is left to set up; none where the list is gone."""
    sections = client.get(reverse("home")).context["home"].sections
    return [task.label for section in sections if section.title == "What is left to set up" for task in section.tasks]


def test_what_is_left_to_set_up_is_gone_when_it_is_done(signed_in):
    client = signed_in("administrator")
    steps = [
        "Import the register of schools",
        "Import the schools’ categories",
        "Enter the term dates",
        "Invite people",
    ]
    assert set_up_steps(client) == steps
    make.categorise(make.school())
    assert set_up_steps(client) == ["Enter the term dates", "Invite people"]
    make.half_terms()
    assert set_up_steps(client) == ["Invite people"]
    make.user("lead")
    assert set_up_steps(client) == []


def test_homes_take_the_same_queries_for_one_row_and_for_many(signed_in, django_assert_num_queries):
    school = make.academy()
    client = signed_in(make.head(school))
    for count in (1, 6):
        for _ in range(count):
            make.delivery(school, "SSPC", timezone.localdate(), state="delivered")
        home(client)
        with django_assert_num_queries(8):
            home(client)


def tasks_of(client, title: str) -> list[tuple[str, str]]:
    """The lines of a section of the home page, each with its state."""
    sections = client.get(reverse("home")).context["home"].sections
    return [(task.label, task.status) for each in sections if each.title == title for task in each.tasks]


def test_a_disputed_day_waits_for_the_leader_and_for_nobody_else(signed_in):
    school, champion = make.school(), make.champion("SSPC", name="Jo Marsh", user=make.user("champion"))
    today, head = timezone.localdate(), make.head(school)
    day = make.delivery(school, "SSPC", today, state="delivered", champion=champion)
    dispute_delivery(day, reason="It was only a morning", by=head, on=today)
    assert tasks_of(signed_in("lead"), "Days to settle") == [("Jo Marsh", "Disputed")]
    assert tasks_of(signed_in(head), "Waiting for you") == [("1 day of Jo Marsh", "Disputed")]
    assert tasks_of(signed_in(champion.user), "Days that a school disputes") == [(f"1 day at {school}", "Disputed")]


def test_a_leader_sees_the_schools_that_stay_silent(signed_in):
    day = make.delivery(make.school(), "SSPC", state="delivered", champion=make.champion("SSPC", name="Jo Marsh"))
    ConfirmationReminder.objects.create(delivery=day, reminded_on=timezone.localdate())
    assert tasks_of(signed_in("lead"), "Days to settle") == [("Jo Marsh", "No answer")]


def test_a_champion_sees_first_what_is_to_be_logged(signed_in):
    person, today = make.user("champion"), timezone.localdate()
    champion, school = make.champion("SSPC", user=person), make.school()
    deployment = make.deployment(school, champion)
    for days in (3, -1):
        day = today + timedelta(days=days)
        make.delivery(school, "SSPC", day, state="planned", champion=champion, deployment=deployment)
    found = [status for _, status in tasks_of(signed_in(person), "Days you have booked")]
    assert found == ["To log", "Planned"]


def test_a_head_with_several_days_is_led_to_confirm_them_together(signed_in):
    school, champion = make.school(), make.champion("SSPC")
    for _ in range(2):
        make.delivery(school, "SSPC", timezone.localdate(), state="delivered", champion=champion)
    assert tasks_of(signed_in(make.head(school)), "Waiting for you")[0] == ("Confirm several days together", "")
