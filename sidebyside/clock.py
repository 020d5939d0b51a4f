"""Times of day as people in schools write them, the GOV.UK way: 9:30am. Pure: imports no Django."""

from datetime import datetime, time


def clock_text(at: time | datetime) -> str:
    """A time of day on the twelve-hour clock: 09:30 is `9:30am`, noon is `12pm`, 14:00 is `2pm`.

    A moment has to be in London's time already.
    """
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"
