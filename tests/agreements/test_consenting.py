"""Consent: all three yes and it holds; one no and it does not; each answers once, for nobody else."""

import io
from datetime import date

import pypdf
import pytest
from django.db import DatabaseError, transaction

from agreements.actions.asking import ask_again
from agreements.actions.consenting import consent_by_link, consent_signed_in
from agreements.actions.withdrawing import withdraw
from agreements.models import Agreement, Consent, Party
from agreements.people import Person
from schools.models import SchoolLink
from sidebyside.audit.models import Event
from sidebyside.documents.models import Document
from sidebyside.refusals import Refusal
from support.actions.deliveries import log_delivery, plan_day
from support.actions.deployments import end_deployment
from support.actions.lending import change_home_school, end_lending
from tests import make
from tests.agreements.cases import (
    ASKED,
    DAY,
    NOW,
    TERMS,
    agree,
    is_good,
    later,
    link,
    mails,
    propose,
    say,
    terms,
    token,
)
from tests.agreements.test_proposing import change

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker():
    return make.user("lead", email="robin@council.example", name="Robin Fairweather")


@pytest.fixture
def agreement(broker):
    return propose(make.academy(name="Mill Lane Academy"), make.champion(email="jo@home.example"), by=broker)


class TestYes:
    """The third yes agrees it: terms, paper and mails in one."""

    def test_two_of_three_are_not_enough(self, agreement):
        say(agreement, "supported")
        agreement.deployment.refresh_from_db()
        assert (agreement.deployment.state, Agreement.objects.get().state) == ("proposed", "open")
        assert Document.objects.count() == 0

    @pytest.mark.parametrize("order", [("supported", "home"), ("home", "supported")])
    def test_all_three_and_the_deployment_is_agreed_with_its_paper(self, agreement, order):
        for party in order:
            say(agreement, party)
        agreement.refresh_from_db()
        agreement.deployment.refresh_from_db()
        assert (agreement.deployment.state, agreement.state, agreement.decided_at) == ("agreed", "agreed", NOW)
        assert agreement.document.content_type == "application/pdf"
        assert {consent.party: (consent.name, consent.how) for consent in agreement.consents.all()} == {
            "broker": ("Robin Fairweather", "signed in"),
            "supported": ("Kim Ode", "link"),
            "home": ("Lee Park", "link"),
        }  # fmt: skip

    def test_only_then_days_are_booked(self, agreement, broker):
        make.offer_2022()
        make.rates()
        with pytest.raises(Refusal, match="Nobody has agreed"):
            plan_day(agreement.deployment, happens_on=date(2023, 2, 1), half_days=2, by=broker, on=DAY)
        deployment = agree(agreement)
        plan_day(deployment, happens_on=date(2023, 2, 1), half_days=2, by=broker, on=DAY)
        assert deployment.deliveries.count() == 1

    def test_everybody_gets_the_paper_and_the_supported_school_its_costs(self, agreement):
        agree(agreement)
        sent = {mail.key.rpartition("-")[2]: (mail.to, mail.attachment) for mail in mails("agreement-agreed")}
        assert sent == {
            "supported": (["kim@supported.example"], agreement.document),
            "home": (["lee@home.example"], agreement.document),
            "broker": (["robin@council.example"], agreement.document),
            "champion": (["jo@home.example"], agreement.document),
        }
        [cost] = mails("agreement-cost")
        assert (cost.to, cost.attachment) == (["kim@supported.example"], agreement.cost_document)

    def test_the_trail_says_who_agreed_and_how(self, agreement):
        agree(agreement)
        said = Event.objects.filter(verb="agreement.consented").order_by("pk").values_list("details", flat=True)
        assert [(each["party"], each["how"]) for each in said] == [("supported", "link"), ("home", "link")]
        assert Event.objects.filter(verb="deployment.agreed").count() == 1


