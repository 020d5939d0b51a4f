"""Django's name for this app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app `sidebyside.audit`."""

    name = "sidebyside.audit"
    label = "audit"
