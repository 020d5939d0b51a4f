"""Proposing: nothing runs before all three agree; new terms are a new version, and the old ones hold until then."""

from datetime import date

import pytest
from django.db import transaction

from agreements.actions.asking import ask_again
from agreements.actions.proposing import propose_change, propose_deployment
from agreements.models import Agreement, Consent, ConsentLink, Party
from agreements.people import Person, head_of
from schools.models import Membership
from sidebyside.audit.models import Event
from sidebyside.refusals import Refusal
from support.models import Deployment
from tests import make
from tests.agreements.cases import ASKED, DAY, NOW, TERMS, agree, is_good, later, mails, propose, terms, token

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker():
    return make.user("lead", name="Robin Fairweather")


def change(deployment, broker, *, at=NOW, **rest):
    values = {"terms": terms(half_days=12), "asked": ASKED, "why": "Two more classes", "by": broker, "on": DAY}
    return propose_change(deployment, at=at, **values | rest)


def test_a_proposal_waits_with_its_terms_as_they_are_today(broker):
    champion, school = make.champion("SSLC", name="Jo Marsh"), make.academy(name="Mill Lane Academy")
    agreement = propose(school, champion, by=broker)
    deployment = agreement.deployment
    assert (deployment.state, agreement.state, agreement.version, agreement.terms) == ("proposed", "open", 1, TERMS)
    assert (agreement.champion_name, agreement.champion_type_name) == ("Jo Marsh", f"{champion.type}")
    assert (agreement.school_name, agreement.home_school) == ("Mill Lane Academy", champion.home_school)
    assert set(Event.objects.values_list("verb", flat=True)) == {"deployment.proposed", "agreement.proposed"}


def test_the_broker_agrees_by_proposing(broker):
    consent = propose(by=broker).consents.get()
    assert (consent.party, consent.is_yes, consent.user, consent.how) == ("broker", True, broker, "signed in")


def test_both_heads_get_a_mail_with_a_link_of_their_own(broker):
    agreement = propose(by=broker)
    first, second = mails("consent-link")
    assert (first.to, second.to) == (["kim@supported.example"], ["lee@home.example"])
    tokens = [token(agreement, party) for party in ("supported", "home")]
    assert [text in mail.body for text, mail in zip(tokens, (first, second), strict=True)] == [True, True]
    assert (tokens[0] in second.body, tokens[1] in first.body) == (False, False)


def test_the_home_school_that_agrees_is_the_one_that_lends_on_the_first_day(broker):
    champion, other = make.champion(), make.school()
    champion.lendings.update(ends_on=date(2023, 1, 20))
    champion.lendings.create(school=other, starts_on=date(2023, 1, 21))
    assert propose(champion=champion, by=broker).home_school == other


@pytest.mark.parametrize(("party", "field"), [(Party.SUPPORTED, "supported_name"), (Party.HOME, "home_name")])
def test_without_somebody_who_agrees_nothing_is_proposed(broker, party, field):
    with pytest.raises(Refusal, match="Say who agrees for") as refused:
        propose(by=broker, asked={each: person for each, person in ASKED.items() if each != party})
    assert refused.value.field == field
    with pytest.raises(Refusal, match="Enter an email address of Kim Ode"):
        propose(by=broker, asked=ASKED | {party: Person("Kim Ode", "nowhere")})


@pytest.mark.parametrize(("party", "field"), [(Party.SUPPORTED, "supported_email"), (Party.HOME, "home_email")])
def test_nobody_at_the_council_answers_for_a_school(broker, party, field):
    """The broker could otherwise sign in and agree for all three."""
    adviser = make.user("adviser")
    for person in (broker, adviser):
        with pytest.raises(Refusal, match="somebody at the council") as refused, transaction.atomic():
            propose(by=broker, asked=ASKED | {party: Person("Kim Ode", person.email.upper())})
        assert refused.value.field == field
    version = propose(by=broker)
    with pytest.raises(Refusal, match="somebody at the council"), transaction.atomic():
        ask_again(version, party=party, person=Person("Kim Ode", broker.email), by=broker, at=NOW)


