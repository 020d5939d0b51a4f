"""Where a statement stands (derived, never stored), what cures what is held back, and days below nought."""

from __future__ import annotations

from django import template
from django.urls import reverse

from reimbursing.models import Method, Statement
from reimbursing.owing import signed_days
from reimbursing.proposing import HeldBack
from reimbursing.words import said_to_schools
from sidebyside.accounts.models import User

register = template.Library()
ASK = {
    "support.confirm_delivery": "The school or the broker confirms it",
    "support.resolve_dispute": "The broker decides",
    "support.change_champion": "The team leader says who lends the champion",
    "reimbursing.keep_payee": "Finance says how it is paid",
    "admin.use": "An administrator enters the rate",
}


@register.filter
def days(half_days: int) -> str:
    """Half days as days, with a minus sign below nought."""
    return signed_days(half_days)


@register.filter
def for_schools(code: str) -> str:
    """What holds a day back, in words for a home school."""
    return said_to_schools(code)


@register.inclusion_tag("components/tag.html")
def statement_status(statement: Statement) -> dict[str, str]:
    """Whether a file has carried it on; needs `with_progress()`."""
    is_payment = statement.method == Method.BANK
    if statement.is_handed_over:
        return {"text": "Sent to the bank" if is_payment else "In a journal", "colour": "green"}
    if statement.total < 0:
        return {"text": "Owed back", "colour": "orange"}
    return {"text": "To be paid" if is_payment else "To be journalled", "colour": "blue"}


@register.inclusion_tag("billing/cure.html")
def owed_cure(held: HeldBack, user: User) -> dict[str, str]:
    """The link that resolves what is held back, for whom it is open to; otherwise whom to ask."""
    day, home = held.day, held.home
    payee = reverse("payee_edit", args=[home.pk]) if home else ""
    found = {
        "unconfirmed": ("support.confirm_delivery", "Confirm it", reverse("delivery_confirm", args=[day.pk])),
        "disputed": ("support.resolve_dispute", "Decide", reverse("delivery_detail", args=[day.pk])),
        "lending": (
            "support.change_champion",
            "Say who lends the champion",
            reverse("champion_edit", args=[day.champion_code]) if day.champion_code else "",
        ),
        "payee": ("reimbursing.keep_payee", "Say how it is paid", payee),
        "rate": ("admin.use", "Enter the rate", reverse("admin:reimbursing_reimbursementrate_changelist")),
    }
    permission, label, url = found[held.code]
    return {"label": label, "url": url} if user.may(permission) else {"label": ASK[permission], "url": ""}
