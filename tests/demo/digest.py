"""What a demonstration holds, in one word."""

from __future__ import annotations

import hashlib

from billing.models import Invoice, Payment, Reminder
from brokering.models import Need
from reimbursing.models import Statement
from schools.models import CategoryEntry
from sidebyside.accounts.models import User
from support.models import Delivery, Deployment
from visits.models import Note, Visit


def contents() -> dict[str, list[tuple]]:
    """Everything that people see of it, without keys and moments."""
    deliveries = Delivery.objects.values_list("school", "service__code", "happens_on", "half_days", "state", "funding")
    deployments = Deployment.objects.values_list("school", "champion__code", "starts_on", "half_days_agreed")
    return {
        "people": sorted(User.objects.values_list("email", "name", "role")),
        "categories": sorted(CategoryEntry.objects.values_list("school", "category__name", "starts_on", "state")),
        "deliveries": sorted(deliveries),
        "deployments": sorted(deployments),
        "needs": sorted(
            Need.objects.values_list("school", "what", "asked_on", "half_days", "deployment__champion__code")
        ),
        "visits": sorted(Visit.objects.values_list("delivery__school", "delivery__happens_on", "minutes")),
        "notes": sorted(Note.objects.values_list("visit__delivery__school", "version", "focus")),
        "invoices": sorted(Invoice.objects.values_list("number", "issued_on", "net", "vat", "gross")),
        "payments": sorted(Payment.objects.values_list("received_on", "amount", "reference")),
        "statements": sorted(Statement.objects.values_list("number", "school", "issued_on", "half_days", "total")),
        "reminders": sorted(Reminder.objects.values_list("invoice__number", "stage__name", "outcome", "due_on")),
    }


def digest() -> str:
    """The same for the same contents, with their counts for whoever looks for the difference."""
    found = contents()
    counts = " ".join(f"{len(rows)} {name}" for name, rows in found.items())
    return f"{counts}: {hashlib.sha256(repr(found).encode()).hexdigest()}"
