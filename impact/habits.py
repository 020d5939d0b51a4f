"""What the council has settled about reviews: data that an administrator edits."""

from __future__ import annotations

from impact.due import Habits
from sidebyside.council.models import Council, displayed_council


def review_habits() -> Habits:
    """When reviews are due; the defaults before there is a council."""
    council = displayed_council() or Council()
    return Habits(
        midpoint_from_weeks=council.midpoint_from_weeks,
        midpoint_days=council.midpoint_review_days,
        closing_days_before=council.closing_review_days_before,
        closing_days_after=council.closing_review_days,
    )


def category_months() -> int:
    """How many months after the end a school's category is compared."""
    return (displayed_council() or Council()).category_after_months
