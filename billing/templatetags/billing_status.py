"""What became of an invoice (derived on the day, never stored, M15), and what resolves what is held back (M13)."""

from __future__ import annotations

from datetime import date

from django import template
from django.urls import reverse

from billing.models import Account, Invoice
from billing.models.invoices import DocumentKind
from billing.proposing import HeldBack
from sidebyside.accounts.models import User

register = template.Library()
ASK = {
    "support.confirm_delivery": "The school or the broker confirms it",
    "support.resolve_dispute": "The team leader settles it",
    "support.agree_price": "The broker enters the price",
    "billing.change_account": "Finance completes the account",
    "admin.use": "An administrator completes the offer and its rates",
}


@register.inclusion_tag("components/tag.html")
def invoice_status(invoice: Invoice, on: date) -> dict[str, str]:
    """Credited, paid, overdue, part paid or to pay; needs `with_balance()`."""
    if invoice.kind == DocumentKind.CREDIT_NOTE:
        return {"text": "Credit note", "colour": "grey"}
    if invoice.credited == invoice.gross:
        return {"text": "Credited", "colour": "grey"}
    if invoice.balance <= 0:
        return {"text": "Paid", "colour": "green"}
    if invoice.due_on < on:
        return {"text": "Overdue", "colour": "orange"}
    is_part_paid = invoice.balance < invoice.gross - invoice.credited
    return {"text": "Part paid" if is_part_paid else "To pay", "colour": "blue"}


@register.inclusion_tag("billing/cure.html")
def cure(held: HeldBack, user: User) -> dict[str, str]:
    """The link that resolves a held-back delivery, for whom it is open to; otherwise whom to ask."""
    delivery, account = held.delivery, held.account
    found = {
        "unconfirmed": ("support.confirm_delivery", "Confirm it", reverse("delivery_confirm", args=[delivery.pk])),
        "disputed": (
            "support.resolve_dispute",
            "Settle the dispute",
            reverse("dispute_resolve", args=[delivery.dispute_open]) if delivery.dispute_open else "",
        ),
        "account": (
            "billing.change_account",
            "Open an account",
            f"{reverse('account_new')}?payer={delivery.school_id}",
        ),
        "price": ("support.agree_price", "Enter the price", reverse("delivery_price", args=[delivery.pk])),
        "vat": ("billing.change_account", "Set the VAT treatment", _edit(account)),
        "po": ("billing.change_account", "Enter the order number", _edit(account)),
        "rate": ("admin.use", "Enter the day rate", reverse("admin:support_dayrate_changelist")),
        "band": ("admin.use", "Enter the charge band", reverse("admin:billing_chargeband_changelist")),
        "rule": ("admin.use", "Correct the offer", reverse("admin:support_offer_changelist")),
        "charge": ("admin.use", "Correct the offer", reverse("admin:support_offer_changelist")),
    }
    permission, label, url = found[held.code]
    if user.may(permission):
        return {"label": label, "url": url}
    return {"label": ASK[permission], "url": ""}


def _edit(account: Account | None) -> str:
    return reverse("account_edit", args=[account.reference]) if account else ""
