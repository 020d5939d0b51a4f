"""The list of schools: what it shows, narrows, sorts, counts and exports."""

import csv
from datetime import date, timedelta

import pytest
from django.urls import reverse

from schools.models import School
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(signed_in):
    """The names that an adviser's list shows for a query string, in its order."""
    make.council()
    browser = signed_in("adviser")

    def names(**query):
        return [school.name for school in browser.get(reverse("school_list"), query).context["page"]]

    return names


@pytest.fixture
def exported(signed_in):
    """The rows of the export for a query string."""
    make.council()
    browser = signed_in("adviser")

    def rows(**query):
        response = browser.get(reverse("school_export"), query)
        return list(csv.DictReader(response.getvalue().decode().splitlines()))

    return rows


def test_the_list_begins_with_the_open_state_schools_of_the_council(listed, today):
    make.school(name="Alder")
    make.academy(name="Birch")
    make.school(name="Independent", type_code="11")
    make.school(name="Elsewhere", authority_code="826")
    make.school(name="Closed", status="closed", closed_on=today - timedelta(days=1))
    make.school(name="To open", status="proposed")
    assert listed() == ["Alder", "Birch"]


def test_a_school_is_open_on_its_last_day(listed, today):
    make.school(name="Alder", status="closing", closed_on=today)
    assert listed() == ["Alder"]


def test_closed_and_proposed_schools_are_there_for_the_asking(listed, today):
    make.school(name="Alder")
    make.school(name="Closed", status="closed", closed_on=today - timedelta(days=1))
    make.school(name="To open", status="proposed")
    assert [listed(state="closed"), listed(state="proposed"), len(listed(state="any"))] == [["Closed"], ["To open"], 3]


def test_the_whole_register_is_there_for_the_asking(listed):
    make.school(name="Elsewhere", authority_code="826")
    make.school(name="Independent", type_code="11")
    assert [listed(), listed(scope="register")] == [[], ["Elsewhere", "Independent"]]


def test_s1_the_category_in_force_today_decides(listed, today):
    raised, planned, none = make.school(name="Raised"), make.school(name="Planned"), make.school(name="None yet")
    make.categorise(raised, "Prevention", today - timedelta(days=20))
    make.categorise(raised, "Intervention", today)
    make.categorise(planned, "Prevention", today)
    make.categorise(planned, "Intervention", today + timedelta(days=1))
    make.categorise(none, "Intervention", today, state="proposed")
    assert listed(category="Intervention") == ["Raised"]
    assert listed(category="Prevention") == ["Planned"]
    assert listed(category="none") == ["None yet"]


def test_s6_the_sector_follows_the_type_code(listed):
    make.school(name="Alder", type_code="07", type_name="Special schools")
    make.school(name="Birch", type_code="44", type_name="Special schools")
    assert [listed(sector="maintained"), listed(sector="academy")] == [["Alder"], ["Birch"]]


def test_schools_are_found_by_phase(listed):
    make.school(name="Alder", phase="Primary")
    make.school(name="Birch", phase="Secondary")
    assert listed(phase="Secondary") == ["Birch"]


def test_schools_are_found_by_todays_adviser(listed, today):
    here, former, none = make.school(name="Here"), make.school(name="Former"), make.school(name="Nobody’s")
    adviser = make.adviser_of(here, former)
    former.adviser_assignments.update(ended_on=today - timedelta(days=1))
    assert listed(adviser=adviser.pk) == ["Here"]
    assert listed(adviser="none") == [former.name, none.name]


def test_s8_schools_are_found_by_the_trust_that_they_are_in_today(listed, today):
    here, left = make.academy(name="Here"), make.academy(name="Left")
    trust = make.trust(here, left)
    left.trust_memberships.update(left_on=today - timedelta(days=1))
    assert listed(trust=trust.uid) == ["Here"]


@pytest.mark.parametrize("words", ["mill lane", "LANE mill", " Mill  Lane "])
def test_schools_are_found_by_the_words_of_their_name(listed, words):
    make.school(name="Mill Lane Primary School")
    make.school(name="Mill Hill School")
    assert listed(q=words) == ["Mill Lane Primary School"]


def test_a_urn_finds_its_school_whatever_its_state(listed, today):
    make.school(100001, name="Closed", authority_code="826", status="closed", closed_on=today - timedelta(days=1))
    assert [listed(q="100001"), listed(q="100002")] == [["Closed"], []]


def test_what_is_no_choice_is_said_and_narrows_nothing(signed_in):
    make.council()
    make.school(name="Alder")
    response = signed_in("adviser").get(reverse("school_list"), {"phase": "Nonsense"})
    assert response.status_code == 200
    assert [school.name for school in response.context["page"]] == ["Alder"]
    assert list(response.context["filter"].form.errors) == ["phase"]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("", ["Alder", "Birch", "Cedar"]),
        ("name", ["Alder", "Birch", "Cedar"]),
        ("-name", ["Cedar", "Birch", "Alder"]),
        ("category", ["Birch", "Alder", "Cedar"]),
        ("-category", ["Alder", "Birch", "Cedar"]),
        ("sector", ["Birch", "Alder", "Cedar"]),
        ("phase", ["Cedar", "Alder", "Birch"]),
        ("adviser", ["Alder", "Birch", "Cedar"]),
        ("password", ["Alder", "Birch", "Cedar"]),
    ],
)
def test_each_heading_sorts_with_the_empty_ones_last(listed, by, expected):
    alder = make.school(100003, name="Alder", phase="Primary")
    birch = make.academy(100002, name="Birch", phase="Secondary")
    make.school(100001, name="Cedar", phase="Nursery")
    make.categorise(alder, "Intervention")
    make.categorise(birch, "Enhancement")
    make.adviser_of(alder)
    make.trust(birch)
    assert listed(sort=by) == expected


