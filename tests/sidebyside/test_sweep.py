"""The sweep does what is due; one job that fails stops no other and is seen (design, section 3)."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from kombu.exceptions import OperationalError

from sidebyside.celery import app
from sidebyside.health.models import Heartbeat
from sidebyside.mail.actions import post
from sidebyside.mail.models import Dispatch
from sidebyside.poke import poke
from sidebyside.sweep import sweep

NOW = datetime(2023, 3, 6, 9, 0, tzinfo=UTC)


def breaks(*, now: datetime) -> int:
    raise RuntimeError("out of paper")


def works(*, now: datetime) -> int:
    return 1


@pytest.mark.django_db
def test_a_job_that_fails_stops_no_other_and_the_heartbeat_waits():
    assert sweep(now=NOW, jobs=(breaks, works)) == {"works": 1}
    assert not Heartbeat.objects.exists()
    sweep(now=NOW, jobs=(works,))
    assert Heartbeat.objects.get().at == NOW


@pytest.mark.django_db
def test_the_command_sweeps_once(capsys):
    post("a", to=["a@school.example"], subject="Letter", body="Dear head")
    call_command("sweep")
    assert capsys.readouterr().out.splitlines() == [
        "begin_home_schools: 0",
        "issue_due_items: 0",
        "write_due_statements: 0",
        "remind_of_unpaid_invoices: 0",
        "remind_of_unconfirmed: 0",
        "invite_reviews: 0",
        "close_overtaken_agreements: 0",
        "remind_of_open_agreements: 0",
        "send_due_mail: 1",
    ]
    assert (Dispatch.objects.get().state, Heartbeat.objects.get().name) == ("sent", "sweep")


@pytest.mark.django_db
def test_the_command_says_which_job_failed(settings):
    settings.EMAIL_BACKEND = "a.backend.that.is.not.installed"
    post("a", to=["a@school.example"], subject="Letter", body="Dear head")
    with pytest.raises(CommandError, match="Failed: send_due_mail"):
        call_command("sweep")


def poke_now() -> None:
    with transaction.atomic():
        poke()


@pytest.mark.django_db(transaction=True)
def test_a_poke_reaches_the_broker(broker, tmp_path):
    folders = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path), "control_folder": str(tmp_path)}
    broker("filesystem://", **folders)
    poke_now()
    assert len(list(tmp_path.glob("*.msg"))) == 1


@pytest.mark.django_db(transaction=True)
def test_an_unreachable_redis_fails_no_page(broker, caplog):
    broker("redis://127.0.0.1:1/0", socket_connect_timeout=1, max_retries=0)
    with pytest.raises((OperationalError, OSError)):
        app.send_task("sidebyside.sweep", retry=False)
    poke_now()
    assert "the broker did not take the hint; the next beat sweeps" in caplog.messages


@pytest.mark.django_db(transaction=True)
def test_a_broker_folder_that_takes_nothing_fails_no_page(broker, tmp_path, caplog):
    place = tmp_path / "not a folder"
    place.write_text("")
    broker("filesystem://", data_folder_in=str(place), data_folder_out=str(place), control_folder=str(place))
    poke_now()
    assert "the broker did not take the hint; the next beat sweeps" in caplog.messages
