"""The page that finds a champion for a need: ranked, with reasons; narrowed; and the same queries for any number."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sidebyside.audit.models import Event
from sidebyside.govuk.dates import posted
from sidebyside.years import AcademicYear
from support.models import Champion
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    make.council()
    return make.school(name="Mill Lane Primary School", federation="Vale Federation")


@pytest.fixture
def need(school, today):
    year = AcademicYear.containing(today)
    dates = {"asked_on": today, "starts_on": year.first_day, "ends_on": year.last_day}
    return make.need(school, champion_type=make.champion_type("SSPC"), skill=make.skill(), **dates)


@pytest.fixture
def champions(school):
    """One who fits and is free, one of the same federation, one who has no days left, and the school's own."""
    fitting = make.champion("SSPC", name="Ann Fit", days_a_year="10")
    fitting.skills.add(make.skill())
    tied = make.champion("SSPC", make.school(federation="Vale Federation"), name="Bea Tied")
    tied.skills.add(make.skill())
    make.champion("SSLC", name="Cas Busy", days_a_year="0")
    make.champion("SSPC", school, name="Dan Own")


def match(client, need, **query):
    return client.get(reverse("need_match", args=[need.pk]), query)


def names(answer):
    return [each.champion.name for each in answer.context["page"]]


def test_they_stand_by_fit_and_those_who_cannot_be_chosen_apart(signed_in, need, champions):
    answer = match(signed_in("lead"), need)
    assert names(answer) == ["Ann Fit", "Bea Tied", "Cas Busy"]
    assert [each.champion.name for each in answer.context["blocked"]] == ["Dan Own"]
    page = answer.content.decode()
    assert "Mill Lane Primary School is the home school of Dan Own." in page
    assert "To propose Bea Tied you have to say why:" in page
    assert "To propose Ann Fit you have to say why:" not in page


def test_a2_why_adds_up_to_the_fit(signed_in, need, champions):
    first = match(signed_in("lead"), need).context["page"][0].match
    assert (first.fit, first.most) == (sum(each.points for each in first.reasons), 100)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"free": "on"}, ["Ann Fit"]),
        ({"clear": "on"}, ["Ann Fit", "Cas Busy"]),
        ({"free": "on", "clear": "on"}, ["Ann Fit"]),
        ({"type": "nonsense"}, ["Ann Fit", "Bea Tied", "Cas Busy"]),
    ],
)
def test_filters_narrow_them(signed_in, need, champions, query, shown):
    assert names(match(signed_in("lead"), need, **query)) == shown


def test_a_type_narrows_them_further_types_included(signed_in, need, champions):
    both = Champion.objects.get(name="Cas Busy")
    both.other_types.add(make.champion_type("ABLE"))
    assert names(match(signed_in("lead"), need, type=make.champion_type("ABLE").pk)) == ["Cas Busy"]


def test_without_anybody_the_page_says_so(signed_in, need):
    page = match(signed_in("lead"), need).content.decode()
    assert "No champion on the register can be deployed here." in page


def test_once_somebody_is_proposed_nobody_is_looked_for(signed_in, need, champions, school):
    need.deployment = make.deployment(school, Champion.objects.get(name="Ann Fit"), state="proposed")
    need.save()
    answer = match(signed_in("lead"), need)
    assert (names(answer), "Ann Fit is proposed." in answer.content.decode()) == ([], True)


def test_somebody_who_was_proposed_before_is_marked(signed_in, need, champions, school):
    need.deployment = make.deployment(school, Champion.objects.get(name="Ann Fit"), state="declined")
    need.save()
    answer = match(signed_in("lead"), need)
    assert answer.content.decode().count("Was proposed for this need before, and that did not come about.") == 1
    assert names(answer) == ["Ann Fit", "Bea Tied", "Cas Busy"]


def test_twelve_stand_on_a_page_and_the_next_page_goes_on_counting(signed_in, need):
    for _ in range(13):
        make.champion()
    client = signed_in("lead")
    assert (len(names(match(client, need))), len(names(match(client, need, page=2)))) == (12, 1)
    assert 'start="13"' in match(client, need, page=2).content.decode()


