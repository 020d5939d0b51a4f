"""Django's name for this app."""

from django.apps import AppConfig
from django.core.checks import register


class BillingConfig(AppConfig):
    """The app `billing`."""

    name = "billing"

    def ready(self) -> None:
        """Ask the machine for what documents need, whenever Django checks itself."""
        from billing.checks import documents_can_be_made

        register(documents_can_be_made)
