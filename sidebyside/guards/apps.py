"""Puts the triggers back after every migrate."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


def lift_before_migrate(using: str, **kwargs: Any) -> None:
    """SQLite rebuilds a table under another name, and refuses that while a trigger asks a table that is not there."""
    if connections[using].vendor == "sqlite":
        from sidebyside.guards import triggers

        triggers.remove(using, only_freezing=True)


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
        pre_migrate.connect(lift_before_migrate, dispatch_uid="lift the triggers")
        post_migrate.connect(install_after_migrate, dispatch_uid="install the triggers")
