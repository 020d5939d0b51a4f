"""Issued documents: numbered, frozen, kept for ever (M9 to M12)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from billing.models.accounts import Account
from billing.models.lines import ChargedLine
from billing.models.runs import RunItem
from sidebyside.accounts.models import User
from sidebyside.documents.models import Document
from sidebyside.guards.models import InsertOnly


class DocumentKind(models.TextChoices):
    """Each kind has its own series a financial year (M10)."""

    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit note", "Credit note"
    STATEMENT = "statement", "Statement of reimbursement"
    JOURNALS = "journals", "Journals to home schools"
    PAYMENTS = "payments", "Payments to home schools"


class CreditReason(models.TextChoices):
    """Why an invoice is credited; says what becomes of the support (M12)."""

    NOT_DELIVERED = "not delivered", "It did not take place"
    SHORTER = "shorter", "It was shorter than billed"
    WRONG_PRICE = "wrong price", "The price was wrong"
    WRONG_CUSTOMER = "wrong customer", "It was billed to the wrong account"
    OTHER = "other", "Something else about the support was wrong"


class Series(models.Model):
    """The counter of one kind's numbers in one financial year; moved in the transaction that issues (M10)."""

    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    financial_year_start = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(fields=["kind", "financial_year_start"], name="series_stands_once"),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="series_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.financial_year_start}"


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """The invoices …"""

    def visible_to(self, user: User) -> InvoiceQuerySet:
        """… that a person may see: the council's all, others those of their own accounts (A1)."""
        if user.may("schools.view_all") and user.may("billing.view_invoice"):
            return self
        return self.filter(account__in=Account.objects.visible_to(user))

    def with_balance(self) -> InvoiceQuerySet:
        """… each with `credited`, and `balance`: gross, less what is credited and paid, in pence.

        Below nought where more was paid than is billed now. A credit note itself wants nothing. Subqueries, never two
        joins.
        """
        credited = (
            Invoice.objects.filter(refers_to=OuterRef("pk"))
            .order_by()
            .values("refers_to")
            .annotate(x=Sum("gross"))
            .values("x")
        )
        counts = Q(allocations__payment__taken_back__isnull=True)
        allocated = Sum("allocations__amount", filter=counts)
        paid = Invoice.objects.filter(pk=OuterRef("pk")).order_by().annotate(x=allocated).values("x")
        taken_off = Coalesce(Subquery(credited), 0)
        left = F("gross") - taken_off - Coalesce(Subquery(paid), 0)
        wanted = Case(When(kind=DocumentKind.CREDIT_NOTE, then=Value(0)), default=left)
        return self.annotate(credited=taken_off, balance=wanted)

    def invoices(self) -> InvoiceQuerySet:
        """… proper, without the credit notes."""
        return self.filter(kind=DocumentKind.INVOICE)

    def unpaid(self) -> InvoiceQuerySet:
        """… that still want money (M15)."""
        return self.invoices().with_balance().filter(balance__gt=0)  # type: ignore[misc]

    def overdue(self, on: date) -> InvoiceQuerySet:
        """… whose due date has passed and that still want money."""
        return self.unpaid().filter(due_on__lt=on)


class Invoice(InsertOnly):
    """An invoice or a credit note, as issued. Everything it says is here or in its lines; status is derived (M15)."""

    credited: int  # pence of its credit notes, from `with_balance()`
    balance: int  # pence still to pay, from `with_balance()`

    kind = models.CharField(max_length=12, choices=DocumentKind.choices, default=DocumentKind.INVOICE)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="invoices")
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invoices")
    run_item = models.OneToOneField(RunItem, on_delete=models.PROTECT, null=True, blank=True, related_name="invoice")
    refers_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_notes")
    credit_reason = models.CharField("reason for the credit", max_length=14, choices=CreditReason.choices, blank=True)
    credit_why = models.CharField("why it is credited", max_length=500, blank=True)
    request_key = models.CharField(
        max_length=40, blank=True, editable=False, help_text="The form’s own key: pressing twice credits once."
    )
    issued_on = models.DateField()
    tax_point = models.DateField()
    due_on = models.DateField()
    terms_days = models.PositiveSmallIntegerField()
    po_number = models.CharField(max_length=40, blank=True)
    supplier = models.JSONField(help_text="The council as it was: name, address, VAT number, bank.")
    customer = models.JSONField(help_text="The account as it was: name, address, reference.")
    net = models.PositiveIntegerField(help_text="Pence.")
    vat = models.PositiveIntegerField(help_text="Pence.")
    gross = models.PositiveIntegerField(help_text="Pence.")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="invoice")

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-id"]
        indexes = [
            models.Index(fields=["account", "-issued_on", "-id"], name="invoice_of_an_account"),
            models.Index(fields=["-issued_on", "-id"], name="invoice_list"),
            models.Index(fields=["due_on"], name="invoice_by_due_date"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="invoice_number_stands_once"),
            models.CheckConstraint(condition=Q(gross=F("net") + F("vat")), name="invoice_gross_is_net_and_vat"),
            models.CheckConstraint(condition=Q(due_on__gte=F("issued_on")), name="invoice_is_due_after_issue"),
            models.CheckConstraint(
                condition=Q(kind="invoice", refers_to__isnull=True) | Q(kind="credit note", refers_to__isnull=False),
                name="credit_note_refers_to_an_invoice",
            ),
            models.CheckConstraint(
                condition=~Q(kind="credit note") | Q(run_item__isnull=True), name="credit_note_comes_from_no_run"
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", credit_reason="", credit_why="")
                | Q(kind="credit note")
                & Q(credit_reason__in=["not delivered", "shorter", "wrong price", "wrong customer", "other"])
                & ~Q(credit_why=""),
                name="credit_note_says_why",
                violation_error_message="Say why it is credited.",
            ),
            models.UniqueConstraint(
                fields=["request_key"], condition=~Q(request_key=""), name="credit_note_is_issued_once_by_a_form"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def overpaid(self) -> int:
        """By how much more was paid than is billed, in pence; needs `with_balance()` (M15)."""
        return max(0, -self.balance)

    def get_absolute_url(self) -> str:
        """The invoice's page."""
        return reverse("invoice_detail", args=[self.number])


class InvoiceLine(ChargedLine):
    """A line as issued: rate, band, VAT and the reason, frozen (M7, M8, M11).

    A credit note's line says how much of which line of the invoice it credits: the `part` is 1 for the first credit of
    that line, and `is_rest` when nothing of it is left (M12).
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    refers_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_lines")
    part = models.PositiveSmallIntegerField(default=0)
    is_rest = models.BooleanField(default=False)

    class Meta:
        ordering = ["invoice", "position"]
        constraints = [
            *ChargedLine.Meta.constraints,
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_has_its_position"),
            models.UniqueConstraint(fields=["invoice", "source_key"], name="invoice_line_bills_a_charge_once"),
            models.CheckConstraint(
                condition=Q(refers_to__isnull=True, part=0, is_rest=False) | Q(refers_to__isnull=False, part__gte=1),
                name="credit_line_is_a_part_of_a_line",
            ),
            models.UniqueConstraint(fields=["refers_to", "part"], name="credit_line_has_its_part_alone"),
            models.UniqueConstraint(
                fields=["refers_to"], condition=Q(is_rest=True), name="invoice_line_is_credited_to_the_end_once"
            ),
        ]