def test_the_page_takes_as_many_queries_for_one_champion_as_for_thirty(signed_in, need):
    make.half_terms(need.year.start)
    client, counts = signed_in("lead"), []
    client.get(reverse("home"))
    for more in (1, 29):
        for _ in range(more):
            champion = make.champion("SSPC", make.academy(), days_a_year="10")
            champion.skills.add(make.skill())
            champion.other_types.add(make.champion_type("ABLE"))
        with CaptureQueriesContext(connection) as captured:
            match(client, need)
        counts.append(len(captured))
    assert counts == [20, 20]


class TestPropose:
    """From a card to an agreement that waits for both heads."""

    @pytest.fixture
    def heads(self, school, champions):
        make.head(school, name="Kim Ode", email="kim@supported.example")
        for champion in Champion.objects.exclude(home_school=school).select_related("home_school"):
            make.head(champion.home_school, name="Lee Park")

    def url(self, need, name="Ann Fit"):
        return reverse("need_propose", args=[need.pk, Champion.objects.get(name=name).code])

    def filled(self, form, **rest):
        """The form as it is shown, with an outcome."""
        values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        for name in ("starts_on", "ends_on"):
            values |= posted(name, values.pop(name))
        return (
            values
            | {"half_days_agreed": "4", "outcomes-0-text": "More pupils read", "outcomes-0-measure": "A check"}
            | rest
        )

    def test_the_form_begins_with_what_the_need_asks_for(self, signed_in, need, champions, today):
        form = signed_in("lead").get(self.url(need)).context["form"]
        initial = {
            name: form[name].value() for name in ("focus", "half_days_agreed", "skill", "champion_type", "ends_on")
        }
        assert initial == {
            "focus": need.what, "half_days_agreed": "4", "skill": need.skill_id, "champion_type": need.champion_type_id,
            "ends_on": need.ends_on,
        }  # fmt: skip
        assert (form["starts_on"].value(), "champion" in form.fields, "school" in form.fields) == (today, False, False)

    def test_it_is_checked_then_sent_and_the_need_is_matched(self, signed_in, need, heads):
        client, url = signed_in("lead"), self.url(need)
        values = self.filled(client.get(url).context["form"])
        checked = client.post(url, values)
        assert "Propose Ann Fit for Mill Lane Primary School?" in checked.content.decode()
        assert need.deployment is None
        places = {client.post(url, values | {"send": "1"})["Location"] for _ in range(2)}
        need.refresh_from_db()
        assert (places, need.standing) == ({need.get_absolute_url()}, "matched")
        assert (need.deployment.champion.name, need.deployment.intended.get().text) == ("Ann Fit", "More pupils read")

    def test_a_conflict_asks_why_and_goes_on_with_a_reason(self, signed_in, need, heads):
        client, url = signed_in("lead"), self.url(need, "Bea Tied")
        assert f"{url}?conflict=1" in match(client, need).content.decode()
        form = client.get(url, {"conflict": 1}).context["form"]
        assert "override" in form.fields
        values = self.filled(form) | {"override": ""}
        refused = client.post(url, values).context["form"].errors
        assert list(refused) == ["override"]
        client.post(url, values | {"override": "Another year group", "send": "1"})
        need.refresh_from_db()
        assert need.standing == "matched"
        why = Event.objects.get(verb="deployment.proposed").why
        assert why == "Another year group"

    def test_who_is_blocked_is_refused(self, signed_in, need, heads):
        client, url = signed_in("lead"), self.url(need, "Dan Own")
        values = self.filled(client.get(url).context["form"])
        errors = client.post(url, values).context["form"].errors
        words = "Mill Lane Primary School is the home school of Dan Own. Choose another champion."
        assert errors == {"__all__": [words]}

    def test_once_somebody_is_proposed_the_page_leads_to_who(self, signed_in, need, heads, school):
        need.deployment = make.deployment(school, Champion.objects.get(name="Ann Fit"), state="proposed")
        need.save()
        client = signed_in("lead")
        assert client.get(self.url(need))["Location"] == reverse("need_match", args=[need.pk])

    def test_only_a_candidate_can_be_proposed(self, signed_in, need, heads):
        Champion.objects.filter(name="Ann Fit").update(is_active=False)
        assert signed_in("lead").get(self.url(need)).status_code == 404

    def test_the_form_takes_six_queries(self, signed_in, need, champions, django_assert_num_queries):
        client, url = signed_in("lead"), self.url(need)
        client.get(reverse("home"))
        with django_assert_num_queries(6):
            client.get(url)
