"""Half days: stored as whole units, shown as days in steps of 0.5 (O6). Pure: imports no Django."""

from decimal import Decimal, InvalidOperation


def days_text(half_days: int) -> str:
    """Half days as people read them: 3 is `1.5`, 4 is `2`."""
    return f"{Decimal(half_days) / 2:f}".removesuffix(".0")


def days_cell(half_days: int) -> str:
    """Half days as a spreadsheet cell with one place: 4 is `2.0`."""
    return f"{Decimal(half_days) / 2:.1f}"


MOST_FIGURES = 9  # of a number of days: far more than anybody means, and far fewer than would fill the memory


def half_days(days: str | Decimal) -> int:
    """Days, in steps of 0.5 and not below nought, as half days. Raises ValueError with a sentence."""
    try:
        number = Decimal(str(days).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.adjusted() >= MOST_FIGURES:
        raise ValueError(f"“{days}” is not a number of days")
    if number and (number.adjusted() < -1 or number * 2 != (number * 2).to_integral_value()):
        raise ValueError(f"“{days}” days is not in steps of half a day")
    if number < 0:
        raise ValueError(f"“{days}” days is below nought")
    return int(number * 2)
