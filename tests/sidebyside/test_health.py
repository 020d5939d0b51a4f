"""/healthz says that the process lives, /readyz whether the portal can work; neither says more to strangers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from sidebyside.guards import triggers
from sidebyside.health.checks import SWEEP_IS_LATE_AFTER, problems
from sidebyside.health.models import Heartbeat
from tests.sidebyside.processes import python

NOW = datetime(2023, 3, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def well(db, broker, tmp_path):
    """A portal that is ready at NOW."""
    broker("filesystem://localhost", data_folder_out=str(tmp_path))
    Heartbeat.beat("sweep", at=NOW)


def test_alive_needs_no_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_when_all_is_well(well):
    assert problems(now=NOW) == []


def test_ready_says_so_to_everybody(client, well):
    Heartbeat.beat("sweep", at=timezone.now())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "problems": []})


def test_a_migration_that_is_missing_is_told(well):
    MigrationRecorder(connection).record_unapplied("mail", "0001_initial")
    assert problems(now=NOW) == ["migrations"]


def test_a_trigger_that_is_missing_is_told_and_put_back_by_migrate(well):
    on = " ON audit_event" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_event_refuses_update{on}")
    assert (problems(now=NOW), triggers.missing()) == (["triggers"], {"audit_event_refuses_update"})
    call_command("migrate", verbosity=0)
    assert problems(now=NOW) == []


def test_a_trigger_that_is_switched_off_is_told(well):
    switch_off = {
        "postgresql": "ALTER TABLE audit_event DISABLE TRIGGER audit_event_refuses_delete",
        "sqlite": "DROP TRIGGER audit_event_refuses_delete",
    }
    with connection.cursor() as cursor:
        cursor.execute(switch_off[connection.vendor])
    assert problems(now=NOW) == ["triggers"]


@pytest.mark.parametrize(
    "broken",
    [
        {"url": "redis://127.0.0.1:1/0", "socket_connect_timeout": 1, "max_retries": 0},
        {"url": "filesystem://localhost", "data_folder_out": "/nowhere/queue"},
    ],
    ids=["redis", "folder"],
)
def test_a_broker_that_takes_nothing_is_told(well, broker, broken):
    broker(**broken)
    assert problems(now=NOW) == ["broker"]


@pytest.mark.parametrize(("later", "found"), [(SWEEP_IS_LATE_AFTER, []), (timedelta(minutes=6), ["sweep"])])
def test_a_sweep_that_is_late_is_told(well, later, found):
    assert problems(now=NOW + later) == found


@pytest.mark.process
@pytest.mark.parametrize("url", ["postgres://nobody:secret@127.0.0.1:1/none", "sqlite:////nowhere/none.sqlite3"])
def test_a_database_that_is_away_is_told_and_nothing_else(url):
    ask = "from django.test import Client; a = Client().get('/readyz', headers={'host': 'localhost'})"
    ask += "; print(a.status_code, a.text)"
    said, _ = python(ask, DATABASE_URL=url).communicate(timeout=60)
    assert said.splitlines()[-1] == '503 {"status": "not ready", "problems": ["database"]}'


def test_the_load_balancer_asks_over_http(client, settings, well):
    settings.SECURE_SSL_REDIRECT = True
    assert [client.get(path).status_code for path in ("/healthz", "/readyz", "/contact/")] == [200, 503, 301]
