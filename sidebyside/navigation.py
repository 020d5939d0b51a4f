"""The links at the top of every page: what this person's role opens."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from billing.payers import pays_by_journal
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
    ("Needs attention", "attention", "attention.view"),
    ("Imports", "imports", "imports.import_spreadsheet"),
    ("What was done", "event_list", "audit.view_event"),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """`navigation` for templates; empty before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    links = []
    for label, name, permission in ENTRIES:
        if (permission is None or user.may(permission)) and not (name == "invoice_list" and _gets_no_invoice(user)):
            url = reverse(name)
            current = request.path == url if name == "home" else request.path.startswith(url)
            links.append(Link(label, url, current))
    return {"navigation": links}


def _gets_no_invoice(user: User) -> bool:
    """Whether the invoices stay empty for this person (M2); kept for a minute, since every page asks."""
    if user.is_council_staff:
        return False
    found = cache.get_or_set(f"pays-by-journal-{user.pk}", lambda: pays_by_journal(user), timeout=60)
    return bool(found)
