"""The home page of council finance."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from billing.models import Invoice, InvoiceRun
from sidebyside.accounts.models import User
from sidebyside.home.home_schools import to_be_stated
from sidebyside.home.parts import Card, Home, Section, Task, count_of, first
from sidebyside.money import pounds
from sidebyside.stuck import SHOWN, stuck


def finance(user: User, on: date) -> Home:
    """What is overdue, what is to be paid, what is stuck, and the last runs."""
    unpaid = Invoice.objects.visible_to(user).unpaid()
    owed = unpaid.aggregate(all=Sum("balance", default=0), late=Sum("balance", filter=Q(due_on__lt=on), default=0))
    runs = InvoiceRun.objects.annotate(all=Count("items"), done=Count("items", filter=Q(items__state="done")))
    return Home(
        [
            Section(
                "Overdue",
                [
                    Task(
                        f"{invoice.number}, {pounds(invoice.balance)}",
                        invoice.get_absolute_url(),
                        f"{invoice.customer['name']}, due {date_format(invoice.due_on)}",
                        "Overdue",
                        "orange",
                    )
                    for invoice in first(unpaid.filter(due_on__lt=on).order_by("due_on"))
                ],
                "No invoice is overdue.",
                f"{reverse('invoice_list')}?status=overdue",
                "All overdue invoices",
            ),
            Section(
                "Last invoice runs",
                [
                    Task(
                        f"{date_format(run.first_day)} to {date_format(run.last_day)}",
                        run.get_absolute_url(),
                        f"{run.done} of {_invoices(run.all)} issued, approved on {date_format(run.approved_on)}",
                    )
                    for run in first(runs.order_by("-id"))
                ],
                "Nothing has been invoiced yet.",
                reverse("run_new"),
                "New invoice run",
            ),
            to_be_stated(user),
        ],
        [
            Card(pounds(owed["all"]), "to be paid", f"{reverse('invoice_list')}?status=unpaid"),
            Card(pounds(owed["late"]), "of it overdue", f"{reverse('invoice_list')}?status=overdue", owed["late"] > 0),
            _stuck(),
        ],
    )


def _stuck() -> Card:
    """How much needs attention."""
    things = len(stuck(at=timezone.now()))
    number = count_of(things) if things <= SHOWN else f"over {SHOWN}"
    return Card(number, "mails, invoices or statements are stuck", reverse("attention"), things > 0)


def _invoices(count: int) -> str:
    return f"{count} {'invoice' if count == 1 else 'invoices'}"
