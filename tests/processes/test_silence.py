"""M1: five sweeps at once remind each silent school once, of all its days, and nothing is lost."""

from datetime import date

import pytest
from django.conf import settings

from sidebyside.mail.models import Dispatch
from support.models import ConfirmationReminder
from tests import make
from tests.billing import cases
from tests.processes.crowd import crowd

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
DUE = date(2023, 3, 20)


@pytest.fixture(autouse=True)
def empty_outbox():
    """No mail of another test."""
    settings.OUTBOX.mkdir(parents=True, exist_ok=True)
    for mail in settings.OUTBOX.glob("*.eml"):
        mail.unlink()


def silent(schools: int) -> None:
    """Schools with a head who has answered neither of two days."""
    make.council()
    champion = make.champion("SSPC")
    for _ in range(schools):
        school = make.school()
        make.head(school)
        for day in (1, 2):
            make.delivery(school, "SSPC", date(2023, 3, day), "0.5", state="delivered", champion=champion)


def test_five_sweeps_at_once_remind_each_school_once():
    silent(4)
    said = crowd(5, "remind", now=cases.noon(DUE).isoformat())
    assert ["Error" in sentence for sentence in said] == [False] * 5, said
    assert ConfirmationReminder.objects.count() == 8
    assert set(Dispatch.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert len(list(settings.OUTBOX.glob("*.eml"))) == Dispatch.objects.count() == 4


def test_without_the_guard_five_send_five():
    silent(1)
    assert crowd(5, "remind_to_confirm_without_a_guard") == ["sent"] * 5
    assert len(list(settings.OUTBOX.glob("*.eml"))) == 10
