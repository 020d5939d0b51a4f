"""Django's name for this app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The app `sidebyside.demo`."""

    name = "sidebyside.demo"
    label = "demo"