def test_the_list_asks_the_database_as_often_for_fifty_schools_as_for_one(signed_in, django_assert_num_queries):
    make.council()
    browser = signed_in("adviser")
    url = reverse("school_list")

    def add(number):
        for _ in range(number):
            school = make.academy()
            make.categorise(school)
            make.adviser_of(school)
            make.trust(school)

    add(1)
    browser.get(url)  # the council is in the cache from now on
    with django_assert_num_queries(5):
        browser.get(url)
    add(50)
    with django_assert_num_queries(5):
        assert len(browser.get(url).context["page"]) == 50


def test_fifty_schools_stand_on_a_page(signed_in):
    make.council()
    for _ in range(51):
        make.school()
    browser = signed_in("adviser")
    page = browser.get(reverse("school_list")).context["page"]
    last = browser.get(reverse("school_list"), {"page": 99}).context["page"]
    assert [page.paginator.count, len(page), len(last)] == [51, 50, 1]


def test_s2_a_category_of_last_year_is_marked_provisional(signed_in, today):
    make.council()
    make.categorise(make.school(), "Prevention", date(today.year - 2, 9, 1))
    assert "Prevention (provisional)" in signed_in("adviser").get(reverse("school_list")).content.decode()


def test_an_empty_list_says_so(signed_in):
    make.council()
    content = signed_in("adviser").get(reverse("school_list"), {"q": "Nowhere"}).content.decode()
    assert "Nothing matches these filters." in content


def test_a1_a_head_sees_the_own_school_alone_and_no_filters(signed_in):
    own, _ = make.school(name="Own"), make.school(name="Foreign")
    response = signed_in(make.head(own)).get(reverse("school_list"), {"scope": "register", "q": "Foreign"})
    assert [school.name for school in response.context["page"]] == ["Own"]
    assert response.context["filter"] is None


def test_a1_a_head_sees_the_own_school_even_when_it_is_closed(signed_in, today):
    own = make.school(name="Own", status="closed", closed_on=today - timedelta(days=1))
    response = signed_in(make.head(own)).get(reverse("school_list"))
    assert [school.name for school in response.context["page"]] == ["Own"]


def test_a1_trust_finance_sees_the_academies_of_the_trust(signed_in, today):
    here, left, _ = make.academy(name="Here"), make.academy(name="Left"), make.academy(name="Foreign")
    officer = make.trust_officer(make.trust(here, left))
    left.trust_memberships.update(left_on=today - timedelta(days=1))
    response = signed_in(officer).get(reverse("school_list"))
    assert [school.name for school in response.context["page"]] == ["Here"]


def test_a_champion_has_no_list_of_schools(signed_in):
    browser = signed_in("champion")
    assert [browser.get(reverse(name)).status_code for name in ("school_list", "school_export")] == [403, 403]


def test_the_export_holds_the_same_selection_in_the_same_order(exported):
    make.school(name="Alder", phase="Primary")
    make.school(name="Birch", phase="Secondary")
    make.school(name="Cedar", phase="Primary")
    assert [row["school"] for row in exported(phase="Primary", sort="-name")] == ["Cedar", "Alder"]


def test_the_trusts_to_choose_from_are_named_as_people_write_them(signed_in):
    make.trust(make.academy(), name="GREAT LEARNERS TRUST")
    page = signed_in("lead").get(reverse("school_list")).content.decode()
    assert ("Great Learners Trust" in page, "GREAT LEARNERS TRUST" in page) == (True, False)


def test_the_export_says_what_the_list_says(exported, today):
    school = make.academy(123456, name="Mill Lane", opened_on=date(2012, 9, 1))
    make.categorise(school, "Prevention", today)
    make.adviser_of(school, name="Ann Lee")
    make.trust(school, name="Mill Trust")
    make.appointment(school, date(2021, 9, 1), head_name="Bob Ray")
    assert exported() == [
        {
            "urn": "123456",
            "school": "Mill Lane",
            "category": "Prevention",
            "category_since": today.isoformat(),
            "provisional": "no",
            "sector": "academy",
            "type": "Academy converter",
            "phase": "Primary",
            "adviser": "Ann Lee",
            "trust": "Mill Trust",
            "headteacher": "Bob Ray",
            "opened_on": "2012-09-01",
            "closed_on": "",
            "postcode": "WM1 1AA",
        }
    ]


def test_a1_the_export_of_a_head_holds_the_own_school_alone(signed_in):
    own, _ = make.school(100001), make.school()
    response = signed_in(make.head(own)).get(reverse("school_export"))
    rows = list(csv.DictReader(response.getvalue().decode().splitlines()))
    assert [row["urn"] for row in rows] == ["100001"]


def test_a_name_in_the_export_is_never_a_formula(exported):
    make.school(name='=HYPERLINK("http://x.example")')
    assert [row["school"] for row in exported()] == ['\'=HYPERLINK("http://x.example")']


def test_the_export_asks_the_database_as_often_for_fifty_schools_as_for_one(signed_in, django_assert_num_queries):
    make.council()
    make.categorise(make.school())
    browser, url = signed_in("adviser"), reverse("school_export")
    browser.get(url).getvalue()
    with django_assert_num_queries(4):
        browser.get(url).getvalue()
    for _ in range(50):
        make.categorise(make.school())
    with django_assert_num_queries(4):
        assert len(browser.get(url).getvalue().splitlines()) == 52


def test_the_list_works_before_the_portal_has_its_council(signed_in):
    School.objects.create(urn=100001, name="Alder", authority_code="825", type_code="01", status="open")
    response = signed_in("administrator").get(reverse("school_list"))
    assert [school.name for school in response.context["page"]] == ["Alder"]
