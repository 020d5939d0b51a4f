"""The link in a mail: it opens to whoever reads its address, once; looking changes nothing."""

import io
import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from agreements.actions.asking import ask_again
from agreements.actions.codes import enter_code, send_code
from agreements.actions.withdrawing import withdraw
from agreements.models import Agreement, Consent, ConsentLink, Party
from sidebyside.audit.models import Event
from sidebyside.logs import configure
from sidebyside.mail.models import Dispatch
from sidebyside.refusals import Refusal
from tests import make
from tests.agreements.cases import ASKED, NOW, last_code, later, link, mails, propose, say, token

pytestmark = pytest.mark.django_db
REFUSED = "This link cannot be used"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moving:
        yield moving


@pytest.fixture
def broker():
    return make.user("lead")


@pytest.fixture
def agreement(broker):
    make.rates()
    school = make.academy(name="Mill Lane Academy")
    make.account(school)
    return propose(school, by=broker)


def address(agreement, party="home"):
    return reverse("consent_link", args=[token(agreement, party)])


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def rows():
    """All that looking must not change."""
    return [list(model.objects.order_by("pk").values()) for model in (Agreement, Consent, ConsentLink, Event, Dispatch)]


def open_it(client, url):
    """As whoever reads the address does."""
    client.post(url)
    return client.post(url, {"code": last_code()}, follow=True)


class TestOpening:
    def test_it_says_only_to_which_address_a_code_goes(self, client, agreement):
        page = text(client.get(address(agreement)))
        assert "l•••@h•••.example" in page
        hidden = ("Early reading", "Mill Lane", agreement.champion_name, "lee@home.example", "Lee Park")
        assert [word in page for word in hidden] == [False] * len(hidden)

    def test_looking_changes_nothing_however_often(self, client, agreement):
        before = rows()
        for method in (client.get, client.head, client.options):
            for party in ("home", "supported"):
                method(address(agreement, party))
        assert rows() == before

    def test_the_code_of_the_mail_opens_the_terms_and_one_answer_is_given(self, client, agreement):
        url = address(agreement)
        assert "Early reading" in text(open_it(client, url))
        answer = client.post(url, {"says": "yes"})
        assert (answer.status_code, answer.url) == (302, reverse("consent_thanks"))
        consent = Consent.objects.get(party="home")
        assert (consent.is_yes, consent.name, consent.how, consent.user) == (True, "Lee Park", "link", None)
        assert "Your answer is in the record" in text(client.get(answer.url))

    def test_whoever_planted_the_session_is_left_outside(self, client, agreement):
        url, other = address(agreement), Client()
        session = client.session
        session["planted"] = True
        session.save()
        for browser in (client, other):
            browser.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key
        assert "Early reading" in text(open_it(client, url))
        assert "Early reading" not in text(other.get(url))

    def test_no_needs_a_reason_and_has_one(self, client, agreement):
        url = address(agreement)
        open_it(client, url)
        assert "Say why not" in text(client.post(url, {"says": "no"}))
        client.post(url, {"says": "no", "why": "We need her here"})
        assert Consent.objects.get(party="home").reason == "We need her here"

    def test_the_code_goes_to_the_address_of_the_link_alone(self, client, agreement):
        client.post(address(agreement))
        assert mails("consent-code")[-1].to == ["lee@home.example"]

    def test_each_side_sees_its_own_money_alone(self, client, agreement):
        supported = text(open_it(client, address(agreement, "supported")))
        home = text(open_it(Client(), address(agreement)))
        assert ("£275.00" in supported, "£275.00" in home) == (True, False)
        assert ("What it costs" in home, "is paid" in supported) == (False, False)

    def test_nobody_keeps_these_pages_and_no_other_site_learns_the_address(self, client, agreement):
        url = address(agreement)
        client.post(url)
        for answer in (client.get(url), client.get(reverse("consent_link", args=["x"])), client.post(url)):
            assert ("no-store" in answer["Cache-Control"], answer["Referrer-Policy"]) == (True, "same-origin")

    def test_no_log_names_the_token_or_the_code(self, client, agreement):
        configure({"level": "INFO", "json": True})
        written = io.StringIO()
        next(handler for handler in logging.root.handlers if type(handler) is logging.StreamHandler).setStream(written)
        try:
            url = address(agreement)
            open_it(client, url)
            code = last_code()
            client.post(url, {"says": "yes"})
            client.get(url)
        finally:
            configure(django_settings.LOGGING)
        lines = written.getvalue()
        assert "agree/<str:token>/" in lines
        assert [word in lines for word in (url.split("/")[2], link(agreement, "home").nonce, code)] == [False] * 3


