"""What must be true before the portal takes requests. Names only, no details: the page is public."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError

from sidebyside.celery import app
from sidebyside.guards import triggers
from sidebyside.health.models import Heartbeat

log = logging.getLogger(__name__)
SWEEP_IS_LATE_AFTER = timedelta(minutes=5)


def problems(*, now: datetime) -> list[str]:
    """What is not ready, by name; empty when all is well."""
    if not _database_answers():
        return ["database"]
    checks: dict[str, Callable[[], bool]] = {
        "migrations": _is_migrated,
        "triggers": lambda: not triggers.missing(),
        "broker": _broker_answers,
        "sweep": lambda: Heartbeat.objects.filter(name="sweep", at__gte=now - SWEEP_IS_LATE_AFTER).exists(),
    }
    if not _is_well("migrations", checks["migrations"]):
        return ["migrations"]
    return [name for name, check in checks.items() if not _is_well(name, check)]


def _is_well(name: str, check: Callable[[], bool]) -> bool:
    """What a check finds; one that breaks has found something, and the log says what."""
    try:
        return check()
    except Exception:
        log.exception("a health check broke", extra={"check": name})
        return False


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _broker_answers() -> bool:
    """The filesystem's broker is a folder: it takes messages when it can be written to."""
    folder = app.conf.broker_transport_options.get("data_folder_out")
    if folder:
        return os.access(folder, os.W_OK | os.X_OK)
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return False
    return True
