"""One reminder half-way, with the same link; what a deployment has outlived is closed."""

from datetime import date

import pytest

from agreements.models import Agreement
from agreements.reminding import close_overtaken_agreements, remind_of_open_agreements
from support.actions.deployments import end_deployment
from tests import make
from tests.agreements.cases import DAY, agree, later, link, mails, propose, say, token
from tests.agreements.test_proposing import change

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker():
    return make.user("lead")


@pytest.fixture
def agreement(broker):
    return propose(by=broker)


def test_half_way_each_who_is_silent_is_reminded_once(agreement):
    say(agreement, "supported")
    assert remind_of_open_agreements(now=later(days=6, hours=23)) == 0
    assert [remind_of_open_agreements(now=later(days=7)), remind_of_open_agreements(now=later(days=8))] == [1, 0]
    [reminder] = mails("consent-reminder")
    assert (reminder.to, token(agreement, "home") in reminder.body) == (["lee@home.example"], True)
    assert link(agreement, "home").reminded_at == later(days=7)


def test_nobody_is_reminded_of_what_can_not_be_answered_any_more(agreement, broker):
    assert remind_of_open_agreements(now=later(days=14)) == 0
    say(agreement, "home", yes=False, why="We need her here")
    assert remind_of_open_agreements(now=later(days=8)) == 0


def test_new_terms_of_a_deployment_that_has_ended_are_withdrawn(agreement, broker):
    deployment = agree(agreement)
    second = change(deployment, broker)
    assert close_overtaken_agreements(now=later(days=1)) == 0
    end_deployment(deployment, why="The aims are met", by=broker, on=DAY)
    assert [close_overtaken_agreements(now=later(days=1)) for _ in range(2)] == [1, 0]
    second.refresh_from_db()
    assert (second.state, second.withdrawn_why[:24]) == ("withdrawn", "The deployment has ended")


def test_a_proposal_past_its_last_day_is_withdrawn_and_its_deployment_cancelled(agreement):
    assert close_overtaken_agreements(now=later(days=(date(2023, 7, 21) - DAY).days)) == 0
    assert close_overtaken_agreements(now=later(days=(date(2023, 7, 22) - DAY).days)) == 1
    agreement.deployment.refresh_from_db()
    assert agreement.deployment.state == "cancelled"


def test_what_does_not_go_on_by_itself_is_the_brokers(agreement, broker):
    def needing(at):
        return list(Agreement.objects.needing_the_broker(at))

    assert (needing(later(days=13)), needing(later(days=14))) == ([], [agreement])
    say(agreement, "home", yes=False, why="We need her here")
    assert (needing(later(days=13)), needing(later(days=15))) == ([agreement], [])


def test_a_decline_that_was_answered_by_newer_terms_is_the_brokers_no_more(agreement, broker):
    deployment = agree(agreement)
    second = change(deployment, broker)
    say(second, "home", yes=False, why="Too many")
    assert list(Agreement.objects.needing_the_broker(later(days=1))) == [second]
    change(deployment, broker, at=later(hours=1))
    assert list(Agreement.objects.needing_the_broker(later(days=1))) == []
