"""What a need may ask for: half days that fit between its dates, within one academic year, not in the past. Pure."""

from __future__ import annotations

from datetime import date

from sidebyside.days import days_text
from sidebyside.years import AcademicYear
from support.agreements import working_half_days


def faults_of(*, half_days: int | None, starts_on: date | None, ends_on: date | None, on: date) -> dict[str, str]:
    """What is wrong with what is asked `on` a day, a sentence for each field; what is not known is not looked at."""
    found = {}
    if half_days is not None and half_days < 1:
        found["half_days"] = "Ask for at least half a day."
    if starts_on is None or ends_on is None:
        return found
    year = AcademicYear.containing(starts_on)
    if ends_on < starts_on:
        found["ends_on"] = "The last day is before the first."
    elif ends_on < on:
        found["ends_on"] = "The last day is in the past. Choose a day that is still to come."
    elif ends_on not in year:
        found["ends_on"] = (
            f"A need stays within one academic year, for each has its own offer. End it by {year.last_day:%-d %B %Y}, "
            "and ask again for the year after."
        )
    elif half_days is not None and half_days > (most := working_half_days(starts_on, ends_on)):
        found["half_days"] = (
            f"There are only {days_text(most)} working days between these dates. Ask for fewer, or choose other dates."
        )
    return found
