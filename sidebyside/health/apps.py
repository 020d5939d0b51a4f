"""Django's name for this app."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """The app `sidebyside.health`."""

    name = "sidebyside.health"
    label = "health"