class TestNo:
    """A no ends the version, with its reason, which the team and nobody else is told."""

    def test_a_new_deployment_does_not_take_place(self, agreement):
        say(agreement, "home", yes=False, why="We need her here")
        agreement.refresh_from_db()
        deployment = agreement.deployment
        deployment.refresh_from_db()
        assert (agreement.state, deployment.state) == ("declined", "declined")
        assert deployment.end_reason == f"{agreement.home_school_name} did not agree."
        assert agreement.consents.get(party="home").reason == "We need her here"

    def test_the_reason_stands_in_no_mail(self, agreement):
        say(agreement, "home", yes=False, why="We need her here")
        told = {mail.key.rpartition("-")[2]: mail for mail in mails("agreement-declined")}
        assert {who: mail.to for who, mail in told.items()} == {
            "broker": ["robin@council.example"], "supported": ["kim@supported.example"],
        }  # fmt: skip
        assert ["We need her here" in mail.body for mail in told.values()] == [False, False]

    def test_a_no_without_a_reason_is_refused_and_the_link_stays_good(self, agreement):
        with pytest.raises(Refusal, match="Say why not") as refused, transaction.atomic():
            say(agreement, "home", yes=False, why="  ")
        assert (refused.value.field, is_good(token(agreement, "home"))) == ("why", True)

    def test_a_no_to_new_terms_leaves_the_deployment_as_it_was(self, agreement, broker):
        deployment = agree(agreement)
        second = change(deployment, broker)
        say(second, "supported", yes=False, why="Too many")
        deployment.refresh_from_db()
        assert (deployment.state, deployment.half_days_agreed) == ("agreed", 8)
        assert Agreement.objects.get(version=2).state == "declined"

    def test_after_a_no_the_other_links_are_good_for_nothing(self, agreement):
        other = token(agreement, "supported")
        say(agreement, "home", yes=False, why="We need her here")
        assert not is_good(other)


class TestSignedIn:
    """The heads of the two schools answer for their own school alone."""

    def test_each_head_answers_for_the_own_school(self, agreement):
        supported, home = make.head(agreement.school), make.head(agreement.home_school)
        assert agreement.parties_of(supported) == [Party.SUPPORTED]
        assert agreement.parties_of(home) == [Party.HOME]
        consent_signed_in(agreement, party=Party.SUPPORTED, is_yes=True, by=supported, at=NOW)
        consent_signed_in(agreement, party=Party.HOME, is_yes=True, by=home, at=NOW)
        agreement.refresh_from_db()
        assert (agreement.state, agreement.consents.get(party="home").user) == ("agreed", home)

    def test_nobody_answers_for_another_school(self, agreement, broker):
        heads = [make.head(agreement.home_school), make.head(make.school()), broker, make.user("champion")]
        for person in heads:
            with pytest.raises(Refusal, match="Only the head of one of the two schools"):
                consent_signed_in(agreement, party=Party.SUPPORTED, is_yes=True, by=person, at=NOW)

    def test_who_has_answered_signed_in_has_used_up_the_link(self, agreement):
        old, head = token(agreement, "supported"), make.head(agreement.school)
        consent_signed_in(agreement, party=Party.SUPPORTED, is_yes=True, by=head, at=NOW)
        assert not is_good(old)
        with pytest.raises(Refusal, match="has answered already"):
            consent_signed_in(agreement, party=Party.SUPPORTED, is_yes=True, by=head, at=NOW)

    def test_what_waits_for_a_head_is_what_the_own_school_has_not_answered(self, agreement):
        supported, home = make.head(agreement.school), make.head(agreement.home_school)
        say(agreement, "supported")
        asking = [list(Agreement.objects.asking(person)) for person in (supported, home, make.user("lead"))]
        assert asking == [[], [agreement], []]


