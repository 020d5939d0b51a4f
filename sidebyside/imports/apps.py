"""Django's name for this app."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """The app `sidebyside.imports`."""

    name = "sidebyside.imports"
    label = "imports"