def test_the_head_who_is_asked_holds_the_post_on_the_day():
    school = make.school()
    gone, head = make.head(school), make.head(school, name="Sam Oakes")
    Membership.objects.filter(user=gone).update(ended_on=date(2022, 8, 31))
    Membership.objects.filter(user=head).update(started_on=date(2022, 9, 1))
    Membership.objects.create(
        user=make.user("head"), school=school, post=Membership.Post.CHAIR, started_on=date(2020, 9, 1)
    )
    assert head_of(school, DAY) == Person("Sam Oakes", head.email)
    assert head_of(school, date(2022, 8, 1)) == Person(gone.name, gone.email)
    assert head_of(make.school(), DAY) is None


def test_the_same_form_proposes_once(broker):
    make.council()
    champion, school = make.champion(), make.academy()
    values = {"school": school, "terms": TERMS, "asked": ASKED, "by": broker, "on": DAY, "at": NOW}
    made = [propose_deployment(champion, request_key="k", **values) for _ in range(2)]
    assert (made[0], Agreement.objects.count(), len(mails())) == (made[1], 1, 2)


class TestChange:
    """Changes and extensions are new versions that need consent again."""

    def test_the_terms_that_were_agreed_hold_until_everybody_has_agreed(self, broker):
        deployment = agree(propose(by=broker))
        second = change(deployment, broker)
        deployment.refresh_from_db()
        assert (second.version, deployment.half_days_agreed, deployment.state) == (2, 8, "agreed")
        agree(second)
        deployment.refresh_from_db()
        assert (deployment.half_days_agreed, deployment.state) == (12, "agreed")
        assert list(deployment.agreements.order_by("version").values_list("state", flat=True)) == ["agreed", "agreed"]

    def test_a_newer_version_replaces_the_one_that_is_open_and_its_links(self, broker):
        first = propose(by=broker)
        old = token(first, "home")
        second = change(first.deployment, broker)
        first.refresh_from_db()
        assert (first.state, second.state, is_good(old)) == ("replaced", "open", False)
        assert is_good(token(second, "home"))

    def test_a_proposal_takes_its_new_terms_at_once_for_nobody_has_agreed_others(self, broker):
        first = propose(by=broker)
        change(first.deployment, broker)
        deployment = Deployment.objects.get()
        assert (deployment.state, deployment.half_days_agreed) == ("proposed", 12)

    def test_nothing_different_and_no_reason_are_refused(self, broker):
        deployment = agree(propose(by=broker))
        with pytest.raises(Refusal, match="Nothing is different"):
            change(deployment, broker, terms=TERMS)
        with pytest.raises(Refusal, match="Say why") as refused:
            change(deployment, broker, why=" ")
        assert (refused.value.field, Agreement.objects.count()) == ("why", 1)

    def test_what_was_delivered_is_not_undercut(self, broker):
        deployment = agree(propose(by=broker))
        make.delivery(deployment.school, happens_on=date(2023, 2, 1), days="3", champion=deployment.champion,
                      deployment=deployment)  # fmt: skip
        with pytest.raises(Refusal, match="3 days have been delivered already"):
            change(deployment, broker, terms=terms(half_days=5))
        with pytest.raises(Refusal, match="within one academic year"):
            change(deployment, broker, terms=terms(ends_on=date(2023, 9, 15)))

    def test_a_deployment_that_has_ended_has_no_new_terms(self, broker):
        with pytest.raises(Refusal, match="has ended"):
            change(make.deployment(make.school(), state="ended"), broker)

    def test_one_agreed_on_paper_begins_with_version_one(self, broker):
        make.council()
        deployment = make.deployment(make.academy())
        assert change(deployment, broker).version == 1

    def test_the_same_form_changes_once(self, broker):
        deployment = agree(propose(by=broker))
        made = [change(deployment, broker, request_key="k") for _ in range(2)]
        assert (made[0], Agreement.objects.count(), ConsentLink.objects.count()) == (made[1], 2, 4)

    def test_everybody_is_asked_again(self, broker):
        deployment = agree(propose(by=broker))
        second = change(deployment, broker, at=later(days=1))
        assert list(second.consents.values_list("party", flat=True)) == ["broker"]
        assert Consent.objects.filter(agreement__version=1).count() == 3
