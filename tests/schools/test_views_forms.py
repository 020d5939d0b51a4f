"""The pages that propose, confirm and withdraw a category and assign an adviser."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from schools.actions import propose_category
from schools.models import CategoryEntry
from sidebyside.govuk.dates import posted
from tests import make

pytestmark = pytest.mark.django_db
State = CategoryEntry.State


def propose(school, today, **rest):
    values = {"category": make.category("Intervention"), "reason": "Results fell", "by": make.user("adviser")}
    return propose_category(school, starts_on=today, on=today, **values | rest)


def addresses(school, entry):
    """Every form of a school, with what it asks of a role."""
    return {
        reverse("category_propose", args=[school.urn]): {"adviser", "lead", "administrator"},
        reverse("category_confirm", args=[school.urn, entry.pk]): {"lead", "administrator"},
        reverse("category_withdraw", args=[school.urn, entry.pk]): {"lead", "administrator"},
        reverse("adviser_assign", args=[school.urn]): {"lead", "administrator"},
    }


@pytest.mark.parametrize("role", ["administrator", "lead", "adviser", "champion", "finance", "auditor"])
def test_each_role_opens_its_own_forms_and_no_other(signed_in, today, role):
    school = make.school()
    wanted = addresses(school, propose(school, today))
    browser = signed_in(role)
    assert {url for url in wanted if browser.get(url).status_code == 200} == {
        url for url, roles in wanted.items() if role in roles
    }
    assert {browser.get(url).status_code for url, roles in wanted.items() if role not in roles} <= {403}


def test_a_head_opens_none_of_them(signed_in, today):
    school = make.school()
    wanted = addresses(school, propose(school, today))
    browser = signed_in(make.head(school))
    assert {browser.get(url).status_code for url in wanted} == {403}
    assert {browser.post(url).status_code for url in wanted} == {403}


def test_an_entry_of_another_school_is_not_found(signed_in, today):
    entry, other = propose(make.school(), today), make.school()
    browser = signed_in("lead")
    for name in ("category_confirm", "category_withdraw"):
        answers = [browser.get(reverse(name, args=[other.urn, pk])).status_code for pk in (entry.pk, 99999)]
        assert answers == [404, 404]


def test_an_adviser_proposes_a_category_with_evidence(signed_in, today):
    school, category, adviser = make.school(), make.category("Intervention"), make.user("adviser")
    data = {"category": category.pk, "reason": "Results fell", "evidence": "Seen in May", **posted("starts_on", today)}
    response = signed_in(adviser).post(reverse("category_propose", args=[school.urn]), data)
    entry = school.category_entries.get()
    assert (response.status_code, response.url) == (302, f"/schools/{school.urn}/")
    assert (entry.category, entry.starts_on, entry.reason, entry.evidence, entry.proposed_by, entry.state) == (
        category,
        today,
        "Results fell",
        "Seen in May",
        adviser,
        State.PROPOSED,
    )


def test_what_is_missing_is_said_beside_each_field(signed_in):
    make.category()
    response = signed_in("adviser").post(reverse("category_propose", args=[make.school().urn]), {})
    assert list(response.context["form"].errors) == ["category", "starts_on", "reason"]


def test_a_refusal_stands_beside_the_field_that_it_concerns(signed_in):
    school, category = make.school(opened_on=date(2023, 2, 1)), make.category()
    data = {"category": category.pk, "reason": "Results fell", **posted("starts_on", date(2023, 1, 31))}
    response = signed_in("adviser").post(reverse("category_propose", args=[school.urn]), data)
    expected = [f"{school} opened on 1 February 2023. Enter that day or a later one."]
    assert response.context["form"].errors == {"starts_on": expected}
    assert school.category_entries.count() == 0


def test_a_lead_sees_what_a_confirmation_changes_and_confirms_it(signed_in, today):
    school = make.school()
    make.categorise(school, "Prevention", today - timedelta(days=30))
    entry, lead = propose(school, today), make.user("lead")
    browser, url = signed_in(lead), reverse("category_confirm", args=[school.urn, entry.pk])
    page = browser.get(url)
    assert (page.context["verb"], page.context["former"].category.name) == ("raises", "Prevention")
    assert browser.post(url).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.confirmed_by) == (State.CONFIRMED, lead)


def test_looking_at_the_decision_changes_nothing(signed_in, today):
    school = make.school()
    entry = propose(school, today)
    signed_in("lead").get(reverse("category_confirm", args=[school.urn, entry.pk]))
    entry.refresh_from_db()
    assert entry.state == State.PROPOSED


def test_confirming_twice_is_refused_in_words(signed_in, today):
    school = make.school()
    entry = propose(school, today)
    browser, url = signed_in("lead"), reverse("category_confirm", args=[school.urn, entry.pk])
    browser.post(url)
    expected = ["This category is confirmed already. Propose it again if you need it."]
    assert browser.post(url).context["form"].non_field_errors() == expected


def test_a_lead_withdraws_a_category_with_a_reason(signed_in, today):
    school = make.school()
    entry = propose(school, today)
    browser, url = signed_in("lead"), reverse("category_withdraw", args=[school.urn, entry.pk])
    assert list(browser.post(url, {"why": ""}).context["form"].errors) == ["why"]
    assert browser.post(url, {"why": "The wrong school"}).status_code == 302
    entry.refresh_from_db()
    assert entry.state == State.WITHDRAWN


def test_a_lead_assigns_an_adviser(signed_in, today):
    school, adviser = make.school(), make.user("adviser")
    data = {"adviser": adviser.pk, **posted("on", today)}
    response = signed_in("lead").post(reverse("adviser_assign", args=[school.urn]), data)
    assert response.status_code == 302
    assert school.adviser_assignments.get().adviser == adviser


def test_only_advisers_and_leads_who_can_sign_in_are_offered(signed_in):
    lead, adviser = make.user("lead", name="Lee Lead"), make.user("adviser", name="Ada Adviser")
    make.user("finance")
    make.user("adviser", is_active=False)
    response = signed_in(lead).get(reverse("adviser_assign", args=[make.school().urn]))
    choices = response.context["form"].fields["adviser"].choices
    assert [value for value, _ in choices] == ["", str(adviser.pk), str(lead.pk)]


def test_the_forms_ask_the_database_as_often_for_fifty_choices_as_for_one(
    signed_in, django_assert_max_num_queries, today
):
    make.council()
    school = make.school()
    urls = list(addresses(school, propose(school, today)))
    browser = signed_in("lead")
    for _ in range(50):
        make.user("adviser")
    browser.get(urls[0])
    for url in urls:
        with django_assert_max_num_queries(5):
            browser.get(url)
