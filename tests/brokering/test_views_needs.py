"""The pages of needs: who does what on them, what they show, and how many queries they take."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from brokering.models import Need
from schools.models import Membership, School
from sidebyside.govuk.dates import posted
from sidebyside.years import AcademicYear
from tests import make

pytestmark = pytest.mark.django_db
SECRET = "The reading lead has left"


@pytest.fixture
def school():
    make.council()
    return make.school(name="Mill Lane Primary School")


@pytest.fixture
def head(school):
    return make.head(school)


@pytest.fixture
def dates(today):
    year = AcademicYear.containing(today)
    return {"starts_on": year.first_day, "ends_on": year.last_day}


@pytest.fixture
def need(school, head, today, dates):
    return make.need(school, asked_by=head, asked_on=today, why=SECRET, **dates)


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def filled(dates, **rest):
    values = {"what": "Early reading", "why": SECRET, "half_days": "4.5", "request_key": "a"}
    return values | posted("starts_on", dates["starts_on"]) | posted("ends_on", dates["ends_on"]) | rest


def errors(answer):
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


@pytest.mark.parametrize("role", ["head", "adviser", "lead"])
def test_a_head_an_adviser_and_the_broker_ask_from_the_schools_page(signed_in, school, head, dates, role):
    client = signed_in(head if role == "head" else role)
    url = reverse("school_need_new", args=[school.pk])
    assert url in page(client, "school_deployments", school.pk)
    answer = client.post(url, filled(dates, skill=make.skill().pk), follow=True)
    need = Need.objects.get()
    assert (need.school, need.half_days, need.skill.name, need.why) == (school, 9, "Early reading", SECRET)
    assert "The need is written down, and the team has a mail that there is one." in answer.content.decode()


def test_a1_a_head_asks_for_own_schools_only(signed_in, school, head, dates):
    foreign, second = make.school(name="Hill School"), make.school(name="Vale School")
    Membership.objects.create(user=head, school=second, post="head", started_on=date(2020, 9, 1))
    client = signed_in(head)
    shown = page(client, "need_new")
    assert ("Vale School" in shown, "Hill School" in shown) == (True, False)
    answer = client.post(reverse("need_new"), filled(dates, school=foreign.pk))
    assert (list(errors(answer)), Need.objects.count()) == (["school"], 0)
    client.post(reverse("need_new"), filled(dates, school=second.pk))
    assert Need.objects.get().school == second


def test_who_has_but_one_school_is_not_asked_which(signed_in, school, head, dates):
    client = signed_in(head)
    assert "id_school" not in page(client, "need_new")
    client.post(reverse("need_new"), filled(dates))
    assert Need.objects.get().school == school


def test_at_a_school_that_has_closed_nobody_asks(signed_in, school, today):
    School.objects.filter(pk=school.pk).update(closed_on=today - timedelta(days=1), status="closed")
    assert reverse("school_need_new", args=[school.pk]) not in page(signed_in("lead"), "school_deployments", school.pk)


def test_a_form_that_is_sent_twice_asks_once(signed_in, school, head, dates):
    client, url = signed_in(head), reverse("school_need_new", args=[school.pk])
    places = {client.post(url, filled(dates))["Location"] for _ in range(2)}
    assert places == {Need.objects.get().get_absolute_url()}


def test_all_that_is_missing_or_wrong_is_said_at_once(signed_in, school, head, dates):
    wrong = filled(dates, why="", half_days="0") | posted("ends_on", dates["starts_on"] - timedelta(days=1))
    answer = signed_in(head).post(reverse("school_need_new", args=[school.pk]), wrong)
    assert errors(answer) == {
        "why": ["Say why it is needed"],
        "half_days": ["Ask for at least half a day."],
        "ends_on": ["The last day is before the first."],
    }


def test_why_is_read_by_the_team_and_the_school_and_by_nobody_else(signed_in, need, head):
    readers = {
        getattr(who, "role", who): SECRET in page(signed_in(who), "need_detail", need.pk)
        for who in (head, "adviser", "lead", "auditor", "administrator")
    }
    assert readers == {"head": True, "adviser": True, "lead": True, "auditor": False, "administrator": False}
    for role in ("champion", "finance", "trust_finance"):
        assert signed_in(role).get(need.get_absolute_url()).status_code == 403


def test_who_asked_changes_and_withdraws_it(signed_in, need, head, dates):
    client = signed_in(head)
    assert reverse("need_edit", args=[need.pk]) in page(client, "need_detail", need.pk)
    client.post(reverse("need_edit", args=[need.pk]), filled(dates, what="Phonics"))
    need.refresh_from_db()
    assert (need.what, need.half_days) == ("Phonics", 9)
    client.post(reverse("need_withdraw", args=[need.pk]), {"why": "We found somebody"})
    shown = page(client, "need_detail", need.pk)
    assert ("We found somebody" in shown, reverse("need_edit", args=[need.pk]) in shown) == (True, False)


def test_somebody_else_at_the_school_reads_it_and_no_more(signed_in, need, school):
    client = signed_in(make.head(school))
    assert reverse("need_edit", args=[need.pk]) not in page(client, "need_detail", need.pk)
    assert client.get(reverse("need_withdraw", args=[need.pk])).status_code == 403


def test_the_broker_declines_it_and_the_school_reads_why(signed_in, need, head):
    signed_in("lead").post(reverse("need_decline", args=[need.pk]), {"why": "Nobody has days left"})
    assert "Nobody has days left" in page(signed_in(head), "need_detail", need.pk)


def test_a_decision_that_somebody_was_quicker_to_make_is_said_on_the_form(signed_in, need, school):
    Need.objects.filter(pk=need.pk).update(
        deployment=make.deployment(school, make.champion(name="Jo Marsh"), state="proposed")
    )
    answer = signed_in("lead").post(reverse("need_decline", args=[need.pk]), {"why": "No"})
    assert errors(answer) == {"__all__": ["Jo Marsh is proposed for this need already. Nothing was changed."]}


def test_a_school_sees_what_it_has_asked_for_on_its_home_page_and_from_its_deployments(signed_in, need, head, school):
    client = signed_in(head)
    assert "Support that Mill Lane Primary School has asked for" in page(client, "home")
    assert f"{reverse('need_list')}?school={school.pk}" in page(client, "school_deployments", school.pk)
    assert need.what in page(client, "need_list", school=school.pk)


def test_the_lead_has_a_task_until_somebody_is_proposed(signed_in, need, school):
    client = signed_in("lead")
    assert need.what in page(client, "home")
    Need.objects.update(deployment=make.deployment(school, state="proposed"))
    assert need.what not in page(client, "home")


class TestList:
    """Every need that a person may see, narrowed as they wish."""

    @pytest.fixture
    def needs(self, school, need, dates):
        adviser = make.adviser_of(school, name="Priya Raman")
        other = make.school(name="Hill School")
        reading, sspc = make.skill(), make.champion_type("SSPC")
        make.need(other, what="Phonics", skill=reading, deployment=make.deployment(other, state="proposed"), **dates)
        make.need(other, what="Governance", champion_type=sspc, **dates)
        return {"adviser": adviser.pk, "skill": reading.pk, "type": sspc.pk}

    def shown(self, client, **query):
        return [need.what for need in client.get(reverse("need_list"), query).context["page"]]

    def test_all_of_them_or_those_that_are_asked_for(self, signed_in, need, needs, school):
        client = signed_in("lead")
        assert sorted(self.shown(client)) == ["Governance", "Phonics", need.what]
        assert self.shown(client, state="matched") == ["Phonics"]
        assert sorted(self.shown(client, state="open")) == ["Governance", need.what]
        assert self.shown(client, skill=needs["skill"]) == ["Phonics"]
        assert self.shown(client, type=needs["type"]) == ["Governance"]
        assert self.shown(client, adviser=needs["adviser"]) == [need.what]
        assert self.shown(client, school="mill lane") == self.shown(client, school=str(school.pk)) == [need.what]
        assert self.shown(client, school="nowhere") == []

    def test_a_head_sees_the_own_and_no_filter(self, signed_in, need, needs, head):
        answer = signed_in(head).get(reverse("need_list"))
        assert ([each.what for each in answer.context["page"]], answer.context["filter"]) == ([need.what], None)

    @pytest.mark.parametrize("count", [1, 50])
    def test_it_takes_five_queries_however_many_there_are(self, signed_in, django_assert_num_queries, dates, count):
        make.council()
        for _ in range(count):
            there = make.school()
            make.need(there, skill=make.skill(), deployment=make.deployment(there, state="proposed"), **dates)
        client = signed_in("lead")
        page(client, "home")
        with django_assert_num_queries(5):
            page(client, "need_list")


@pytest.mark.parametrize(
    ("name", "queries"), [("need_detail", 3), ("need_edit", 5), ("need_withdraw", 3), ("need_decline", 3)]
)
def test_a_page_of_one_need_takes_few_queries(signed_in, django_assert_num_queries, need, name, queries):
    client = signed_in("lead")
    page(client, "home")
    with django_assert_num_queries(queries):
        page(client, name, need.pk)


@pytest.mark.parametrize(("name", "queries"), [("need_new", 5), ("school_need_new", 5)])
def test_a_form_that_asks_takes_few_queries(signed_in, django_assert_num_queries, school, name, queries):
    client = signed_in("adviser")
    page(client, "home")
    with django_assert_num_queries(queries):
        page(client, name, *([school.pk] if name == "school_need_new" else []))
