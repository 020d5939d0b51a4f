"""What the billing tests share: a run from proposal to issued invoices, through the real actions."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from billing.actions.runs import approve_run
from billing.issuing import issue_due_items
from billing.models import Invoice, InvoiceRun
from billing.proposing import propose
from sidebyside.accounts.models import User
from sidebyside.years import Period
from tests import make

LONDON = ZoneInfo("Europe/London")
YEAR = Period(date(2022, 9, 1), date(2023, 8, 31))


def noon(day: date) -> datetime:
    """Midday in London."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)


def approve(period: Period = YEAR, on: date = date(2023, 9, 4), by: User | None = None, key: str = "") -> InvoiceRun:
    """Approve a run of a period, as seen."""
    seen = propose(period)
    key = key or f"{period.first_day}-{period.last_day}-{on}-{seen.digest[:6]}"
    return approve_run(period, digest=seen.digest, request_key=key, by=by or make.user("finance"), on=on)


def issue(period: Period = YEAR, on: date = date(2023, 9, 4)) -> list[Invoice]:
    """Approve and issue a run of a period; returns its invoices in their numbers' order."""
    run = approve(period, on)
    issue_due_items(now=noon(on))
    return list(Invoice.objects.filter(run_item__run=run).order_by("number"))
