"""Both heads answer at the same moment, a link is used twice at once, the broker withdraws meanwhile."""

import pytest

from agreements.models import Agreement, Consent, ConsentLink
from sidebyside.audit.models import Event
from sidebyside.documents.models import Document
from support.models import Deployment
from tests import make
from tests.agreements.cases import link, propose, say
from tests.processes.crowd import crowd

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agreement():
    return propose(by=make.user("lead"))


def links(agreement, *parties):
    return [link(agreement, party).pk for party in parties]


def test_two_heads_who_agree_at_once_are_both_heard_and_it_is_agreed_once(agreement):
    assert crowd(2, "consent", links=links(agreement, "supported", "home")) == ["agreed", "agreed"]
    assert (Agreement.objects.get().state, Deployment.objects.get().state) == ("agreed", "agreed")
    assert Event.objects.filter(verb="agreement.agreed").count() == 1


def test_without_the_guard_neither_would_be_the_last(agreement):
    said = crowd(2, "consent_without_a_guard", links=links(agreement, "supported", "home"))
    assert (said, Consent.objects.filter(is_yes=True).count()) == (["one of several"] * 2, 3)


def test_a_link_that_two_use_at_once_answers_once(agreement):
    mine = links(agreement, "home")[0]
    said = crowd(4, "consent", links=[mine] * 4)
    assert (said.count("agreed"), Consent.objects.filter(party="home").count()) == (1, 1)
    assert {sentence for sentence in said if sentence != "agreed"} == {
        "This link cannot be used any more, and nothing was changed. Ask the school improvement team for a new one."
    }


def test_without_the_guard_all_would_use_it(agreement):
    mine = links(agreement, "home")[0]
    assert crowd(4, "use_without_a_guard", links=[mine] * 4) == ["used"] * 4


def test_of_the_last_yes_and_a_withdrawal_one_counts(agreement):
    say(agreement, "supported")
    said = crowd(2, "consent_or_withdraw", link=links(agreement, "home")[0], by=agreement.made_by_id)
    outcomes = {"agreed": ("agreed", "agreed", 2), "withdrawn": ("withdrawn", "cancelled", 0)}
    [won] = set(said) - {"refused"}
    found = (Agreement.objects.get().state, Deployment.objects.get().state, Document.objects.count())
    assert (said.count("refused"), found) == (1, outcomes[won])


def test_without_the_guard_both_would_count(agreement):
    say(agreement, "supported")
    mine = links(agreement, "home")[0]
    said = crowd(2, "consent_or_withdraw_without_a_guard", link=mine, by=agreement.made_by_id)
    assert sorted(said) == ["agreed", "withdrawn"]


def test_guesses_at_the_same_moment_are_all_counted(agreement):
    mine = links(agreement, "home")[0]
    crowd(8, "guess", link=mine)
    assert ConsentLink.objects.get(pk=mine).wrong_codes == 5