class TestForwarded:
    """Whoever the mail is passed on to gets no further than the first page."""

    def test_without_the_code_nothing_is_answered(self, client, agreement):
        url = address(agreement)
        client.post(url)
        page = text(client.post(url, {"says": "yes"}))
        assert ("Early reading" in page, Consent.objects.filter(party="home").count()) == (False, 0)

    def test_a_code_opens_it_in_the_browser_in_which_it_was_entered(self, client, agreement):
        url = address(agreement)
        open_it(client, url)
        other = Client()
        assert "Early reading" not in text(other.get(url))
        other.post(url, {"says": "yes"})
        assert Consent.objects.filter(party="home").count() == 0

    def test_the_code_of_one_link_opens_no_other(self, client, agreement):
        client.post(address(agreement, "supported"))
        code = last_code()
        client.post(address(agreement))
        page = text(client.post(address(agreement), {"code": code}))
        assert ("This is not the code" in page, "Early reading" in page) == (code != last_code(), False)

    def test_who_is_signed_in_as_somebody_else_is_refused_plainly(self, client, agreement, broker):
        for person in (broker, make.head(agreement.home_school), make.user("champion")):
            client.force_login(person)
            before = rows()
            for answer in (client.get(address(agreement)), client.post(address(agreement), {"says": "yes"})):
                assert answer.status_code == 403
                assert f"You are signed in as {person.name}" in text(answer)
            assert rows() == before

    def test_who_is_signed_in_with_that_address_needs_no_code(self, client, agreement):
        person = make.user("head", email="LEE@home.example")
        client.force_login(person)
        assert "Early reading" in text(client.get(address(agreement)))
        client.post(address(agreement), {"says": "yes"})
        consent = Consent.objects.get(party="home")
        assert (consent.user, consent.how) == (person, "signed in")


class TestCodes:
    def test_five_wrong_codes_spend_the_link(self, client, agreement):
        url = address(agreement)
        client.post(url)
        wrong = "000000" if last_code() != "000000" else "111111"
        said = [client.post(url, {"code": wrong}) for _ in range(5)]
        assert [answer.status_code for answer in said] == [200, 200, 200, 200, 404]
        assert client.post(url, {"code": last_code()}).status_code == 404
        assert client.get(url).status_code == 404
        assert ConsentLink.objects.dead(NOW).get().party == "home"

    def test_the_right_code_after_four_wrong_ones_opens_it(self, client, agreement):
        url = address(agreement)
        client.post(url)
        wrong = "000000" if last_code() != "000000" else "111111"
        for _ in range(4):
            client.post(url, {"code": wrong})
        assert "Early reading" in text(client.post(url, {"code": f" {last_code()[:3]} {last_code()[3:]}"}, follow=True))

    def test_a_code_is_good_for_half_an_hour(self, agreement):
        mine = link(agreement, "home")
        send_code(mine, at=NOW)
        assert enter_code(mine, last_code(), at=later(minutes=30)) is False
        assert enter_code(mine, last_code(), at=later(minutes=29)) is True

    def test_a_code_is_good_once(self, agreement):
        mine = link(agreement, "home")
        send_code(mine, at=NOW)
        assert [enter_code(mine, last_code(), at=NOW) for _ in range(2)] == [True, False]

    def test_a_newer_code_voids_the_older(self, agreement):
        mine = link(agreement, "home")
        send_code(mine, at=NOW)
        old = last_code()
        send_code(mine, at=later(minutes=2))
        assert old == last_code() or enter_code(mine, old, at=later(minutes=2)) is False

    def test_one_code_a_minute(self, client, agreement):
        client.post(address(agreement))
        page = text(client.post(address(agreement)))
        assert ("less than a minute ago" in page, len(mails("consent-code"))) == (True, 1)
        send_code(link(agreement, "home"), at=later(minutes=1))
        with pytest.raises(Refusal, match="less than a minute ago"):
            send_code(link(agreement, "home"), at=later(minutes=1, seconds=59))

    def test_a_code_is_kept_as_a_digest_that_needs_the_portals_key(self, agreement, settings):
        mine = link(agreement, "home")
        send_code(mine, at=NOW)
        assert last_code() not in str(ConsentLink.objects.filter(pk=mine.pk).values())
        settings.SECRET_KEY = "another"
        assert enter_code(mine, last_code(), at=NOW) is False


class TestRefused:
    """Stale, replaced, used, spent and tampered links: one page, one status, nothing changed."""

    def test_every_one_looks_like_one_that_never_was(self, client, agreement, broker, clock):
        never = client.get(reverse("consent_link", args=["9.abc.def"]))
        found = {}
        replaced = address(agreement)
        ask_again(agreement, party="home", person=ASKED[Party.HOME], by=broker, at=NOW)
        found["replaced"] = client.get(replaced)
        found["tampered"] = client.get(f"{address(agreement)[:-2]}/")
        say(agreement, "supported")
        found["used"] = client.get(address(agreement, "supported"))
        clock.shift(timedelta(days=14))
        found["stale"] = client.get(address(agreement))
        clock.move_to(NOW)
        open_one = address(agreement)
        withdraw(agreement, why="The champion is ill", by=broker, at=NOW)
        found["withdrawn"] = client.get(open_one)
        assert never.status_code == 404
        assert REFUSED in text(never)
        assert "schools@westmere.example" in text(never)
        alike = {name: (answer.status_code, answer.content == never.content) for name, answer in found.items()}
        assert alike == dict.fromkeys(found, (404, True))

    def test_nothing_is_answered_with_one(self, client, agreement, broker, clock):
        url = address(agreement)
        open_it(client, url)
        clock.shift(timedelta(days=14))
        answer = client.post(url, {"says": "yes"})
        assert (answer.status_code, Consent.objects.filter(party="home").count()) == (404, 0)

    def test_a_link_that_is_used_twice_answers_once(self, client, agreement):
        url = address(agreement)
        open_it(client, url)
        client.post(url, {"says": "yes"})
        answer = client.post(url, {"says": "no", "why": "Changed my mind"})
        assert (answer.status_code, Consent.objects.get(party="home").is_yes) == (404, True)
