"""A hint to the worker that there is something to do. Losing it costs at most a minute: beat sweeps anyway."""

from __future__ import annotations

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

from sidebyside.celery import app

log = logging.getLogger(__name__)


def poke() -> None:
    """Ask for a sweep once this transaction has been committed; a broker that is down delays and never fails a page."""
    transaction.on_commit(_send, robust=True)


def _send() -> None:
    try:
        app.send_task("sidebyside.sweep", retry=False)
    except (OperationalError, OSError):
        log.warning("the broker did not take the hint; the next beat sweeps", exc_info=True)
