"""M14: five sweeps at once send each reminder once, with the invoice as it was issued."""

import email
import email.policy
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from billing.models import Reminder
from sidebyside.mail.models import Dispatch
from tests.billing import cases
from tests.processes.conftest import support
from tests.processes.crowd import crowd

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
ISSUED = date(2023, 9, 4)


@pytest.fixture(autouse=True)
def empty_outbox() -> Path:
    """No mail of another test."""
    settings.OUTBOX.mkdir(parents=True, exist_ok=True)
    for mail in settings.OUTBOX.glob("*.eml"):
        mail.unlink()
    return settings.OUTBOX


def subjects(outbox: Path) -> Counter[str]:
    """How often each subject went."""
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in outbox.glob("*.eml")]
    return Counter(str(mail["subject"]) for mail in mails)


def test_five_sweeps_at_once_send_each_reminder_once(empty_outbox):
    support(6)
    invoices = cases.issue(on=ISSUED)
    Dispatch.objects.all().delete()
    due = ISSUED + timedelta(days=28 + 1)
    said = crowd(5, "remind", now=cases.noon(due).isoformat())
    assert ["Error" in sentence for sentence in said] == [False] * 5, said
    sent = Reminder.objects.filter(outcome="sent")
    assert Counter(sent.values_list("invoice__number", flat=True)) == {each.number: 1 for each in invoices}
    assert set(Dispatch.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert set(subjects(empty_outbox).values()) == {1}
    assert sum(subjects(empty_outbox).values()) == len(invoices)


def test_without_the_guard_five_send_five(empty_outbox):
    support(2)
    invoices = cases.issue(on=ISSUED)
    assert crowd(5, "remind_without_a_guard") == ["sent"] * 5
    assert subjects(empty_outbox) == {f"Reminder: {each.number}": 5 for each in invoices}
