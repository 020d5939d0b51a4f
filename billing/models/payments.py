"""Money in. Rows only grow; what is paid or left is derived (M15)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.models.accounts import Account
from billing.models.invoices import Invoice
from sidebyside.accounts.models import User
from sidebyside.guards.models import InsertOnly


class PaymentQuerySet(models.QuerySet["Payment"]):
    """The payments …"""

    def visible_to(self, user: User) -> PaymentQuerySet:
        """… that a person may see: those of their accounts (A1)."""
        return self.filter(account__in=Account.objects.visible_to(user))

    def standing(self) -> PaymentQuerySet:
        """… that nobody took back."""
        return self.filter(taken_back__isnull=True)

    def with_left(self) -> PaymentQuerySet:
        """… each with `left`: the pence that are not allocated to an invoice and stay with the account."""
        allocated = (
            Allocation.objects.filter(payment=OuterRef("pk"))
            .order_by()
            .values("payment")
            .annotate(x=Sum("amount"))
            .values("x")
        )
        return self.annotate(left=F("amount") - Coalesce(Subquery(allocated), 0))

    def unallocated(self) -> PaymentQuerySet:
        """… that stand and of which a part went to no invoice."""
        return self.standing().with_left().filter(left__gt=0)  # type: ignore[misc]

    def for_invoice(self, invoice: Invoice) -> PaymentQuerySet:
        """… that went to an invoice, each with `here`: the pence of it that did."""
        went_here = self.with_left().filter(allocations__invoice=invoice)
        return went_here.annotate(here=F("allocations__amount"))  # type: ignore[no-redef]


class Payment(InsertOnly):
    """Money received from an account, in pence."""

    left: int  # pence not allocated, from `with_left()`
    here: int  # pence allocated to one invoice, from `for_invoice()`

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payments")
    received_on = models.DateField()
    amount = models.PositiveIntegerField(help_text="Pence.")
    reference = models.CharField(max_length=60, blank=True)
    request_key = models.CharField(
        max_length=40, unique=True, help_text="The form’s own key: pressing twice records once."
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="payment_is_above_nought",
                violation_error_message="Enter an amount above £0.00.",
            )
        ]

    def __str__(self) -> str:
        return f"Payment of {self.received_on:%-d %B %Y}"


class PaymentTakenBack(InsertOnly):
    """That a payment was entered by mistake: it counts for nothing, and both stay on record."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="taken_back")
    why = models.CharField(max_length=500)
    taken_back_on = models.DateField()
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "payments taken back"
        constraints = [
            models.CheckConstraint(
                condition=~Q(why=""),
                name="payment_is_taken_back_for_a_reason",
                violation_error_message="Say why the payment is taken back.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.payment}, taken back"


class Allocation(InsertOnly):
    """How much of a payment goes to which invoice, in pence."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    amount = models.PositiveIntegerField(help_text="Pence.")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_is_above_nought")]

    def __str__(self) -> str:
        return f"{self.payment} to {self.invoice}"
