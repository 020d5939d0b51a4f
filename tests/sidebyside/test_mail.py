"""Mail: never twice by itself, never silently lost (design 3), against a real mail server that misbehaves."""

import email
import socket
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from sidebyside.documents.models import Document
from sidebyside.mail.actions import leave_it, post, send_again
from sidebyside.mail.models import MAX_ATTEMPTS, WAITS, Dispatch
from sidebyside.mail.sending import send_due_mail
from sidebyside.refusals import Refusal
from tests import make
from tests.sidebyside.post_office import open_post_office

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def port(settings):
    """A free port, which the portal takes for its mail server's."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number = taken.getsockname()[1]
    settings.EMAIL_BACKEND = "sidebyside.mail.smtp.CandidBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", number, 5
    return number


@pytest.fixture
def office(port):
    """A mail server."""
    post_office, close = open_post_office(port)
    yield post_office
    close()


def mail(key: str = "a", *to: str, **rest: object) -> Dispatch:
    return post(key, to=to or [f"{key}@school.example"], subject=f"Letter {key}", body="Dear head", **rest)


def states() -> dict[str, str]:
    return dict(Dispatch.objects.order_by("id").values_list("key", "state"))


def test_what_is_due_is_sent_once(office):
    mail("a")
    mail("b")
    assert [send_due_mail(now=NOW), send_due_mail(now=NOW + timedelta(days=1))] == [2, 0]
    assert [recipients for recipients, _ in office.mails] == [["a@school.example"], ["b@school.example"]]
    assert states() == {"a": "sent", "b": "sent"}


def test_a_mail_carries_its_document_byte_for_byte_and_a_name_that_shows_a_double(office):
    content = b"%PDF-1.7 \r\n.\r\n kept"
    letter = mail("a", attachment=Document.keep("SBS2223-00001.pdf", "application/pdf", content))
    send_due_mail(now=NOW)
    received = email.message_from_bytes(office.mails[0][1])
    assert received.get_payload()[1].get_payload(decode=True) == content
    assert received["Message-ID"] == f"<dispatch-{letter.pk}@sidebyside.example>"


def test_a_second_mail_for_the_same_cause_is_refused():
    mail("a")
    with pytest.raises(IntegrityError), transaction.atomic():
        mail("a")


def test_a_mail_to_nobody_is_refused_where_it_is_written():
    with pytest.raises(ValueError, match="to nobody"):
        post("a", to=[], subject="Letter", body="Dear nobody")


def test_a_name_with_a_line_break_does_not_end_the_subject(office):
    post("a", to=["a@school.example"], subject="Letter to St Mary’s\r\nBcc: b@school.example", body="Dear head")
    send_due_mail(now=NOW)
    assert [recipients for recipients, _ in office.mails] == [["a@school.example"]]


def test_while_the_server_is_away_everything_waits_without_an_attempt(port):
    mail("a")
    assert send_due_mail(now=NOW) == 0
    waiting = Dispatch.objects.get()
    assert (waiting.state, waiting.attempts, waiting.claimed_at) == ("due", 0, None)
    assert waiting.problem.startswith("The mail server cannot be reached")
    post_office, close = open_post_office(port)
    assert send_due_mail(now=NOW + timedelta(minutes=1)) == 1
    close()
    assert (len(post_office.mails), Dispatch.objects.get().problem) == (1, "")


def test_mail_that_waits_for_an_hour_is_stuck():
    mail("a")
    now = timezone.now()
    assert [Dispatch.objects.stuck(now).count(), Dispatch.objects.stuck(now + timedelta(minutes=61)).count()] == [0, 1]


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [
        ("RCPT", "451 Try again later", "due"),
        ("RCPT", "550 No such person", "failed"),
        ("DATA", "452 The disk is full", "due"),
        ("DATA", "554 We do not want this", "failed"),
        ("DATA", "421 Going down", "due"),
    ],
)
def test_a_refusal_is_known_not_to_have_gone(office, step, answer, state):
    mail("a")
    mail("b")
    office.answers = {step: answer}
    assert send_due_mail(now=NOW) == 0
    assert (states(), office.mails) == ({"a": state, "b": state}, [])
    assert answer.partition(" ")[2] in Dispatch.objects.first().problem


@pytest.mark.parametrize(
    ("drop", "state", "taken"), [("RCPT", "due", 0), ("DATA", "due", 0), ("the last dot", "check", 1)]
)
def test_a_line_that_drops_leaves_a_doubt_only_after_the_last_dot(office, drop, state, taken):
    mail("a")
    office.drops_at = drop
    send_due_mail(now=NOW)
    assert (states(), len(office.mails)) == ({"a": state}, taken)
    office.drops_at = ""
    send_due_mail(now=NOW + timedelta(days=1))
    assert len(office.mails) == 1


def test_a_server_that_falls_silent_after_the_last_dot_leaves_a_doubt(office, settings):
    settings.EMAIL_TIMEOUT = 0.3
    mail("a")
    office.is_silent = True
    send_due_mail(now=NOW)
    assert (states(), len(office.mails)) == ({"a": "check"}, 1)


def test_a_recipient_refused_among_others_is_not_lost(office):
    mail("a", "gone@school.example", "head@school.example")
    office.answers = {"gone@school.example": "550 No such person"}
    send_due_mail(now=NOW)
    assert office.mails[0][0] == ["head@school.example"]
    assert list(Dispatch.objects.values_list("state", "problem")) == [
        ("check", "Refused for gone@school.example; the other recipients have it.")
    ]


def damaged() -> Document:
    return Document.objects.create(name="SBS2223-00001.pdf", content_type="application/pdf", sha256="0", content=b"x")


@pytest.mark.parametrize(
    "poison",
    [
        lambda: mail("poison", attachment=damaged()),
        lambda: mail("poison", "head@school@example"),
        lambda: Dispatch.objects.create(key="poison", to=[], subject="Letter", body="Dear nobody"),
        lambda: Dispatch.objects.create(key="poison", to=["a@b.example"], subject="Two\nlines", body=""),
    ],
    ids=["damaged document", "bad address", "nobody", "bad subject"],
)
def test_one_poison_mail_stops_no_other(office, poison):
    mail("before")
    poison()
    mail("after")
    assert send_due_mail(now=NOW) == 2
    assert states() == {"before": "sent", "poison": "failed", "after": "sent"}


def test_refusals_are_tried_again_more_and_more_rarely_and_then_wait_for_a_person(office):
    mail("a")
    office.answers = {"RCPT": "451 Try again later"}
    now, tried = NOW, []
    for _ in range(8 * 60):
        before = Dispatch.objects.get().attempts
        send_due_mail(now=now)
        if Dispatch.objects.get().attempts > before:
            tried.append(now - NOW)
        now += timedelta(minutes=1)
    assert [later - earlier for earlier, later in pairwise(tried)] == list(WAITS)
    assert (states(), len(tried)) == ({"a": "failed"}, MAX_ATTEMPTS)
    assert Dispatch.objects.needing_attention().count() == 1


def test_a_process_that_died_while_sending_leaves_a_doubt(office):
    mail("a")
    Dispatch.objects.update(state="sending", claimed_at=NOW, attempts=1)
    send_due_mail(now=NOW + timedelta(minutes=9))
    assert states() == {"a": "sending"}
    send_due_mail(now=NOW + timedelta(minutes=11))
    assert (states(), office.mails) == ({"a": "check"}, [])


def test_a_person_sends_again_or_leaves_it_and_each_once(office):
    for key in ("again", "left"):
        mail(key)
    Dispatch.objects.update(state="check")
    again, left = Dispatch.objects.order_by("id")
    by = make.user("finance")
    send_again(again, why="They never got it", by=by, at=NOW)
    leave_it(left, why="It arrived", by=by, at=NOW)
    for dispatch in (again, left):
        with pytest.raises(Refusal):
            send_again(dispatch, why="Twice", by=by, at=NOW)
    assert send_due_mail(now=NOW) == 1
    assert [recipients for recipients, _ in office.mails] == [["again@school.example"]]


def test_mail_is_read_by_those_who_attend_to_it_and_by_those_to_whom_it_went():
    mail("a", "ann@school.example", "joann@school.example")
    mail("b", "bob@school.example")
    people = [
        make.user("lead"),
        make.user("head", email="ann@school.example"),
        make.user("head", email="n@school.example"),
        make.user("adviser"),
    ]
    assert [Dispatch.objects.visible_to(person).count() for person in people] == [2, 1, 0, 0]


def test_sending_reads_one_document_at_a_time(office, django_assert_num_queries):
    for key in "abc":
        mail(key, attachment=Document.keep(f"{key}.pdf", "application/pdf", b"x" * 1000))
    each = ["claim", "read", "settle"]
    with django_assert_num_queries(2 + 3 * len(each)):
        send_due_mail(now=NOW)
    assert connection.in_atomic_block
