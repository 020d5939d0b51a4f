"""The links at the top of every page: what this person's role opens."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from billing.payers import pays_by_journal
from reimbursing.coming import lends_nobody
from sidebyside.accounts.models import User


@dataclass(frozen=True)
class Link:
    """One link of the navigation."""

    label: str
    url: str
    current: bool


ENTRIES = (
    ("Home", "home", None),
    ("Schools", "school_list", "schools.view_school"),
    ("Visits", "visit_list", "visits.view_visit"),
    ("Needs", "need_list", "brokering.view_need"),
    ("Deployments", "deployment_list", "support.view_deployment"),
    ("Impact", "worked_report", "impact.view_impact"),
    ("Invoices", "invoice_list", "billing.view_invoice"),
    ("Reimbursements", "statement_list", "reimbursing.view_statement"),
    ("My days", "my_days", "reimbursing.view_own_days"),
    ("Subsidy", "subsidy", "reimbursing.view_subsidy"),
    ("Needs attention", "attention", "attention.view"),
    ("Imports", "imports", "imports.import_spreadsheet"),
    ("What was done", "event_list", "audit.view_event"),
)


BELOW = {"deployment_list": ("agreement_list", "champion_list", "week_log")}  # no entries of their own
EMPTY_FOR = {"invoice_list": pays_by_journal, "statement_list": lends_nobody}


def navigation(request: HttpRequest) -> dict[str, object]:
    """`navigation` for templates; empty before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    links = []
    for label, name, permission in ENTRIES:
        if (permission is None or user.may(permission)) and not stays_empty(name, user):
            url = reverse(name)
            below = tuple(reverse(each) for each in (name, *BELOW.get(name, ())))
            links.append(Link(label, url, request.path == url if name == "home" else request.path.startswith(below)))
    return {"navigation": links}


def stays_empty(name: str, user: User) -> bool:
    """Whether a list stays empty for this person of a school (M2, M16); kept for a minute, since every page asks."""
    is_empty = EMPTY_FOR.get(name)
    if is_empty is None or user.is_council_staff:
        return False
    return bool(cache.get_or_set(f"{name}-stays-empty-{user.pk}", lambda: is_empty(user), timeout=60))