class TestLink:
    """One answer, by one person, to one version, for some days."""

    def test_a_link_is_used_once(self, agreement):
        mine = link(agreement, "home")
        consent_by_link(mine, is_yes=True, at=NOW)
        with pytest.raises(Refusal, match="cannot be used any more"):
            consent_by_link(mine, is_yes=False, why="No", at=NOW)
        assert Consent.objects.get(party="home").is_yes

    def test_a_stale_link_is_refused_and_changes_nothing(self, agreement):
        mine = link(agreement, "home")
        assert (is_good(token(agreement, "home"), at=later(days=13)), mine.expires_at) == (True, later(days=14))
        assert not is_good(token(agreement, "home"), at=later(days=14))
        with pytest.raises(Refusal, match="cannot be used any more"):
            consent_by_link(mine, is_yes=True, at=later(days=14))
        assert Consent.objects.filter(party="home").count() == 0

    def test_the_council_says_how_long_a_link_is_good(self, broker):
        agreement = propose(by=broker)
        assert link(agreement, "home").expires_at == later(days=14)
        make.council(consent_link_days=3)
        fresh = ask_again(agreement, party="home", person=ASKED[Party.HOME], by=broker, at=NOW)
        assert fresh.expires_at == later(days=3)

    def test_a_newer_link_replaces_the_older_one(self, agreement, broker):
        old = link(agreement, "home"), token(agreement, "home")
        ask_again(agreement, party="home", person=Person("Ali Fox", "ali@home.example"), by=broker, at=later(days=1))
        assert (is_good(old[1]), is_good(token(agreement, "home"))) == (False, True)
        with pytest.raises(Refusal, match="cannot be used any more"):
            consent_by_link(old[0], is_yes=True, at=later(days=1))
        assert mails("consent-link")[-1].to == ["ali@home.example"]

    def test_nobody_is_asked_again_who_has_answered(self, agreement, broker):
        say(agreement, "home")
        for party in ("home", "broker"):
            with pytest.raises(Refusal, match="Nobody waits for this answer"):
                ask_again(agreement, party=party, person=ASKED[Party.HOME], by=broker, at=NOW)

    @pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: f"9{t}", lambda t: "", lambda t: "x" * 9000,
                                       lambda t: t.replace(".", ":"), lambda t: "\x00"])  # fmt: skip
    def test_a_tampered_link_is_none(self, agreement, spoil):
        assert not is_good(spoil(token(agreement, "home")))

    def test_a_link_is_for_its_own_agreement(self, agreement, broker):
        other = propose(by=broker)
        mine = link(agreement, "home")
        consent_by_link(mine, is_yes=True, at=NOW)
        assert list(other.consents.values_list("party", flat=True)) == ["broker"]


class TestWithdrawing:
    """The broker takes an open version back."""

    def test_a_new_deployment_is_cancelled_and_both_heads_hear_of_it(self, agreement, broker):
        old = token(agreement, "home")
        withdraw(agreement, why="The champion is ill", by=broker, at=NOW)
        agreement.deployment.refresh_from_db()
        assert (agreement.state, agreement.deployment.state, is_good(old)) == ("withdrawn", "cancelled", False)
        assert sorted(mail.to for mail in mails("agreement-withdrawn")) == [
            ["kim@supported.example"], ["lee@home.example"]
        ]  # fmt: skip
        with pytest.raises(Refusal, match="decided meanwhile"):
            withdraw(agreement, why="Again", by=broker, at=NOW)

    def test_the_terms_that_were_agreed_go_on(self, agreement, broker):
        deployment = agree(agreement)
        withdraw(change(deployment, broker), why="Not needed", by=broker, at=NOW)
        deployment.refresh_from_db()
        assert (deployment.state, deployment.half_days_agreed) == ("agreed", 8)

    def test_without_a_reason_it_stays_open(self, agreement, broker):
        with pytest.raises(Refusal, match="Say why"):
            withdraw(agreement, why="", by=broker, at=NOW)
        assert Agreement.objects.open().count() == 1

    def test_consent_after_it_changes_nothing(self, agreement, broker):
        head = make.head(agreement.school)
        withdraw(agreement, why="The champion is ill", by=broker, at=NOW)
        with pytest.raises(Refusal, match="was withdrawn already"):
            consent_signed_in(agreement, party=Party.SUPPORTED, is_yes=True, by=head, at=NOW)
        assert Consent.objects.count() == 1


