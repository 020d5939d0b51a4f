"""A deployment waits for consent, takes the terms that were agreed, and never undercuts what was delivered."""

from datetime import date

import pytest

from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.actions.agreeing import agree_to_terms, drop_proposal, propose_anew
from support.actions.deliveries import log_delivery, plan_day
from support.actions.deployments import end_deployment, move_deployment, propose
from support.agreements import Intended, Terms
from support.models import Deployment
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 18)
TERMS = Terms("Early reading", 10, date(2022, 9, 1), date(2023, 7, 21), (Intended("More read", "Phonics check"),))


def terms(**rest):
    return Terms(**vars(TERMS) | rest)


@pytest.fixture
def broker():
    return make.user("lead")


@pytest.fixture
def proposed(broker):
    return propose(make.champion("SSLC"), school=make.school(), terms=TERMS, by=broker, on=DAY)


@pytest.fixture
def agreed(proposed, broker):
    make.offer_2022()
    return agree_to_terms(proposed, TERMS, by=broker, version=1)


def test_a_proposal_waits_and_keeps_its_outcomes(proposed, broker):
    assert (proposed.state, proposed.half_days_agreed, proposed.champion_type.code) == ("proposed", 10, "SSLC")
    assert list(proposed.intended.values_list("text", "measure")) == [("More read", "Phonics check")]
    assert Event.objects.get().verb == "deployment.proposed"


def test_a_proposal_does_not_run_and_books_no_day(proposed, broker):
    assert (Deployment.objects.running_on(DAY).count(), Deployment.objects.covering(DAY).count()) == (0, 0)
    for act in (plan_day, log_delivery):
        with pytest.raises(Refusal, match="Nobody has agreed"):
            act(proposed, happens_on=DAY, half_days=1, summary="Reading", by=broker, on=DAY)


def test_a_champion_goes_as_one_of_their_types(broker):
    champion = make.champion("SSLC")
    pupil = make.champion_type("SSPC")
    with pytest.raises(Refusal, match="is not a SSPC champion"):
        propose(champion, school=make.school(), terms=TERMS, champion_type=pupil, by=broker, on=DAY)
    champion.other_types.add(pupil)
    made = propose(champion, school=make.school(), terms=TERMS, champion_type=pupil, by=broker, on=DAY)
    assert made.champion_type == pupil


def test_a_proposal_counts_as_the_same_again(proposed, broker):
    with pytest.raises(Refusal, match="for Early reading already"):
        propose(proposed.champion, school=proposed.school, terms=TERMS, by=broker, on=DAY)


def test_a_proposal_is_neither_ended_nor_moved(proposed, broker):
    with pytest.raises(Refusal, match="Withdraw its agreement"):
        end_deployment(proposed, why="Over", by=broker, on=DAY)
    with pytest.raises(Refusal, match="Withdraw its agreement"):
        move_deployment(proposed, to=make.academy(), by=broker, on=DAY)


def test_agreed_terms_are_the_deployments(agreed):
    assert (agreed.state, Event.objects.first().verb) == ("agreed", "deployment.agreed")
    changed = agree_to_terms(
        agreed, terms(focus="Phonics", half_days=14, ends_on=date(2023, 8, 31), outcomes=()), by=None, version=2
    )
    assert (changed.focus, changed.half_days_agreed, changed.ends_on) == ("Phonics", 14, date(2023, 8, 31))
    assert (changed.intended.count(), Event.objects.first().verb) == (0, "deployment.changed")


def test_other_terms_for_a_proposal_leave_it_waiting(proposed):
    assert propose_anew(proposed, terms(half_days=4)).half_days_agreed == 4
    assert proposed.state == "proposed"


@pytest.mark.parametrize(
    ("rest", "field", "said"),
    [
        ({"half_days": 1}, "half_days_agreed", "1.5 days have been delivered"),
        ({"starts_on": date(2023, 1, 12)}, "starts_on", "a day on 11 January 2023"),
        ({"ends_on": date(2023, 2, 1)}, "ends_on", "a day on 8 March 2023 .* move or cancel that day first"),
        ({"ends_on": date(2023, 9, 1)}, "ends_on", "within one academic year"),
    ],
)
def test_new_terms_do_not_undercut_what_was_delivered_or_booked(agreed, rest, field, said):
    shared = {"champion": agreed.champion, "deployment": agreed}
    make.delivery(agreed.school, happens_on=date(2023, 1, 11), days="1.5", **shared)
    make.delivery(agreed.school, happens_on=date(2023, 3, 8), state="planned", **shared)
    with pytest.raises(Refusal, match=said) as refused:
        agree_to_terms(agreed, terms(**rest), by=None, version=2)
    assert refused.value.field == field
    agreed.refresh_from_db()
    assert (agreed.half_days_agreed, agreed.ends_on) == (10, date(2023, 7, 21))


def test_what_has_ended_takes_no_new_terms(agreed, broker):
    end_deployment(agreed, why="The aims are met", by=broker, on=DAY)
    with pytest.raises(Refusal, match="has ended"):
        agree_to_terms(agreed, TERMS, by=None, version=2)


def test_a_proposal_that_is_declined_is_over_and_an_agreed_deployment_stays(proposed, broker):
    assert drop_proposal(proposed, state=Deployment.State.DECLINED, why="Declined", by=None) is True
    assert (proposed.state, proposed.end_reason) == ("declined", "Declined")
    assert drop_proposal(proposed, state=Deployment.State.CANCELLED, why="Again", by=broker) is False
    agreed = make.deployment(make.school())
    assert drop_proposal(agreed, state=Deployment.State.DECLINED, why="Declined", by=None) is False
    agreed.refresh_from_db()
    assert agreed.state == "agreed"
