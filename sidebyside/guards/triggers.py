"""The triggers that keep insert-only tables so. Installed after every migrate: SQLite drops them with a table."""

from __future__ import annotations

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

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
        for table in guarded_tables():
            if table in present:
                for statement in _statements(connection, table):
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
    return {name for table in guarded_tables() for name in _names(connection, table)} - present


def remove(alias: str = "default") -> None:
    """Take the triggers away: for emptying a test database between tests, and for nothing else."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in guarded_tables():
            if table in present:
                for name in _names(connection, table):
                    on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def _events(connection: BaseDatabaseWrapper) -> list[str]:
    return ["update", "delete", "truncate"] if connection.vendor == "postgresql" else ["update", "delete"]


def _names(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    return [f"{table}_refuses_{event}" for event in _events(connection)]


def _statements(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    if connection.vendor == "postgresql":
        return [
            f'CREATE OR REPLACE TRIGGER "{table}_refuses_{event}" BEFORE {event} ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION sidebyside_insert_only()"
            for event in _events(connection)
        ]
    return [
        f'CREATE TRIGGER IF NOT EXISTS "{table}_refuses_{event}" BEFORE {event} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only: rows are never changed or deleted'); END"
        for event in _events(connection)
    ]
