"""Every kind of spreadsheet that can be imported, in the order in which a team starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from billing.spreadsheets import ACCOUNTS
from schools.spreadsheets import APPOINTMENTS, CATEGORIES
from sidebyside.accounts.models import User
from sidebyside.sheets import Kind, Plan, Trail
from support.spreadsheets import CHAMPIONS, DELIVERIES
from visits.actions.importing import visits_for_deliveries


def apply_deliveries(plan: Plan, *, by: User | None, on: date) -> list[Trail]:
    """Write the deliveries, and for each that is a visit what the visits' pages need of it (V1)."""
    trails = DELIVERIES.apply(plan, by=by, on=on)
    visits_for_deliveries(on=on)
    return trails


DELIVERIES_WITH_VISITS = replace(DELIVERIES, apply=apply_deliveries)
KINDS: dict[str, Kind] = {
    kind.slug: kind for kind in (CATEGORIES, APPOINTMENTS, CHAMPIONS, ACCOUNTS, DELIVERIES_WITH_VISITS)
}
