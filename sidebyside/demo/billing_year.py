"""Accounts, invoice runs, credit notes, payments and reminders, each on its day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from billing.actions.accounts import open_account
from billing.actions.crediting import credit_invoice
from billing.actions.payments import record_payment
from billing.actions.runs import approve_run
from billing.issuing import issue_due_items
from billing.models import Account, CreditReason, Invoice, InvoiceLine
from billing.proposing import propose
from billing.reminding import remind_of_unpaid_invoices
from schools.models import School, Trust
from schools.sectors import ACADEMY_TYPES
from sidebyside.demo.source import DOMAIN
from sidebyside.demo.world import PAST, World
from sidebyside.working_days import next_working_day
from sidebyside.years import Period
from support.models import Delivery

PAST_RUNS = (
    (date(2022, 9, 1), date(2023, 3, 31), date(2023, 4, 11)),
    (date(2023, 4, 1), date(2023, 8, 31), date(2023, 9, 4)),
)
REMINDED_AFTER = (21, 29, 35, 42)
CREDITED_AFTER = 7


def open_accounts(world: World) -> None:
    """An account for each trust or academy that bought days, but for one, which shows what is held back."""
    schools = School.objects.filter(type_code__in=ACADEMY_TYPES, deliveries__isnull=False).distinct().order_by("urn")
    payers: dict[str, School | Trust] = {}
    for school in schools.prefetch_related("trust_memberships__trust"):
        memberships = list(school.trust_memberships.all())
        payer = memberships[0].trust if memberships and school.urn % 2 == 0 else school
        payers[f"{type(payer).__name__} {payer.pk}"] = payer
    for place, payer in enumerate(list(payers.values())[:-1] if len(payers) > 2 else payers.values()):
        _open(world, payer, needs_po=place == 3)


def _open(world: World, payer: School | Trust, *, needs_po: bool) -> Account:
    town = payer.town if isinstance(payer, School) else ""
    address = "\n".join(filter(None, ["School business office", str(payer), town]))
    number = payer.pk
    return open_account(
        payer,
        contacts=[f"accounts{number}@{DOMAIN}"],
        by=world.person("finance"),
        name=str(payer),
        address=address,
        postcode=payer.postcode if isinstance(payer, School) else "",
        vat_treatment="standard",
        is_po_required=needs_po,
        po_number="PO-10442" if needs_po else "",
    )


def bill(world: World) -> None:
    """Every run, its invoices, and what became of them until the day on which the demonstration ends."""
    for first, last, issue_on in (*PAST_RUNS, *_this_years_runs(world)):
        issue_on = next_working_day(issue_on)
        _run(world, Period(first, last), issue_on)
        if last.month in (3, 10):
            _credit(world, issue_on)
        _settle(world, issue_on, share_paid=1.0 if first in PAST else 0.5)


def _this_years_runs(world: World) -> list[tuple[date, date, date]]:
    """One run for each two months of this year that are over."""
    runs, first = [], world.now.first_day
    while (following := (first + timedelta(days=62)).replace(day=1)) <= world.until:
        runs.append((first, following - timedelta(days=1), following))
        first = following
    return runs


def _run(world: World, period: Period, on: date) -> None:
    seen = propose(period)
    if on <= world.until and seen.invoices:
        key = f"demonstration-{period.first_day}"
        approve_run(period, digest=seen.digest, request_key=key, by=world.person("finance"), on=on)
        while issue_due_items(now=_at(on)):
            continue


def _credit(world: World, issued_on: date) -> None:
    """One day of a run turned out to have been a half, as the school said when it read the invoice."""
    day = issued_on + timedelta(days=CREDITED_AFTER)
    whole_days = InvoiceLine.objects.filter(invoice__issued_on=issued_on, refers_to=None, unit="days", half_days=2)
    line = whole_days.select_related("invoice").order_by("invoice__number", "-position").first()
    if line and day < world.until:
        credit_invoice(
            line.invoice,
            half_days={line.pk: 1},
            reason=CreditReason.SHORTER,
            why="The champion was called back to the home school at noon",
            by=world.person("finance"),
            on=day,
        )


def _settle(world: World, issued_on: date, *, share_paid: float) -> None:
    """Most are paid in time, some late and after a reminder; the sweep reminds on its days."""
    invoices = list(Invoice.objects.invoices().with_balance().filter(issued_on=issued_on).order_by("number"))
    paid = invoices[: round(len(invoices) * share_paid)]
    due = {invoice: issued_on + timedelta(days=12 + 8 * (place % 4)) for place, invoice in enumerate(paid)}
    for days in range(60):
        day = issued_on + timedelta(days=days)
        if day >= world.until:
            return
        for invoice in (invoice for invoice, when in due.items() if when == day):
            _pay(world, invoice, day)
        if days in REMINDED_AFTER:
            remind_of_unpaid_invoices(now=_at(next_working_day(day)))


def _pay(world: World, invoice: Invoice, day: date) -> None:
    amount = invoice.balance // 2 if invoice.sequence == 4 and invoice.issued_on not in PAST else invoice.balance
    record_payment(
        invoice,
        amount=amount,
        received_on=day,
        reference=f"BACS {invoice.number}",
        request_key=f"demonstration-{invoice.number}",
        by=world.person("finance"),
        on=day,
    )


def count_of_support() -> int:
    """How many deliveries there are, for the closing words."""
    return Delivery.objects.count()


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))
