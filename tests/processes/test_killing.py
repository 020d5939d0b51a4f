"""M10: a worker is killed in the middle of a run; after a restart every invoice stands once."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from billing.models import Invoice
from launch.children import background, end
from launch.processes import commands
from tests.processes.test_issuing import check_every_invoice
from tests.sidebyside.processes import database_url, python

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
INVOICES = 40
SECONDS = 240


@pytest.fixture
def surroundings(tmp_path) -> dict[str, str]:
    """The test's database, and a broker of its own."""
    return {**os.environ, "DATABASE_URL": database_url(), "SIDEBYSIDE_VAR": str(tmp_path), "LOG_LEVEL": "CRITICAL"}


@pytest.fixture
def worker(surroundings) -> Iterator[Callable]:
    """Starts the worker as run.py does."""
    started = []

    def start():
        started.append(background(commands("127.0.0.1", 0)["worker"], surroundings))
        return started[-1]

    yield start
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    end(started)
    for number, handler in handlers.items():
        signal.signal(number, handler)


def hint(surroundings: dict[str, str]) -> None:
    """What beat says every minute."""
    sent = python("from sidebyside.celery import app; app.send_task('sidebyside.sweep')", **surroundings)
    said = sent.communicate(timeout=SECONDS)[0]
    assert sent.returncode == 0, said


def wait_for(count: int) -> int:
    """Wait until so many invoices are issued."""
    last_moment = time.monotonic() + SECONDS
    while (issued := Invoice.objects.count()) < count:
        assert time.monotonic() < last_moment, f"{issued} of {count} were issued"
        time.sleep(0.02)
    return issued


def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(items, worker, surroundings):
    waiting = items(INVOICES)
    first = worker()
    hint(surroundings)
    wait_for(3)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert 3 <= Invoice.objects.count() < INVOICES
    assert Invoice.objects.filter(document__isnull=True).count() == 0
    worker()
    hint(surroundings)
    wait_for(INVOICES)
    check_every_invoice(waiting)
    connection.close()
