"""What a home school will be paid, on a page of another room: that room shows it and knows nothing of the rates."""

from __future__ import annotations

from datetime import date

from django import template

from reimbursing.promising import promised
from reimbursing.rate_book import reimbursement_rates

register = template.Library()


@register.simple_tag
def promised_pay(home: int, champion_type: str, half_days: int, first: date, last: date) -> list[str]:
    """The sentences, in one query."""
    rates = reimbursement_rates()
    return promised(rates, champion_type=champion_type, home=home, half_days=half_days, first=first, last=last)
