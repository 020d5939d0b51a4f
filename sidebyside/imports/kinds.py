"""Every kind of spreadsheet that can be imported, in the order in which a team starts."""

from __future__ import annotations

from billing.spreadsheets import ACCOUNTS
from schools.spreadsheets import APPOINTMENTS, CATEGORIES
from sidebyside.sheets import Kind
from support.spreadsheets import CHAMPIONS, DELIVERIES

KINDS: dict[str, Kind] = {kind.slug: kind for kind in (CATEGORIES, APPOINTMENTS, CHAMPIONS, ACCOUNTS, DELIVERIES)}
