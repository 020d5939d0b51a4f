"""Triggers that let a row change until something is so, such as that it is published. The same on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps

from sidebyside.guards.models import Freezing

_ANSWER = {"insert": "NEW", "update": "NEW", "delete": "OLD", "truncate": "NULL"}


@dataclass(frozen=True)
class Freeze:
    """What the database refuses of one table. Each condition is SQL over the row as OLD and NEW; empty allows all.

    `{held}` in a condition becomes PostgreSQL's lock of the row `o` that is asked: who publishes it in this moment is
    waited for. SQLite has one writer at a time, and no truncate.
    """

    table: str
    reason: str
    insert: str = ""
    update: str = ""
    delete: str = ""
    truncate: str = ""

    def triggers(self, vendor: str) -> Iterator[tuple[str, list[str]]]:
        """Each trigger's name with the statements that make it."""
        for event in _ANSWER:
            condition = getattr(self, event)
            if condition and (vendor == "postgresql" or event != "truncate"):
                name = f"{self.table}_refuses_{event}"
                make = self._on_postgresql if vendor == "postgresql" else self._on_sqlite
                yield name, make(name, event, condition)

    def _on_sqlite(self, name: str, event: str, condition: str) -> list[str]:
        return [
            f'CREATE TRIGGER IF NOT EXISTS "{name}" BEFORE {event} ON "{self.table}" '
            f"WHEN {condition.format(held='')} BEGIN SELECT RAISE(ABORT, '{self.table} is frozen: {self.reason}'); END"
        ]

    def _on_postgresql(self, name: str, event: str, condition: str) -> list[str]:
        each = "STATEMENT" if event == "truncate" else "ROW"
        return [
            f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ '
            f"BEGIN IF {condition.format(held='FOR SHARE OF o')} THEN "
            f"RAISE EXCEPTION '{self.table} is frozen: {self.reason}'; END IF; RETURN {_ANSWER[event]}; END $$",
            f'CREATE OR REPLACE TRIGGER "{name}" BEFORE {event} ON "{self.table}" '
            f'FOR EACH {each} EXECUTE FUNCTION "{name}"()',
        ]


def freeze_once_begun(table: str) -> Freeze:
    """A row that holds from a day on stands still once that day has come; by the database's clock, which is UTC."""
    begun = "OLD.starts_on <= CURRENT_DATE"
    some = f"EXISTS (SELECT 1 FROM {table} WHERE starts_on <= CURRENT_DATE)"  # noqa: S608 - a model's own table
    reason = "what has begun is history, and a new rate is a new row"
    return Freeze(table, reason, update=begun, delete=begun, truncate=some)


def freezes() -> list[Freeze]:
    """What every model that freezes says of its tables."""
    return [freeze for model in apps.get_models() if issubclass(model, Freezing) for freeze in model.freezes()]
