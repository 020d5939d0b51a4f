"""The pages: filled in, checked with the cost, sent; each side's own money; few queries."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from agreements.models import Agreement, Party
from reimbursing.models import ReimbursementRate
from schools.models import School
from sidebyside.audit.models import Event
from sidebyside.govuk.dates import posted
from support.models import Deployment, Skill
from tests import make
from tests.agreements.cases import NOW, agree, link, mails, propose, say
from tests.agreements.test_proposing import change

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def lead():
    return make.user("lead", name="Robin Fairweather")


@pytest.fixture
def academy():
    make.council()
    make.rates()
    make.offer_2022()
    academy = make.academy(name="Mill Lane Academy")
    make.account(academy)
    make.head(academy, name="Sam Oakes")
    return academy


@pytest.fixture
def champion():
    champion = make.champion("SSLC", name="Jo Marsh", user=make.user("champion"))
    make.head(champion.home_school, name="Lee Park")
    return champion


def filled_in(champion, school, **rest):
    values = {"champion": champion.pk, "school": school.pk, "focus": "Early reading", "half_days_agreed": "4"}
    values |= {"outcomes-0-text": "More read", "outcomes-0-measure": "Phonics check", "outcomes-1-text": ""}
    values |= posted("starts_on", date(2023, 1, 23)) | posted("ends_on", date(2023, 7, 21))
    return values | rest


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


class TestProposing:
    def test_it_is_shown_with_its_cost_and_who_is_asked_before_anything_is_sent(
        self, signed_in, lead, academy, champion
    ):
        page = text(signed_in(lead).post(reverse("deployment_new"), filled_in(champion, academy)))
        for words in ("Send this deployment for consent?", "Up to 31 March 2023: £275.00 a day", "From 1 April 2023",
                      "it costs £1,320.00 to £2,640.00 in all", "Sam Oakes", "Lee Park", "Phonics check"):  # fmt: skip
            assert words in page
        assert (Deployment.objects.count(), mails()) == (0, [])

    def test_then_it_is_sent(self, signed_in, lead, academy, champion):
        skill = Skill.objects.create(name="Reading")
        data = filled_in(champion, academy, skill=skill.pk, send="1")
        answer = signed_in(lead).post(reverse("deployment_new"), data)
        deployment = Deployment.objects.get()
        assert (answer.url, deployment.state, deployment.skill) == (deployment.get_absolute_url(), "proposed", skill)
        assert [name for (name,) in deployment.intended.values_list("text")] == ["More read"]
        assert {each.party: each.name for each in deployment.agreements.get().links.all()} == {
            "supported": "Sam Oakes", "home": "Lee Park"
        }  # fmt: skip

    def test_where_nobody_signs_in_somebody_is_typed(self, signed_in, lead, academy):
        champion, client = make.champion("SSLC"), signed_in(lead)
        page = text(client.post(reverse("deployment_new"), filled_in(champion, academy, send="1")))
        assert f"Nobody signs in as the head of {champion.home_school}. Enter who agrees for it." in page
        one = text(client.post(reverse("deployment_new"), filled_in(champion, academy, home_name="Kim Ode")))
        assert "Enter a name and an email address, or neither" in one
        typed = {"home_name": "Kim Ode", "home_email": "kim@home.example", "send": "1"}
        client.post(reverse("deployment_new"), filled_in(champion, academy, **typed))
        assert link(Agreement.objects.get(), "home").email == "kim@home.example"

    def test_days_beyond_those_that_the_home_school_lends_are_said_before_anything_is_sent(
        self, signed_in, lead, academy, champion
    ):
        champion.lendings.update(half_days_a_year=6)
        page = text(signed_in(lead).post(reverse("deployment_new"), filled_in(champion, academy)))
        assert (
            f"{champion.home_school} lends 3 days in this academic year. With these days it would be 1 day more."
            in page
        )

    def test_what_was_agreed_on_paper_is_recorded_and_nobody_is_asked(self, signed_in, lead, academy):
        client, data = signed_in(lead), filled_in(make.champion("SSLC"), academy, signed="Both heads, 12 January 2023")
        page = text(client.post(reverse("deployment_new"), data))
        assert "Record this deployment, agreed on paper?" in page
        assert ("Both heads, 12 January 2023" in page, Deployment.objects.count()) == (True, 0)
        client.post(reverse("deployment_new"), data | {"send": "1"})
        deployment, event = Deployment.objects.get(), Event.objects.get(verb="deployment.agreed_on_paper")
        assert (deployment.state, deployment.intended.get().text, mails()) == ("agreed", "More read", [])
        assert (event.why, event.by, deployment.agreements.exists()) == ("Both heads, 12 January 2023", lead, False)

    def test_another_row_and_changing_something_send_nothing_and_keep_what_was_typed(
        self, signed_in, lead, academy, champion
    ):
        client, data = signed_in(lead), filled_in(champion, academy)
        more = client.post(reverse("deployment_new"), data | {"add": "1"}).content.decode()
        assert (more.count("data-row"), "There is a problem" in more) == (4, False)
        back = client.post(reverse("deployment_new"), data | {"back": "1"}).content.decode()
        assert ('value="More read"' in back, Deployment.objects.count()) == (True, 0)

    def test_all_that_is_wrong_is_said_at_once(self, signed_in, lead, academy):
        days = posted("starts_on", date(2022, 9, 5)) | posted("ends_on", date(2022, 9, 2))
        page = text(signed_in(lead).post(reverse("deployment_new"), {"half_days_agreed": "0", **days}))
        said = ("Agree at least half a day.", "The deployment ends before it starts.", "at least one thing that will")
        assert [sentence in page for sentence in said] == [True, True, True]

    def test_a_conflict_is_shown_and_goes_on_with_a_reason(self, signed_in, lead, academy, champion):
        make.trust(academy, champion.home_school)
        client, data = signed_in(lead), filled_in(champion, academy)
        assert "are both in Mill Lane Academy Trust" in text(client.post(reverse("deployment_new"), data))
        data |= {"override": "Nobody else knows the system"}
        assert "Send this deployment for consent?" in text(client.post(reverse("deployment_new"), data))
        client.post(reverse("deployment_new"), data | {"send": "1"})
        assert Deployment.objects.get().half_days_agreed == 8

    def test_an_outcome_has_a_measure(self, signed_in, lead, academy, champion):
        data = filled_in(champion, academy) | {"outcomes-0-measure": ""}
        page = text(signed_in(lead).post(reverse("deployment_new"), data))
        assert ("Enter how you will know" in page, "Send this deployment" in page) == (True, False)

    def test_a_link_names_school_and_champion(self, signed_in, lead, academy, champion):
        query = {"school": academy.pk, "champion": champion.code}
        form = signed_in(lead).get(reverse("deployment_new"), query).context["form"]
        assert (form["school"].value(), form["champion"].value()) == (str(academy.pk), champion.pk)


class TestChanging:
    def test_new_terms_are_shown_beside_the_old_ones_then_sent(self, signed_in, lead, academy, champion):
        deployment = agree(propose(academy, champion, by=lead))
        url, client = reverse("deployment_change", args=[deployment.pk]), signed_in(lead)
        assert 'value="More pupils read at the standard"' in client.get(url).content.decode()
        data = filled_in(champion, academy, half_days_agreed="6", why="Two more classes")
        page = text(client.post(url, data))
        for words in ("What is different", "<strong>6</strong>", "The same", "Two more classes", "£1,980.00"):
            assert words in page
        answer = client.post(url, data | {"send": "1"})
        second = Agreement.objects.get(version=2)
        deployment.refresh_from_db()
        assert (answer.url, second.half_days, deployment.half_days_agreed) == (second.get_absolute_url(), 12, 8)

    def test_nothing_different_is_said(self, signed_in, lead, academy, champion):
        deployment = agree(propose(academy, champion, by=lead))
        data = filled_in(champion, academy, why="None")
        data |= {"outcomes-0-text": "More pupils read at the standard", "outcomes-0-measure": "Phonics check in June"}
        page = text(signed_in(lead).post(reverse("deployment_change", args=[deployment.pk]), data))
        assert "Nothing is different from what holds" in page


class TestReading:
    """Each side its own money; why somebody said no the team and that school."""

    @pytest.fixture
    def agreement(self, lead, academy, champion):
        return propose(academy, champion, by=lead)

    def people(self, agreement):
        heads = {party: School.objects.get(pk=urn).memberships.get().user for party, urn in
                 (("supported", agreement.school_id), ("home", agreement.home_school_id))}  # fmt: skip
        return heads | {"champion": agreement.deployment.champion.user, "adviser": make.user("adviser")}

    def seen(self, signed_in, url, people):
        return {name: text(signed_in(person).get(url)) for name, person in people.items()}

    def test_the_cost_is_for_the_supported_school_and_the_team(self, signed_in, agreement):
        found = self.seen(signed_in, agreement.get_absolute_url(), self.people(agreement))
        assert {name: "£275.00" in page for name, page in found.items()} == {
            "supported": True, "home": False, "champion": False, "adviser": True
        }  # fmt: skip

    def test_what_the_home_school_is_paid_is_for_that_school_its_champion_and_the_team(self, signed_in, agreement):
        kind = agreement.deployment.champion_type
        ReimbursementRate.objects.create(champion_type=kind, starts_on=date(2020, 9, 1), rate=31100)
        people = self.people(agreement)
        found = self.seen(signed_in, agreement.get_absolute_url(), people)
        assert {name: "£311.00 a day" in page for name, page in found.items()} == {
            "supported": False, "home": True, "champion": True, "adviser": True
        }  # fmt: skip
        answer = reverse("agreement_answer", args=[agreement.pk, "home"])
        assert "£311.00 a day, £1,244.00 for 4 days." in text(signed_in(people["home"]).get(answer))

    def test_the_page_of_costs_too(self, signed_in, agreement):
        agree(agreement)
        url = reverse("agreement_cost", args=[agreement.pk])
        statuses = {name: signed_in(who).get(url).status_code for name, who in self.people(agreement).items()}
        assert statuses == {"supported": 200, "home": 404, "champion": 403, "adviser": 200}

    def test_everybody_concerned_gets_the_same_paper_byte_for_byte(self, signed_in, agreement):
        agree(agreement)
        url, kept = reverse("agreement_pdf", args=[agreement.pk]), bytes(agreement.document.content)
        for person in self.people(agreement).values():
            assert signed_in(person).get(url).content == kept
        assert signed_in(make.head(make.school())).get(url).status_code == 404

    def test_before_it_is_agreed_there_is_no_paper(self, signed_in, lead, agreement):
        for name in ("agreement_pdf", "agreement_cost"):
            assert signed_in(lead).get(reverse(name, args=[agreement.pk])).status_code == 404

    def test_why_a_school_said_no_is_for_the_team_and_that_school(self, signed_in, agreement):
        say(agreement, "home", yes=False, why="We need her here")
        people = self.people(agreement)
        found = self.seen(signed_in, agreement.get_absolute_url(), people)
        assert {name: "We need her here" in page for name, page in found.items()} == {
            "supported": False, "home": True, "champion": False, "adviser": True
        }  # fmt: skip
        assert "We need her here" not in text(
            signed_in(people["supported"]).get(agreement.deployment.get_absolute_url())
        )

    def test_the_head_of_a_home_school_sees_the_agreement_and_not_the_deployment(self, signed_in, agreement):
        home = self.people(agreement)["home"]
        client = signed_in(home)
        assert client.get(agreement.get_absolute_url()).status_code == 200
        assert client.get(agreement.deployment.get_absolute_url()).status_code == 404
        assert agreement.deployment.get_absolute_url() not in text(client.get(agreement.get_absolute_url()))

    def test_versions_stand_on_the_deployments_page(self, signed_in, lead, agreement):
        deployment = agree(agreement)
        second = change(deployment, lead)
        page = text(signed_in(lead).get(deployment.get_absolute_url()))
        assert [version.get_absolute_url() in page for version in (agreement, second)] == [True, True]

    def test_a_head_answers_for_the_own_school_alone(self, signed_in, agreement):
        people = self.people(agreement)
        for name, own in (("supported", "home"), ("home", "supported")):
            for side, status in ((name, 200), (own, 404), ("broker", 404)):
                url = reverse("agreement_answer", args=[agreement.pk, side])
                assert signed_in(people[name]).get(url).status_code == status
        client = signed_in(people["supported"])
        answer = client.post(reverse("agreement_answer", args=[agreement.pk, "supported"]), {"says": "yes"})
        assert (answer.url, agreement.consents.get(party="supported").how) == (
            agreement.get_absolute_url(),
            "signed in",
        )

    def test_the_broker_sends_a_new_link_and_withdraws(self, signed_in, lead, agreement):
        client, old = signed_in(lead), link(agreement, "home")
        client.post(reverse("agreement_ask", args=[agreement.pk, "home"]), {"name": "Ali", "email": "ali@home.example"})
        assert (link(agreement, "home").email, link(agreement, "home") == old) == ("ali@home.example", False)
        client.post(reverse("agreement_withdraw", args=[agreement.pk]), {"why": "The champion is ill"})
        agreement.refresh_from_db()
        assert agreement.state == "withdrawn"

    def test_home_tells_each_what_waits(self, signed_in, lead, agreement):
        people = self.people(agreement)
        waiting = f"Agree: {agreement.champion_name} at {agreement.school_name}"
        found = self.seen(signed_in, reverse("home"), people)
        assert {name: waiting in page for name, page in found.items()} == {
            "supported": True, "home": True, "champion": False, "adviser": False
        }  # fmt: skip
        say(agreement, Party.HOME, yes=False, why="We need her here")
        page = text(signed_in(lead).get(reverse("home")))
        assert ("Read why, and look for another way" in page, "We need her" in page) == (True, False)


class TestQueries:
    def test_the_list_takes_the_same_for_one_and_for_many(
        self, signed_in, lead, academy, champion, django_assert_num_queries
    ):
        client = signed_in(champion.home_school.memberships.get().user)
        for number in range(3):
            propose(academy, champion, by=lead, override="Again" if number else "")
            client.get(reverse("agreement_list"))
            with django_assert_num_queries(4):
                assert client.get(reverse("agreement_list")).context["page"].paginator.count == number + 1

    def test_forms_and_details(self, signed_in, lead, academy, champion, django_assert_max_num_queries):
        agreement = propose(academy, champion, by=lead)
        head = academy.memberships.get().user
        change(agree(propose(academy, make.champion(), by=lead)), lead)
        pages = [
            (lead, reverse("deployment_new"), 6),
            (lead, reverse("deployment_change", args=[agreement.deployment_id]), 6),
            (lead, reverse("agreement_ask", args=[agreement.pk, "home"]), 6),
            (lead, reverse("agreement_withdraw", args=[agreement.pk]), 6),
            (head, reverse("agreement_answer", args=[agreement.pk, "supported"]), 6),
            (head, agreement.get_absolute_url(), 8),
            (lead, agreement.deployment.get_absolute_url(), 8),
        ]
        for person, url, most in pages:
            client = signed_in(person)
            client.get(url)
            with django_assert_max_num_queries(most):
                assert client.get(url).status_code == 200
