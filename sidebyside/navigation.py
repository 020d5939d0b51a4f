"""The links at the top of every page: what this person's role opens."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse


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
    ("Deployments", "deployment_list", "support.view_deployment"),
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
        if permission is None or user.may(permission):
            url = reverse(name)
            current = request.path == url if name == "home" else request.path.startswith(url)
            links.append(Link(label, url, current))
    return {"navigation": links}
