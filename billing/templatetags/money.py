"""Amounts, percentages and quantities in templates: `{{ line.net|pounds }}`."""

from decimal import Decimal

from django import template

from sidebyside import money

register = template.Library()


@register.filter
def pounds(amount: int) -> str:
    """Whole pence as people read them: `£1,234.50`."""
    return money.pounds(amount)


@register.filter
def percent(value: Decimal) -> str:
    """A percentage without trailing noughts: `17.5%`."""
    return money.percent_text(value)


@register.filter
def quantity(value: Decimal) -> str:
    """A number of days or visits without trailing noughts: `1.5`, `10`."""
    return f"{value.normalize():f}"
