"""Two processes that send at the same time, on a real mail server: each mail goes once."""

import socket

import pytest

from sidebyside.mail.actions import post
from sidebyside.mail.models import Dispatch
from tests.sidebyside.post_office import open_post_office
from tests.sidebyside.processes import python

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

SEND = """
from django.utils import timezone
from sidebyside.mail import sending
{guard}
sending.send_due_mail(now=timezone.now())
"""
WITHOUT_THE_GUARD = "sending._claim = lambda pk, attempts, now: True"


@pytest.fixture
def office():
    """A mail server that lets nobody go on until two have called: by then both have read what is due."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    post_office, close = open_post_office(port)
    post_office.waits_for, post_office.port = 2, port
    yield post_office
    close()


def send_twice_at_once(office, guard: str) -> list[str]:
    for number in range(10):
        post(f"m{number}", to=[f"m{number}@school.example"], subject="Letter", body="Dear head")
    url = f"smtp://127.0.0.1:{office.port}"
    both = [python(SEND.format(guard=guard), EMAIL_URL=url) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    return sorted(recipients[0] for recipients, _ in office.mails)


def test_two_processes_at_once_send_each_mail_once(office):
    assert send_twice_at_once(office, guard="") == [f"m{number}@school.example" for number in range(10)]
    assert set(Dispatch.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_without_the_guard_every_mail_goes_twice(office):
    assert len(send_twice_at_once(office, guard=WITHOUT_THE_GUARD)) == 20
