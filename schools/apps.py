"""Django's name for this app."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """The app `schools`."""

    name = "schools"
