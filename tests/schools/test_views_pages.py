"""A school's overview and history: what each person sees of it."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from schools.actions import propose_category
from schools.models import CategoryEntry, SchoolLink
from sidebyside.audit.actions import record
from tests import make

pytestmark = pytest.mark.django_db
PAGES = ["school_detail", "school_history"]


def text(response):
    words = " ".join(response.content.decode().split())
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", words)


@pytest.fixture
def page(signed_in):
    """The words of a page of a school, as a person of this role (or this person) sees it."""
    return lambda school, who="adviser", name="school_detail": text(
        signed_in(who).get(reverse(name, args=[school.urn]))
    )


@pytest.mark.parametrize("name", PAGES)
def test_a1_a_foreign_school_looks_like_one_that_does_not_exist(signed_in, name):
    own, foreign = make.school(), make.school(100001)
    browser = signed_in(make.head(own))
    answers = [browser.get(reverse(name, args=[urn])) for urn in (foreign.urn, 999999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert text(answers[0]) == text(answers[1])


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ["administrator", "lead", "adviser", "finance", "auditor"])
def test_council_staff_open_every_school(signed_in, name, role):
    assert signed_in(role).get(reverse(name, args=[make.school().urn])).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_champion_opens_no_school(signed_in, name):
    assert signed_in("champion").get(reverse(name, args=[make.school().urn])).status_code == 403


def test_trust_finance_opens_the_trusts_academies(signed_in):
    own, foreign = make.academy(), make.academy()
    browser = signed_in(make.trust_officer(make.trust(own)))
    answers = [browser.get(reverse("school_detail", args=[school.urn])).status_code for school in (own, foreign)]
    assert answers == [200, 404]


def test_the_overview_says_the_category_and_what_it_means(page, today):
    school = make.school()
    entry = make.categorise(school, "Prevention", today, reason="Agreed with the head")
    shown = page(school, make.head(school))
    assert "Provisional" not in shown
    assert [word in shown for word in (entry.category.meaning, "Agreed with the head")] == [True, True]


def test_s2_the_overview_says_that_last_years_category_is_provisional(page, today):
    school = make.school()
    make.categorise(school, "Prevention", date(today.year - 2, 9, 1))
    assert "Provisional: this is last year’s category." in page(school)


def closed(on: date, **rest):
    school = make.school(closed_on=on, status="closed", **rest)
    make.categorise(school, "Prevention", date(on.year - 2, 9, 1))
    return school


def test_a_closed_school_keeps_its_last_category_and_waits_for_none(page, today):
    school = closed(today - timedelta(days=1))
    shown = page(school, "lead")
    assert [
        word in shown for word in ("rovisional", "Propose a category", reverse("adviser_assign", args=[school.urn]))
    ] == [False] * 3
    assert "has closed, so it gets no new category" in shown


def test_a_school_that_closes_today_is_still_categorised(page, today):
    shown = page(closed(today), "lead")
    assert [word in shown for word in ("Provisional", "Propose a category")] == [True, True]


def test_a_closed_schools_page_for_proposals_says_why_there_are_none(signed_in, today):
    school, browser = closed(today - timedelta(days=1)), signed_in("lead")
    url = reverse("category_propose", args=[school.urn])
    shown = text(browser.get(url, follow=True))
    assert ("has closed, so it gets no new category" in shown, "Propose the category" in shown) == (True, False)
    day = {"starts_on_day": today.day, "starts_on_month": today.month, "starts_on_year": today.year}
    browser.post(url, {"category": make.category().pk, "reason": "Results fell", **day})
    assert school.category_entries.count() == 1


def test_a_proposal_is_for_the_councils_staff_alone(page, today):
    school = make.school()
    propose_category(school, category=make.category(), starts_on=today, reason="Results fell", by=make.user(), on=today)
    assert "Results fell" in page(school)
    for name in PAGES:
        assert "Results fell" not in page(school, make.head(school), name)


def test_evidence_is_not_shown_to_heads(page, today):
    school = make.school()
    make.categorise(school, starts_on=today, evidence="What the adviser saw")
    assert ["What the adviser saw" in page(school, make.head(school), name) for name in PAGES] == [False, False]


def test_a_confirmed_category_to_come_is_announced(page, today):
    school = make.school()
    make.categorise(school, "Intervention", today + timedelta(days=7))
    assert "Intervention" in page(school, make.head(school))


def test_the_overview_names_head_adviser_and_trust(page):
    school = make.academy()
    make.appointment(school, date(2021, 9, 1), head_name="Bob Ray", kind="interim")
    make.adviser_of(school, name="Ann Lee")
    make.trust(school, name="MILL TRUST")
    shown = page(school, make.head(school))
    assert "Bob Ray, since 1 September 2021 (interim)" in shown
    assert "Ann Lee" in shown
    assert "Mill Trust, since 1 September 2020" in shown


def test_who_signs_in_for_a_school_is_shown_to_the_council_alone(page):
    school, other = make.academy(), make.academy()
    head = make.head(school, name="Bob Ray")
    make.trust_officer(make.trust(school, other), name="Cat Orr")
    assert [name in page(school) for name in ("Bob Ray", "Cat Orr")] == [True, True]
    assert "Cat Orr" not in page(school, head)


def test_somebody_whose_post_has_ended_is_shown_no_longer(page, today):
    school = make.school()
    make.head(school, name="Bob Ray").memberships.update(ended_on=today - timedelta(days=1))
    assert "Bob Ray" not in page(school)


@pytest.mark.parametrize("is_forward", [True, False])
def test_s7_a_converted_school_leads_to_its_successor_and_back(page, is_forward):
    old = make.school(100001, name="Mill School", status="closed", closed_on=date(2023, 1, 31))
    new = make.academy(100002, name="Mill Academy", opened_on=date(2023, 2, 1))
    if is_forward:
        SchoolLink.objects.create(urn=100001, linked_urn=100002, kind="successor")
    else:
        SchoolLink.objects.create(urn=100002, linked_urn=100001, kind="predecessor")
    assert "This school closed on 31 January 2023." in page(old)
    assert 'href="/schools/100002/">Mill Academy (URN 100002)' in page(old)
    assert 'href="/schools/100001/">Mill School (URN 100001)' in page(new)


def test_a1_a_head_is_not_led_to_a_neighbour_that_is_not_theirs(page):
    make.school(100001, name="Mill School", status="closed", closed_on=date(2023, 1, 31))
    new = make.academy(100002, opened_on=date(2023, 2, 1))
    SchoolLink.objects.create(urn=100002, linked_urn=100001, kind="predecessor")
    assert "Mill School" not in page(new, make.head(new))


def test_a_website_is_a_link_only_when_it_is_one(page):
    assert 'href="https://mill.example"' in page(make.school(website="https://mill.example"))
    assert 'href="javascript:' not in page(make.school(website="javascript:alert(1)"))


def test_a_school_outside_the_offer_says_so_and_offers_no_category(page):
    shown = page(make.school(type_code="11"), "lead")
    assert "This is not a state-funded school" in shown
    assert "Propose a category" not in shown


def test_each_person_is_offered_what_they_may_do(page):
    school = make.school()
    offers = {"adviser": (True, False), "lead": (True, True), "finance": (False, False)}
    for role, expected in offers.items():
        shown = page(school, role)
        assert ("Propose a category" in shown, f"/schools/{school.urn}/adviser/" in shown) == expected


def test_the_history_holds_every_head_adviser_and_trust_the_latest_first(signed_in):
    school = make.academy()
    make.appointment(school, date(2019, 9, 1), head_name="Ann Lee", ended_on=date(2021, 8, 31))
    make.appointment(school, date(2021, 9, 1), head_name="Bob Ray")
    make.adviser_of(school, name="Cat Orr")
    make.trust(school, name="MILL TRUST")
    response = signed_in("adviser").get(reverse("school_history", args=[school.urn]))
    assert [(row.what, row.who, row.started_on, row.ended_on) for row in response.context["stretches"]] == [
        ("Headteacher", "Bob Ray", date(2021, 9, 1), None),
        ("Trust", "Mill Trust", date(2020, 9, 1), None),
        ("Adviser", "Cat Orr", date(2020, 9, 1), None),
        ("Headteacher", "Ann Lee", date(2019, 9, 1), date(2021, 8, 31)),
    ]


def test_a_head_reads_confirmed_categories_in_the_history(signed_in, today):
    school = make.school()
    confirmed = make.categorise(school, starts_on=today)
    make.categorise(school, starts_on=today, state="proposed")
    make.categorise(school, starts_on=today, state="withdrawn")
    url = reverse("school_history", args=[school.urn])
    assert list(signed_in(make.head(school)).get(url).context["entries"]) == [confirmed]
    assert signed_in("adviser").get(url).context["entries"].count() == CategoryEntry.objects.count() == 3


@pytest.mark.parametrize(
    ("role", "sees"), [("adviser", True), ("auditor", True), ("finance", True), ("head", False), ("trust", False)]
)
def test_a3_the_council_reads_who_did_what_and_why(page, role, sees):
    school = make.academy()
    record("school.adviser_assigned", school, by=make.user(name="Ann Lee"), why="The team moved", school_urn=school.urn)
    people = {"head": make.head(school), "trust": make.trust_officer(make.trust(school))}
    shown = page(school, people.get(role, role), "school_history")
    assert [word in shown for word in ("Adviser assigned", "Ann Lee", "The team moved")] == [sees] * 3


def test_the_history_of_a_school_holds_its_own_deeds_alone(page):
    school, other = make.school(), make.school()
    record("school.adviser_assigned", other, by=None, why="Elsewhere", school_urn=other.urn)
    assert "Elsewhere" not in page(school, name="school_history")


@pytest.mark.parametrize(("role", "reads"), [("lead", True), ("auditor", True), ("finance", False)])
def test_what_a_champion_had_checked_is_read_by_those_who_read_the_register_of_checks(signed_in, role, reads):
    school = make.school()
    record("champion.check_removed", make.champion(home=school), by=None, why="Of somebody else", school_urn=school.pk)
    page = signed_in(role).get(reverse("school_history", args=[school.pk])).content.decode()
    assert ("Of somebody else" in page) is reads


def test_the_history_goes_back_page_by_page(signed_in):
    school = make.school()
    for number in range(51):
        record("school.looked_at", school, by=None, why=f"Reason {number}", school_urn=school.urn)
    browser, url = signed_in("adviser"), reverse("school_history", args=[school.urn])
    latest = browser.get(url)
    older = browser.get(url, {"before": latest.context["events"][-1].pk})
    assert [event.why for event in latest.context["events"]] == [f"Reason {number}" for number in range(50, 0, -1)]
    assert [event.why for event in older.context["events"]] == ["Reason 0"]
    assert [latest.context["has_older"], older.context["has_older"]] == [True, False]


@pytest.mark.parametrize(("name", "queries"), [("school_detail", 7), ("school_history", 8)])
def test_a_schools_page_asks_the_database_as_often_for_fifty_rows_as_for_one(
    signed_in, django_assert_num_queries, today, name, queries
):
    make.council()
    old = make.school(100001, status="closed", closed_on=date(2023, 1, 31))
    school = make.academy(opened_on=date(2000, 2, 1))
    SchoolLink.objects.create(urn=school.urn, linked_urn=old.urn, kind="predecessor")
    browser, url = signed_in("adviser"), reverse(name, args=[school.urn])

    def add(first, last):
        for number in range(first, last):
            day = today - timedelta(days=number * 10)
            make.categorise(school, starts_on=day, proposed_by=make.user(), confirmed_by=make.user())
            make.head(school)
            make.appointment(school, day, ended_on=day)
            record("school.looked_at", school, by=make.user(), school_urn=school.urn)

    add(0, 1)
    browser.get(url)
    with django_assert_num_queries(queries):
        browser.get(url)
    add(1, 51)
    with django_assert_num_queries(queries):
        browser.get(url)
