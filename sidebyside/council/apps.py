"""Django's name for this app."""

from django.apps import AppConfig


class CouncilConfig(AppConfig):
    """The app `sidebyside.council`."""

    name = "sidebyside.council"
    label = "council"
