"""M16, M10: any number of people approve, any number of processes write: each half day is reimbursed once, no gap."""

import os
import signal
import time
from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from reimbursing.handing_over import to_hand_over
from reimbursing.issuing import write_due_statements
from reimbursing.models import LedgerEntry, LedgerFile, Method, Statement, StatementItem, StatementLine, StatementRun
from reimbursing.proposing import propose
from sidebyside.mail.models import Dispatch
from support.models import Delivery
from tests import make
from tests.processes.acts import LEDGER
from tests.processes.crowd import crowd
from tests.processes.test_issuing import allowed, each_stands_once
from tests.reimbursing.cases import YEAR, approve, state, world
from tests.sidebyside.processes import python

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
SCHOOLS, SECONDS = 6, 240
DAYS = ["2022-09-01", "2023-08-31"]


@pytest.fixture
def given() -> list[int]:
    """Two confirmed days of a champion of each of some home schools; their keys."""
    world()
    for number in range(SCHOOLS):
        home = make.school(sector="academy")
        make.payee(home, email=f"bursar{number}@academy.example")
        champion = make.champion(home=home)
        for day in (1, 2):
            make.delivery(make.school(), happens_on=date(2023, 1, day + number), champion=champion)
    return list(Delivery.objects.order_by("pk").values_list("pk", flat=True))


def check_every_half_day_once(given: list[int]) -> None:
    """Each delivery has one line of its two half days, and the statements are 1, 2, 3 … with their PDF and mail."""
    lines = StatementLine.objects.standing()
    assert Counter(lines.values_list("delivery", "half_days")) == {(pk, 2): 1 for pk in given}
    items = list(StatementItem.objects.values_list("pk", flat=True))
    statements = list(Statement.objects.select_related("document"))
    assert each_stands_once([(each.item_id, each.sequence) for each in statements], items)
    assert {each.document.read()[:5] for each in statements} == {b"%PDF-"}
    mails = Dispatch.objects.filter(key__startswith="statement-").values_list("attachment", flat=True)
    assert sorted(mails) == sorted(each.document_id for each in statements)
    assert propose(YEAR).statements == ()


def test_of_many_who_approve_the_same_statements_one_does_and_the_others_are_told(given, size):
    people = [make.user("finance").pk for _ in range(size)]
    said = crowd(size, "approve_statements_at_once", people=people, digest=propose(YEAR).digest, days=DAYS)
    assert (said.count("approved"), StatementRun.objects.count()) == (1, 1)
    write_due_statements(now=timezone.now())
    check_every_half_day_once(given)


def test_many_processes_at_once_write_each_statement_once_without_a_gap(given, size):
    approve()
    said = crowd(size, "write_statements")
    assert {answer for answer in said if not answer.isdecimal()} <= allowed()
    write_due_statements(now=timezone.now())  # the next minute's sweep, for whoever waited too long
    check_every_half_day_once(given)


def test_without_the_guard_the_same_crowd_reimburses_days_twice(given, size):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {LEDGER} (item integer, number integer)")
    try:
        assert set(crowd(size, "reimburse_without_a_guard")) == {"written"}
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT item, number FROM {LEDGER}")
            pairs = cursor.fetchall()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {LEDGER}")
    assert len(pairs) == size * len(given)
    assert not each_stands_once(pairs, given)


def test_of_many_who_make_the_same_payment_file_one_does_and_no_school_is_paid_twice(given, size):
    state()
    people = [make.user("finance").pk for _ in range(size)]
    said = crowd(size, "make_payment_file", people=people, digest=to_hand_over(Method.BANK).digest)
    assert (said.count("made"), LedgerFile.objects.count()) == (1, 1)
    assert LedgerEntry.objects.count() == Statement.objects.count() == SCHOOLS
    assert LedgerFile.objects.get().number == "SBR-P2324-001"


def test_a_process_that_is_killed_in_the_middle_loses_and_doubles_nothing(given):
    approve()
    code = (
        "import time\n"
        "from django.utils import timezone\n"
        "from reimbursing.issuing import write_due_statements\n"
        "write_due_statements(now=timezone.now())\n"
        "time.sleep(60)\n"
    )
    process = python(code, LOG_LEVEL="CRITICAL")
    wait_for_one(process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    write_due_statements(now=timezone.now())
    check_every_half_day_once(given)


def wait_for_one(process) -> None:
    """Until the first statement stands, and others wait."""
    last_moment = time.monotonic() + SECONDS
    while not Statement.objects.exists():
        assert time.monotonic() < last_moment, process.poll()
        time.sleep(0.01)
    assert Statement.objects.count() < SCHOOLS
