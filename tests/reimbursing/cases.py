"""What the tests of reimbursing share: from proposal to written statements, through the real actions."""

from __future__ import annotations

from datetime import date

from reimbursing.actions.approving import approve_statements
from reimbursing.issuing import write_due_statements
from reimbursing.models import Statement, StatementRun
from reimbursing.proposing import propose
from sidebyside.accounts.models import User
from sidebyside.years import Period
from support.models import Champion
from tests import make
from tests.billing.cases import noon

YEAR = Period(date(2022, 9, 1), date(2023, 8, 31))
ON = date(2023, 9, 4)


def approve(period: Period = YEAR, on: date = ON, by: User | None = None, key: str = "") -> StatementRun:
    """Approve the statements of a period, as seen."""
    seen = propose(period)
    key = key or f"{period.first_day}-{period.last_day}-{on}-{seen.digest[:6]}"
    return approve_statements(period, digest=seen.digest, request_key=key, by=by or make.user("finance"), on=on)


def state(period: Period = YEAR, on: date = ON) -> list[Statement]:
    """Approve and write the statements of a period; returns them in their numbers' order."""
    run = approve(period, on)
    write_due_statements(now=noon(on))
    return list(Statement.objects.filter(item__run=run).order_by("number"))


def lent(sector: str = "maintained", code: str = "SSLC", **rest) -> Champion:
    """A champion of a home school that can be paid."""
    home = make.school(sector=sector, **rest)
    make.payee(home)
    return make.champion(code, home=home)


def world() -> None:
    """A council with its offer and its rates, on both sides."""
    make.council()
    make.offer_2022()
    make.rates()
    make.reimbursement_rates()
