"""Proposing a champion for a need: the agreement goes out and the need is matched, both or neither."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from agreements.actions.consenting import consent_by_link
from agreements.models import Agreement, Consent
from brokering.actions.needs import decline_need, withdraw_need
from brokering.actions.proposing import propose_for_need
from brokering.models import Need
from schools.models import School
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.models import Deployment
from tests import make
from tests.agreements.cases import ASKED, DAY, NOW, TERMS, agree, link, mails, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    make.council()
    return make.user("lead")


@pytest.fixture
def need(lead):
    return make.need(make.school(name="Mill Lane Primary School"))


def propose(need, lead, champion=None, **rest):
    values = {"terms": TERMS, "asked": ASKED, "by": lead, "on": DAY, "at": NOW}
    return propose_for_need(need, champion or make.champion(), **values | rest)


def agreement(need):
    return Agreement.objects.get(deployment=Need.objects.get(pk=need.pk).deployment)


def standing(need):
    return Need.objects.get(pk=need.pk).standing


def refusal(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.sentence


def test_the_need_is_matched_as_the_agreement_goes_out(need, lead):
    champion = make.champion(name="Jo Marsh")
    deployment = propose(need, lead, champion, skill=make.skill())
    need.refresh_from_db()
    assert (need.deployment, need.standing) == (deployment, "matched")
    assert (deployment.school, deployment.champion, deployment.skill.name) == (need.school, champion, "Early reading")
    assert len(mails("consent-link")) == 2
    details = {"champion": champion.code, "deployment": deployment.pk}
    assert Event.objects.filter(verb="need.matched").values_list("details", flat=True).get() == details


def test_it_is_met_once_both_heads_have_agreed(need, lead):
    propose(need, lead)
    agree(agreement(need))
    assert standing(need) == "met"


def test_it_is_open_again_when_a_head_declines_and_somebody_else_can_be_proposed(need, lead):
    first = propose(need, lead)
    consent_by_link(link(agreement(need), "home"), is_yes=False, at=NOW, why="She is needed here")
    assert standing(need) == "open"
    second = propose(need, lead)
    assert (standing(need), Need.objects.get().deployment) == ("matched", second)
    assert Deployment.objects.get(pk=first.pk).state == "declined"


def test_a_conflict_asks_for_a_reason_which_is_recorded(need, lead):
    school = make.school(name="Hill School", federation="Vale Federation")
    School.objects.filter(pk=need.school_id).update(federation="Vale Federation")
    champion = make.champion(home=school, name="Jo Marsh")
    words = (
        "Mill Lane Primary School and the home school of Jo Marsh are both in Vale Federation. Say why it should go "
        "on, or choose another champion."
    )
    assert refusal(lambda: propose(need, lead, champion)) == words
    assert (standing(need), Deployment.objects.count(), Consent.objects.count()) == ("open", 0, 0)
    deployment = propose(need, lead, champion, override="Another year group")
    said = Event.objects.get(verb="deployment.proposed")
    assert (said.why, said.subject) == ("Another year group", f"deployment:{deployment.pk}")


def test_the_schools_own_champion_is_refused_whatever_the_reason(need, lead):
    own = make.champion(home=need.school, name="Dan Own")
    words = "Mill Lane Primary School is the home school of Dan Own. Choose another champion."
    assert refusal(lambda: propose(need, lead, own, override="He is the best")) == words
    assert standing(need) == "open"


def test_one_champion_at_a_time_is_proposed(need, lead):
    propose(need, lead, make.champion(name="Jo Marsh"))
    words = "Jo Marsh is proposed for this need already. Nothing was changed."
    assert refusal(lambda: propose(need, lead)) == words
    assert Deployment.objects.count() == 1


@pytest.mark.parametrize("close", [withdraw_need, decline_need])
def test_for_what_is_closed_nobody_is_proposed(need, lead, close):
    close(need, why="Not now", by=lead, on=DAY)
    assert refusal(lambda: propose(need, lead)).endswith("already. Nothing was changed.")


def test_the_same_form_proposes_once(need, lead):
    champion = make.champion()
    first, second = (propose(need, lead, champion, request_key="a") for _ in range(2))
    assert (first, Deployment.objects.count(), Agreement.objects.count()) == (second, 1, 1)
    assert Event.objects.filter(verb="need.matched").count() == 1


def test_what_agreeing_refuses_leaves_the_need_as_it_was(need, lead):
    wrong = terms(ends_on=date(2023, 9, 15))
    assert refusal(lambda: propose(need, lead, terms=wrong)).startswith("A deployment stays within one academic year")
    assert (standing(need), Deployment.objects.count()) == ("open", 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_brokers_at_once_one_proposes(need, lead):
    champions = [make.champion(), make.champion()]
    start = Barrier(len(champions))

    def act(champion):
        try:
            start.wait()
            return propose(Need.objects.get(pk=need.pk), lead, champion).champion.name
        except Refusal as refused:
            return refused.sentence
        finally:
            connection.close()

    with ThreadPoolExecutor(len(champions)) as pool:
        said = list(pool.map(act, champions))
    proposed = Need.objects.get().deployment.champion
    assert sorted(said) == sorted(
        [proposed.name, f"{proposed} is proposed for this need already. Nothing was changed."]
    )
    assert Deployment.objects.count() == 1