def test_new_terms_of_a_deployment_that_has_ended_meanwhile_are_not_agreed(agreement, broker):
    deployment = agree(agreement)
    second = change(deployment, broker)
    say(second, "home")
    end_deployment(deployment, why="The aims are met", by=broker, on=DAY)
    with pytest.raises(Refusal, match="has ended"), transaction.atomic():
        say(second, "supported")
    assert (Agreement.objects.get(version=2).state, second.consents.count()) == ("open", 2)


def test_a_day_that_was_booked_meanwhile_outside_the_new_dates_stops_them(agreement, broker):
    make.offer_2022()
    make.rates()
    deployment = agree(agreement)
    second = change(deployment, broker, terms=terms(ends_on=date(2023, 6, 30)))
    plan_day(deployment, happens_on=date(2023, 7, 5), half_days=2, by=broker, on=DAY)
    say(second, "home")
    with pytest.raises(Refusal, match="a day on 5 July 2023"), transaction.atomic():
        say(second, "supported")
    deployment.refresh_from_db()
    assert deployment.ends_on == TERMS.ends_on


def left(champion, school):
    champion.is_active = False
    champion.save()
    return "cannot be deployed any more"


def lent_by_another(champion, school):
    change_home_school(champion, school=make.school(name="Elm Park"), starts_on=DAY, by=make.user("lead"), on=DAY)
    return "is lent by Elm Park by now, not by School"


def lent_by_nobody(champion, school):
    end_lending(champion, ends_on=DAY, why="Off to another county", by=make.user("lead"), on=DAY)
    return "lends|lent"


def of_the_supported_school(champion, school):
    SchoolLink.objects.create(urn=school.pk, linked_urn=champion.home_school_id, kind="predecessor")
    return "is the home school of"


@pytest.mark.parametrize("meanwhile", [left, lent_by_another, lent_by_nobody, of_the_supported_school])
def test_nobody_agrees_to_what_does_not_hold_any_more_and_a_no_is_heard(agreement, meanwhile):
    said = meanwhile(agreement.deployment.champion, agreement.school)
    for party in ("supported", "home"):
        with pytest.raises(Refusal, match=said), transaction.atomic():
            say(agreement, party)
    assert (agreement.consents.count(), Agreement.objects.get().state) == (1, "open")
    assert say(agreement, "home", yes=False, why="It has changed").state == "declined"


def test_consent_is_written_once(agreement):
    consent = agreement.consents.get()
    for act in (lambda: Consent.objects.update(is_yes=False), lambda: consent.delete()):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            act()


@pytest.mark.parametrize("values", [{"half_days": 2}, {"focus": "Other"}, {"cost_words": "Nothing"}, {"outcomes": []},
                                    {"cost_least": 1}, {"why": "x"}])  # fmt: skip
def test_what_was_put_to_people_never_changes(agreement, values):
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        Agreement.objects.update(**values)


def test_what_is_decided_never_changes_and_nothing_is_deleted(agreement):
    agree(agreement)
    for act in (lambda: Agreement.objects.update(state="open", decided_at=None), lambda: agreement.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk)._raw_delete("default")


def test_a_logged_day_counts_against_the_terms_that_hold(agreement, broker):
    make.offer_2022()
    make.rates()
    deployment = agree(agreement)
    change(deployment, broker, terms=terms(ends_on=date(2023, 2, 28)))
    log_delivery(deployment, happens_on=date(2023, 3, 1), half_days=2, summary="x", by=broker, on=date(2023, 3, 1))
    assert deployment.deliveries.count() == 1


def test_the_paper_names_all_three_and_how_they_agreed(agreement):
    agree(agreement)
    text = " ".join(pypdf.PdfReader(io.BytesIO(agreement.document.read())).pages[0].extract_text().split())
    for words in ("Kim Ode for Mill Lane Academy", "Lee Park for", "Robin Fairweather for the council",
                  "by a link and a code sent to their email address", "signed in to the portal"):  # fmt: skip
        assert words in text
