"""Brokering as a Django app."""

from django.apps import AppConfig


class BrokeringConfig(AppConfig):
    """Needs for support, and the champions who match them: from a need to a deployment."""

    name = "brokering"
