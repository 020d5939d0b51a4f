"""How far deployments are, what of them runs out, and the pages that say so."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from brokering.days_used import By, Used, lines_of
from brokering.watching import deployed, deployments_of, over_used, pools_running_out, running_out
from sidebyside.council.models import Council
from sidebyside.years import AcademicYear
from support.models import Champion, Deployment, Lending
from support.warnings import Kind
from tests import make

pytestmark = pytest.mark.django_db
TODAY, YEAR = date(2023, 1, 16), AcademicYear(2022)


@pytest.fixture(autouse=True)
def that_day():
    with time_machine.travel("2023-01-16T12:00:00Z", tick=False):
        yield


@pytest.fixture(autouse=True)
def council():
    return make.council()


@pytest.fixture
def lead():
    return make.user("lead")


def helped(days: str = "10", **rest) -> Deployment:
    """A deployment with a day of each state; two half days are delivered and not confirmed."""
    kinds = {name: rest.pop(name) for name in ("school", "champion") if name in rest}
    at, who = kinds.get("school") or make.school(), kinds.get("champion") or make.champion(user=make.user("champion"))
    deployment = make.deployment(at, who, half_days_agreed=int(float(days) * 2), **rest)
    for state, length in (("planned", "1"), ("delivered", "0.5"), ("confirmed", "1.5"), ("cancelled", "3")):
        make.delivery(at, "SSLC", TODAY, length, state, champion=who, deployment=deployment)
    return deployment


def rows(lead, year: AcademicYear = YEAR, on: date = TODAY):
    return deployed(deployments_of(lead, year), on=on)


# --- The days ---------------------------------------------------------------------------------------------------------
def test_days_are_agreed_booked_delivered_confirmed_and_left(lead):
    helped()
    (row,) = rows(lead)
    assert row.used == Used(agreed=20, booked=2, delivered=4, confirmed=3, left=14)


def test_many_outcomes_reviews_and_home_schools_multiply_no_day(lead):
    """Two joins to many rows in one sum would count each day as often as the other rows are."""
    deployment = helped()
    for text in ("One", "Two", "Three"):
        deployment.intended.create(text=text)
    Lending.objects.filter(champion=deployment.champion).update(ends_on=date(2022, 12, 31))
    for start in (date(2023, 1, 1), date(2023, 2, 1)):
        Lending.objects.create(
            champion=deployment.champion, school=make.school(), starts_on=start, ends_on=start + timedelta(days=27)
        )
    assert [row.used for row in rows(lead)] == [Used(20, 2, 4, 3, 14)]


def test_a_deployment_without_a_day_has_all_of_them_left(lead):
    make.deployment(make.school())
    assert [(row.used, row.last_day_of_it) for row in rows(lead)] == [(Used(agreed=20, left=20), None)]


@pytest.mark.parametrize(
    ("state", "used"),
    [("agreed", Used(20, 2, 4, 3, 14)), ("ended", Used(20, 2, 4, 3, 0)), ("proposed", None), ("declined", None)],
)
def test_what_was_never_agreed_is_not_counted_and_what_has_ended_has_nothing_left(lead, state, used):
    helped(state=state)
    assert [row.used for row in rows(lead)] == ([used] if used else [])


def test_past_its_last_day_a_deployment_has_nothing_left(lead):
    helped(ends_on=TODAY)
    assert [row.used.left for day in (0, 1) for row in rows(lead, on=TODAY + timedelta(days=day))] == [14, 0]


def test_a_deployment_belongs_to_the_academic_year_in_which_it_begins(lead):
    first, last = helped(starts_on=date(2022, 9, 1)), helped(starts_on=date(2023, 8, 31), ends_on=date(2023, 8, 31))
    helped(starts_on=date(2022, 8, 31), ends_on=date(2022, 8, 31))
    assert [row.pk for row in rows(lead)] == [first.pk, last.pk]


def test_the_home_school_is_the_one_that_lent_the_champion_when_it_began(lead):
    old, new = make.school(name="Old Home"), make.school(name="New Home")
    champion = make.champion(home=old)
    Lending.objects.filter(champion=champion).update(ends_on=date(2022, 12, 31))
    Lending.objects.create(champion=champion, school=new, starts_on=date(2023, 1, 1))
    Champion.objects.update(home_school=new)
    helped(champion=champion)
    helped(champion=champion, starts_on=date(2023, 1, 9))
    lines = lines_of(rows(lead), By.HOME)
    assert [(line.name, line.used.delivered) for line in lines] == [("New Home", 4), ("Old Home", 4)]


def test_a_champion_whose_home_school_said_no_dates_counts_for_the_present_one(lead):
    champion = make.champion(home=make.school(name="Hill School"))
    Lending.objects.all().delete()
    helped(champion=champion)
    assert [row.home for row in rows(lead)] == ["Hill School"]


# --- What runs out ----------------------------------------------------------------------------------------------------
def test_warnings_name_the_deployment_lead_to_it_and_come_by_urgency(lead):
    quiet = helped(ends_on=TODAY + timedelta(days=20))
    soon = helped(ends_on=TODAY + timedelta(days=10))
    pressing = helped(days="1")
    found = running_out(rows(lead), Council.current(), on=TODAY)
    assert [(each.name, each.url, each.caution.kind) for each in found] == [
        (str(pressing), pressing.get_absolute_url(), Kind.OVER),
        (str(soon), soon.get_absolute_url(), Kind.ENDING),
        (str(quiet), quiet.get_absolute_url(), Kind.ENDING),
    ]


def test_a_champion_over_the_days_agreed_with_the_home_school_is_found_in_one_query(lead, django_assert_num_queries):
    for _ in range(2):
        champion = make.champion(days_a_year="9", home=make.school(name="Hill School"))
        helped(champion=champion)
    helped(champion=make.champion(days_a_year="10"))
    helped(champion=make.champion())
    with django_assert_num_queries(1):
        found = over_used(Champion.objects.visible_to(lead), YEAR, on=TODAY)
    assert [each.caution.sentence for each in found] == [
        "10 days delivered, booked or promised this academic year, 1 more than the 9 agreed with Hill School."
    ] * 2


def test_of_a_year_that_is_over_no_champion_is_warned_of(lead):
    helped(champion=make.champion(days_a_year="1"))
    assert over_used(Champion.objects.all(), YEAR, on=date(2023, 9, 1)) == []


def test_the_pools_of_any_number_of_schools_take_five_queries(lead, django_assert_num_queries):
    make.offer_2022()
    champion, council = make.champion("SSPC"), Council.current()
    for count in (1, 4):
        for _ in range(count):
            school = make.school()
            make.categorise(school)
            for ago in range(8):
                make.delivery(school, "SSPC", TODAY - timedelta(days=ago), champion=champion)
        make.categorise(make.school())
        with django_assert_num_queries(5):
            found = pools_running_out(lead, council, on=TODAY)
    assert [len(each.cautions) for each in found] == [1] * 5
    assert found[0].cautions[0].sentence.endswith("8 of 9 days are delivered or booked (88 per cent): 1 day left.")


# --- The pages --------------------------------------------------------------------------------------------------------
def watch(client, **asked):
    return client.get(reverse("watch"), asked)


@pytest.mark.parametrize("by", list(By))
def test_the_page_shows_a_line_for_each_and_all_of_them_together(signed_in, lead, by):
    school = make.school(name="Oak School")
    champion = make.champion(name="Jo Marsh", home=make.school(name="Hill School"))
    helped(school=school, champion=champion)
    helped(school=school, champion=champion, focus="Writing")
    page = watch(signed_in(lead), by=by)
    text = page.content.decode()
    assert [len(page.context["page"].object_list), page.context["total"]] == [
        2 if by == By.DEPLOYMENT else 1,
        Used(40, 4, 8, 6, 28),
    ]
    name = {
        "deployment": "Jo Marsh at Oak School",
        "school": "Oak School",
        "champion": "Jo Marsh",
        "home": "Hill School",
    }
    assert f">{name[by]}</a>" in text


def test_the_page_is_narrowed_by_year_words_type_and_adviser(signed_in, lead):
    oak, ash = make.school(name="Oak School"), make.school(name="Ash School")
    adviser = make.adviser_of(oak)
    helped(school=oak)
    helped(school=ash, champion=make.champion("SSPC"))
    helped(school=ash, starts_on=date(2021, 9, 1), ends_on=date(2022, 7, 1))
    client = signed_in(lead)
    asked = [
        {}, {"q": "oak"}, {"q": str(ash.pk)}, {"type": make.champion_type("SSPC").pk}, {"adviser": adviser.pk},
        {"year": "2021-22"}, {"year": "2023-24"}, {"year": "nonsense"}, {"year": "1066-67"}, {"by": "nonsense"},
    ]  # fmt: skip
    found = [[line.first.school for line in watch(client, **each).context["page"]] for each in asked]
    both = ["Oak School", "Ash School"]
    assert [sorted(names) for names in found] == [
        sorted(both), ["Oak School"], ["Ash School"], ["Ash School"], ["Oak School"],
        ["Ash School"], [], sorted(both), sorted(both), sorted(both),
    ]  # fmt: skip


def test_the_page_warns_of_what_runs_out(signed_in, lead):
    deployment = helped(days="1")
    text = watch(signed_in(lead)).content.decode()
    assert ("1 warning</h2>" in text, deployment.get_absolute_url() in text) == (True, True)
    assert "3 days are delivered or booked, 2 more than the 1 agreed." in text


def test_the_first_warnings_stand_above_and_all_of_them_where_all_is_asked_for(signed_in, lead):
    for _ in range(6):
        helped(days="1")
    client = signed_in(lead)
    assert [len(watch(client, **asked).context["shown"]) for asked in ({}, {"all": 1})] == [5, 6]
    assert ["All 6 warnings" in watch(client, **asked).content.decode() for asked in ({}, {"all": 1})] == [True, False]


def test_a_champion_is_warned_of_only_where_the_selection_holds_them(signed_in, lead):
    helped(champion=make.champion(days_a_year="1", name="Jo Marsh"), school=make.school(name="Oak School"))
    client = signed_in(lead)
    assert [len(watch(client, q=words).context["warnings"]) for words in ("oak", "ash")] == [1, 0]


def test_an_empty_year_says_so_and_offers_no_total(signed_in, lead):
    text = watch(signed_in(lead)).content.decode()
    assert ("No deployment of 2022/23 has been agreed." in text, "<tfoot" in text) == (True, False)


def test_more_lines_than_a_page_shows_can_stand_on_one_for_paper(signed_in, lead):
    champion = make.champion()
    for _ in range(51):
        make.deployment(make.school(), champion, made_by=lead)
    client = signed_in(lead)
    assert [len(watch(client, **asked).context["page"].object_list) for asked in ({}, {"page": 2}, {"all": 1})] == [
        50, 1, 51,
    ]  # fmt: skip
    assert [watch(client, **asked).context["total"].agreed for asked in ({}, {"page": 2})] == [1020, 1020]


@pytest.mark.parametrize("by", list(By))
def test_the_page_asks_the_database_as_often_for_fifty_as_for_one(signed_in, lead, django_assert_num_queries, by):
    client = signed_in(lead)
    watch(client, by=by)
    for count in (1, 49):
        for _ in range(count):
            helped(days="1", champion=make.champion(days_a_year="1"))
        with django_assert_num_queries(6):
            watch(client, by=by)
        with django_assert_num_queries(4):
            list(client.get(reverse("watch_export"), {"by": by}))


@pytest.mark.parametrize(
    ("by", "heading", "who"),
    [
        (By.DEPLOYMENT, "champion,code,type,urn,school,home_school,starts_on,ends_on",
         "Jo Marsh,CH1,SSLC,200001,Oak School,Hill School,2022-09-01,2023-08-31"),
        (By.SCHOOL, "urn,school,deployments", "200001,Oak School,1"),
        (By.CHAMPION, "code,champion,deployments", "CH1,Jo Marsh,1"),
        (By.HOME, "urn,home_school,deployments", "200002,Hill School,1"),
    ],
)  # fmt: skip
def test_the_spreadsheet_says_the_same(signed_in, lead, by, heading, who):
    home = make.school(200002, name="Hill School")
    helped(
        school=make.school(200001, name="Oak School"), champion=make.champion(code="CH1", name="Jo Marsh", home=home)
    )
    answer = signed_in(lead).get(reverse("watch_export"), {"by": by})
    assert answer["Content-Disposition"] == f'attachment; filename="days-by-{by}-2022-23.csv"'
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines == [f"{heading},agreed,booked,delivered,confirmed,left", f"{who},10.0,1.0,2.0,1.5,7.0"]


def test_the_spreadsheet_follows_the_selection_and_its_order(signed_in, lead):
    for name, days in (("Oak School", "9"), ("Ash School", "10"), ("Elm School", "11")):
        helped(days, school=make.school(name=name))
    answer = signed_in(lead).get(reverse("watch_export"), {"by": "school", "sort": "-agreed", "q": "school"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["Elm School", "Ash School", "Oak School"]


def test_the_pools_that_run_out_stand_on_a_page_of_their_own(signed_in, lead, django_assert_num_queries):
    make.offer_2022()
    client = signed_in(lead)
    assert "No school’s days run out at present." in client.get(reverse("watch_pools")).content.decode()
    school = make.school(name="Oak School")
    make.categorise(school)
    for ago in range(9):
        make.delivery(school, "SSPC", TODAY - timedelta(days=ago), champion=make.champion("SSPC"))
    with django_assert_num_queries(8):  # the sign-in's two, the council, and the five of all balances
        text = client.get(reverse("watch_pools")).content.decode()
    assert ("Oak School" in text, "All 9 days are delivered or booked." in text) == (True, True)


@pytest.mark.parametrize("name", ["watch", "watch_export", "watch_pools"])
@pytest.mark.parametrize(("role", "status"), [("adviser", 200), ("champion", 403), ("head", 403), ("finance", 403)])
def test_the_team_watches_and_nobody_else(signed_in, name, role, status):
    assert signed_in(role).get(reverse(name)).status_code == status
