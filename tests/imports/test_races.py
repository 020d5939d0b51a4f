"""The same file sent twice at once, and a file that meets somebody who confirms."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from sidebyside.accounts.models import User
from sidebyside.imports.writing import import_sheet
from sidebyside.sheets import Plan, Trail
from support.actions.confirming import confirm_delivery
from support.models import Delivery
from support.spreadsheets import DELIVERIES
from support.spreadsheets.deliveries import apply_deliveries
from tests import make
from tests.elsewhere import elsewhere

ROWS = b"urn,service,date,state\n" + b"110195,HLV,2023-01-18,delivered\n" * 20


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_sent_twice_at_once_is_written_once():
    make.service("HLV")
    make.school(110195)
    together = Barrier(4)

    def send(_: int) -> dict[str, int]:
        try:
            connection.ensure_connection()
            together.wait()
            return import_sheet(DELIVERIES, ROWS, name="a.csv", by=None, on=timezone.localdate()).counts
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(send, range(4)))
    assert (sorted(count["new"] for count in counts), Delivery.objects.count()) == ([0, 0, 0, 20], 20)


class TestAConfirmationInTheSameMoment:
    """A head confirms a day while a file that corrects it goes in (M1)."""

    FILE = b"urn,service,date,days,champion,state,reference\n110195,SSLC,2023-01-18,0.5,CH1,delivered,R1\n"

    @pytest.fixture
    def day(self):
        make.champion("SSLC", code="CH1")
        make.school(110195)
        whole = self.FILE.replace(b"0.5", b"1")
        import_sheet(DELIVERIES, whole, name="a.csv", by=None, on=timezone.localdate())
        return Delivery.objects.get()

    @pytest.mark.django_db(transaction=True)
    def test_it_waits_until_the_file_is_in_and_then_stands(self, day):
        head, answers = make.head(day.school), []

        def confirm_and_write(plan: Plan, **rest: Any) -> list[Trail]:
            answers.append(confirmed_elsewhere(day.pk, head))
            return apply_deliveries(plan, **rest)

        kind = replace(DELIVERIES, apply=confirm_and_write)
        import_sheet(kind, self.FILE, name="a.csv", by=None, on=timezone.localdate())
        answers.append(confirmed_elsewhere(day.pk, head))
        day.refresh_from_db()
        assert answers == ["has to wait", "done"]
        assert (day.state, day.half_days, day.confirmed_by) == ("confirmed", 1, head)

    @pytest.mark.django_db(transaction=True)
    def test_a_plan_that_did_not_hold_its_rows_would_undo_it(self, day):
        """The control."""
        plan = DELIVERIES.plan(DELIVERIES.read(self.FILE, "a.csv"), timezone.localdate())
        assert confirmed_elsewhere(day.pk, make.head(day.school)) == "done"
        with transaction.atomic():
            apply_deliveries(plan, by=None, on=timezone.localdate())
        day.refresh_from_db()
        assert day.state == "delivered"

    @pytest.mark.django_db(transaction=True)
    def test_what_was_confirmed_before_the_file_refuses_its_row(self, day):
        confirmed_elsewhere(day.pk, make.head(day.school))
        plan = import_sheet(DELIVERIES, self.FILE, name="a.csv", by=None, on=timezone.localdate())
        day.refresh_from_db()
        assert ([problem.line for problem in plan.problems], day.state, day.half_days) == ([2], "confirmed", 2)


def confirmed_elsewhere(pk: int, head: User) -> str:
    """What becomes of a confirmation on another connection."""
    return elsewhere(lambda: confirm_delivery(Delivery.objects.get(pk=pk), by=head, on=timezone.localdate()))
