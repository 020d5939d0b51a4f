"""Puts the insert-only triggers back after every migrate."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def install_after_migrate(using: str, **kwargs: Any) -> None:
    """Put the triggers on the tables of a database that has been migrated."""
    from sidebyside.guards import triggers

    triggers.install(using)


class GuardsConfig(AppConfig):
    """The database's own refusals."""

    name = "sidebyside.guards"
    label = "guards"

    def ready(self) -> None:
        """Django's own moment after a migrate; SQLite loses triggers when a table is rebuilt."""
        post_migrate.connect(install_after_migrate, dispatch_uid="install the insert-only triggers")
