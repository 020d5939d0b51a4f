"""The triggers that keep insert-only and frozen rows so.

Installed after every migrate: SQLite drops them with a table.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from sidebyside.guards.freezing import freezes
from sidebyside.guards.models import InsertOnly

_FUNCTION = """
CREATE OR REPLACE FUNCTION sidebyside_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is insert-only: rows are never changed or deleted', TG_TABLE_NAME; END $$
"""


def guarded_tables() -> list[str]:
    """The tables whose rows are never changed or deleted."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, InsertOnly))


def install(alias: str = "default") -> None:
    """Put the triggers on every guarded table that exists. Safe to repeat."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table, statements in _expected(connection).values():
            if table in present:
                for statement in statements:
                    cursor.execute(statement)


def missing(alias: str = "default") -> set[str]:
    """Names of the triggers that should be there and are not; empty when all is well."""
    connection = connections[alias]
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return set(_expected(connection)) - present


def remove(alias: str = "default", *, only_freezing: bool = False) -> None:
    """Take the triggers away: for emptying a test database between tests, and those that freeze before a migration."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for name, (table, _) in (_freezing if only_freezing else _expected)(connection).items():
            if table in present:
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def _expected(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, list[str]]]:
    """Each trigger that belongs there by its name: its table, and what makes it."""
    found = {
        f"{table}_refuses_{event}": (table, [_statement(connection, table, event)])
        for table in guarded_tables()
        for event in _events(connection)
    }
    return found | _freezing(connection)


def _freezing(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, list[str]]]:
    return {name: (each.table, made) for each in freezes() for name, made in each.triggers(connection.vendor)}


def _events(connection: BaseDatabaseWrapper) -> list[str]:
    return ["update", "delete", "truncate"] if connection.vendor == "postgresql" else ["update", "delete"]


def _statement(connection: BaseDatabaseWrapper, table: str, event: str) -> str:
    if connection.vendor == "postgresql":
        return (
            f'CREATE OR REPLACE TRIGGER "{table}_refuses_{event}" BEFORE {event} ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION sidebyside_insert_only()"
        )
    return (
        f'CREATE TRIGGER IF NOT EXISTS "{table}_refuses_{event}" BEFORE {event} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only: rows are never changed or deleted'); END"
    )
