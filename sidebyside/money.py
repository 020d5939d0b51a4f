"""Money: whole pence in rows, Decimal in sums, one rounding. Pure: imports no Django."""

from decimal import ROUND_HALF_UP, Decimal

MOST_FIGURES = 12  # of an amount in pounds: billions, and nothing that would fill the memory


def pence(pounds_: Decimal) -> int:
    """Pounds, rounded half up to the penny, as whole pence (M7). Raises ValueError with a sentence for no amount."""
    if not pounds_.is_finite() or pounds_.adjusted() >= MOST_FIGURES:
        raise ValueError(f"“{pounds_}” is not an amount of money")
    return int((pounds_ * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def percent_of(amount: int, percent: Decimal) -> int:
    """`percent` per cent of an amount in pence, rounded half up to the penny (M7)."""
    return int((Decimal(amount) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def pounds(amount: int) -> str:
    """An amount in pence as people read it: `£1,234.50`, `−£0.05`."""
    return f"{'−' if amount < 0 else ''}£{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def decimal_pounds(amount: int) -> Decimal:
    """An amount in pence as exact pounds with two places, for spreadsheets: `Decimal("1234.50")`."""
    return Decimal(amount).scaleb(-2).quantize(Decimal("0.01"))


def percent_text(percent: Decimal) -> str:
    """A percentage without trailing noughts: `20%`, `17.5%`."""
    return f"{percent.normalize():f}%"
