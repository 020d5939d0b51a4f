"""How invoices and accounts are narrowed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from billing.models import Account, DocumentKind, Invoice
from billing.models.invoices import InvoiceQuerySet
from sidebyside.accounts.models import User
from sidebyside.forms import FilterForm
from sidebyside.govuk.dates import DateField

STATUSES = [
    ("unpaid", "Not paid yet"),
    ("overdue", "Overdue"),
    ("paid", "Paid"),
    ("credited", "Credited in full"),
    ("credit notes", "Credit notes"),
]
SORTS = {
    "number": ("number",),
    "account": ("account__name", "-id"),
    "issued": ("issued_on", "id"),
    "due": ("due_on", "id"),
    "gross": ("gross", "id"),
    "balance": ("balance", "id"),
}


class OurDateFilter(DateFilter):
    """A date of three boxes."""

    field_class = DateField


class InvoiceFilter(FilterSet):
    """Narrows the invoices that a person may see. Paid and overdue are derived on a day (M15)."""

    q = CharFilter(method="by_words", label="Number, account or school", max_length=100)
    status = ChoiceFilter(method="by_status", label="Status", choices=STATUSES, empty_label="All")
    issued_from = OurDateFilter(field_name="issued_on", lookup_expr="gte", label="Issued from")
    issued_to = OurDateFilter(field_name="issued_on", lookup_expr="lte", label="Issued up to")

    class Meta:
        model = Invoice
        fields: list[str] = []
        form = FilterForm

    def __init__(self, data: QueryDict, queryset: InvoiceQuerySet, *, on: date) -> None:
        self.on = on
        super().__init__(data, queryset)

    def by_words(self, invoices: InvoiceQuerySet, name: str, value: str) -> InvoiceQuerySet:
        """Invoices whose number or account holds the words, or which have a line of such a school."""
        words = value.strip()
        school = Q(lines__school_name__icontains=words)
        if words.isdecimal() and len(words) == 6:
            school |= Q(lines__school_id=int(words))
        found = Q(number__icontains=words) | Q(account__name__icontains=words)
        return invoices.filter(found | Q(pk__in=Invoice.objects.filter(school).values("pk")))

    def by_status(self, invoices: InvoiceQuerySet, name: str, value: str) -> InvoiceQuerySet:
        """Invoices that still want money, want it since a day, or want none any more; or what credits them."""
        if value == "credit notes":
            return invoices.filter(kind=DocumentKind.CREDIT_NOTE)
        if value == "credited":
            return invoices.invoices().filter(credited=F("gross"))
        if value == "paid":
            return invoices.invoices().filter(balance__lte=0, credited__lt=F("gross"))
        unpaid = invoices.invoices().filter(balance__gt=0)
        return unpaid.filter(due_on__lt=self.on) if value == "overdue" else unpaid


def chosen_invoices(data: QueryDict, user: User, *, on: date) -> tuple[InvoiceFilter, QuerySet[Invoice]]:
    """The filter as the address has it, and its invoices in the order that the address asks for (A1)."""
    invoices = Invoice.objects.visible_to(user).with_balance().select_related("account")
    chosen = InvoiceFilter(data, invoices, on=on)
    wanted = data.get("sort", "")
    order = SORTS.get(wanted.removeprefix("-"))
    if order is None:
        return chosen, chosen.qs.order_by("-issued_on", "-id")
    return chosen, chosen.qs.order_by(*(_turned(field) for field in order) if wanted.startswith("-") else order)


def _turned(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


class AccountFilter(FilterSet):
    """Narrows accounts by what stands in them."""

    q = CharFilter(method="by_words", label="Name, reference or URN", max_length=100)
    lacks = ChoiceFilter(
        method="by_lack",
        label="What is missing",
        choices=[("vat", "VAT treatment"), ("po", "Purchase order number"), ("contact", "Contact for invoices")],
        empty_label="Anything",
        widget=forms.Select,
    )

    class Meta:
        model = Account
        fields: list[str] = []
        form = FilterForm

    def by_words(self, accounts: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        """Accounts whose name or reference holds the words, or the one of the school with this URN."""
        words: Any = value.strip()
        found = Q(name__icontains=words) | Q(reference__icontains=words)
        is_urn = words.isascii() and words.isdigit() and len(words) == 6
        return accounts.filter(found | Q(school=int(words))) if is_urn else accounts.filter(found)

    def by_lack(self, accounts: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        """Accounts whose lines would be held back, or whose invoices would be mailed to nobody."""
        if value == "vat":
            return accounts.filter(vat_treatment="")
        if value == "po":
            return accounts.filter(is_po_required=True, po_number="")
        return accounts.filter(contacts__isnull=True)
