"""The same file sent twice at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.utils import timezone

from sidebyside.imports.writing import import_sheet
from support.models import Delivery
from support.spreadsheets import DELIVERIES
from tests import make

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
