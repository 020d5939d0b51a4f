"""Django's name for this app."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """The app `support`."""

    name = "support"
