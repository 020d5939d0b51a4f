"""Finds whatever is due and does it. Beat calls it every minute, a poke sooner, `manage.py sweep` without a broker.

Each job takes `now=` and returns how many items it did; every item is its own transaction (design, section 3).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from agreements.reminding import close_overtaken_agreements, remind_of_open_agreements
from billing.issuing import issue_due_items
from billing.reminding import remind_of_unpaid_invoices
from impact.inviting import invite_reviews
from reimbursing.issuing import write_due_statements
from sidebyside.health.models import Heartbeat
from sidebyside.mail.sending import send_due_mail
from support.actions.lending import begin_home_schools
from support.silence import remind_of_unconfirmed

log = logging.getLogger(__name__)

Job = Callable[..., int]
JOBS: tuple[Job, ...] = (
    begin_home_schools,
    issue_due_items,
    write_due_statements,
    remind_of_unpaid_invoices,
    remind_of_unconfirmed,
    invite_reviews,
    close_overtaken_agreements,
    remind_of_open_agreements,
    send_due_mail,
)


def sweep(*, now: datetime, jobs: Sequence[Job] = JOBS) -> dict[str, int]:
    """Run every job once, in the order in which one makes work for the next; returns what each did.

    A job that fails stops no other. It is missing from the answer, stands in the log, and stops the heartbeat, so that
    /readyz tells.
    """
    done: dict[str, int] = {}
    for job in jobs:
        try:
            done[job.__name__] = job(now=now)
        except Exception:
            log.exception("a job of the sweep failed", extra={"job": job.__name__})
    if len(done) == len(jobs):
        Heartbeat.beat("sweep", at=now)
    log.info("swept", extra={"done": done})
    return done
