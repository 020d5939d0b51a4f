"""Money in. Rows only grow; what is paid or left is derived (M15)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from billing.models.accounts import Account
from billing.models.invoices import Invoice
from sidebyside.guards.models import InsertOnly


class Payment(InsertOnly):
    """Money received from an account, in pence."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payments")
    received_on = models.DateField()
    amount = models.PositiveIntegerField(help_text="Pence.")
    reference = models.CharField(max_length=60, blank=True)
    request_key = models.CharField(
        max_length=40, unique=True, help_text="The form’s own key: pressing twice records once."
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

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
