"""Calendar feeds as a Django app."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Visits, days and meetings as a calendar that people subscribe to."""

    name = "sidebyside.calendars"
    label = "calendars"
