"""Reads the reimbursement rates and how home schools are paid, each in one query."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from reimbursing.models import Payee, ReimbursementRate
from reimbursing.models.payees import method_for
from reimbursing.owing import Rates


def reimbursement_rates() -> Rates:
    """Every rate by champion type and home school (None for every school), oldest first."""
    found: dict[tuple[str, int | None], list[tuple[date, int]]] = defaultdict(list)
    rows = ReimbursementRate.objects.order_by("starts_on").values_list(
        "champion_type__code", "school", "starts_on", "rate"
    )
    for kind, school, starts_on, rate in rows:
        found[kind, school].append((starts_on, rate))
    return found


def payees() -> dict[int, Payee]:
    """How each home school is paid, by URN; without those whose way of paying is that of another sector."""
    rows = Payee.objects.select_related("school")
    return {payee.school_id: payee for payee in rows if payee.method == method_for(payee.school)}
