"""Rows that only grow: each table's own triggers refuse every other change (M10, design section 3)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, models, transaction

from sidebyside.audit.actions import record
from sidebyside.audit.models import Event
from sidebyside.guards import triggers
from sidebyside.guards.apps import install_after_migrate
from sidebyside.guards.models import InsertOnly
from tests import make

TABLES = sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, InsertOnly))
KEPT = {
    "audit_event",
    "billing_allocation",
    "billing_invoice",
    "billing_invoiceline",
    "billing_invoicerun",
    "billing_payment",
    "billing_paymenttakenback",
    "billing_reminder",
    "billing_runline",
    "documents_document",
    "impact_finding",
    "impact_outcomerating",
    "impact_review",
    "impact_reviewinvitation",
    "impact_sample",
    "impact_sampleddeployment",
    "visits_confidentialnote",
    "visits_note",
    "visits_noteanswer",
}
EVENTS = ["update", "delete", "truncate" if connection.vendor == "postgresql" else "replace"]


def test_the_ledger_the_trail_and_shared_notes_only_grow():
    assert KEPT - set(TABLES) == set()


def statement(event: str, table: str) -> str:
    key = apps.get_model(*table.split("_", 1))._meta.pk.column
    return {
        "update": f'UPDATE "{table}" SET "{key}" = "{key}"',
        "delete": f'DELETE FROM "{table}"',
        "truncate": f'TRUNCATE "{table}" CASCADE',
        "replace": f'REPLACE INTO "{table}" SELECT * FROM "{table}"',
    }[event]


@pytest.mark.django_db
@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses(table, event):
    there = a_row(table) if connection.vendor == "sqlite" else nullcontext()
    refused = pytest.raises(DatabaseError, match="insert-only")
    with there, connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(statement(event, table))


@contextmanager
def a_row(table: str) -> Iterator[None]:
    """Any row, for SQLite asks a trigger only once there is one: its references lead nowhere, and it is taken back."""
    model = apps.get_model(*table.split("_", 1))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        names = [field.column for field in model._meta.concrete_fields if field.column != model._meta.pk.column]
        marks = ", ".join("0" for _ in names)
        quoted = ", ".join(f'"{name}"' for name in names)
        cursor.execute(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})')
        try:
            yield
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_orm_is_refused_as_well():
    event = record("school.seen", make.school(100001), by=make.user("auditor"))
    event.verb = "school.not_seen"
    for change in (event.save, event.delete, lambda: Event.objects.update(why="x"), Event.objects.all().delete):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            change()
    assert Event.objects.get().verb == "school.seen"


@pytest.mark.django_db
def test_without_the_triggers_the_same_change_goes_through():
    record("school.seen", make.school(100001), by=None)
    triggers.remove()
    assert Event.objects.update(why="rewritten") == 1


@pytest.fixture
def scratch(tmp_path):
    """A second database, an SQLite file, whose tables a test may rebuild."""
    connections.databases["scratch"] = connections.databases["default"] | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "scratch.sqlite3"),
        "OPTIONS": {},
        "ATOMIC_REQUESTS": False,
    }
    yield connections["scratch"]
    connections["scratch"].close()
    del connections["scratch"], connections.databases["scratch"]


def test_a_table_that_sqlite_rebuilds_loses_its_triggers_and_migrate_brings_them_back(scratch, django_db_blocker):
    with django_db_blocker.unblock(), scratch.schema_editor() as editor:
        editor.create_model(Event)
    with django_db_blocker.unblock():
        expected = {name for name in triggers.missing("scratch") if name.startswith("audit_event")}
        triggers.install("scratch")
        assert triggers.missing("scratch") & expected == set()
        longer = models.CharField(max_length=90)
        longer.set_attributes_from_name("verb")
        longer.model = Event
        with scratch.schema_editor() as editor:
            editor.alter_field(Event, Event._meta.get_field("verb"), longer, strict=True)
        assert triggers.missing("scratch") & expected == expected
        install_after_migrate(using="scratch")
        assert triggers.missing("scratch") & expected == set()
        with pytest.raises(sqlite3.DatabaseError, match="insert-only") as refused:
            change_a_row(scratch.settings_dict["NAME"], "UPDATE audit_event SET why = 'rewritten'")
    assert "audit_event" in str(refused.value)


@pytest.mark.parametrize("listens", [True, False])
def test_sqlite_asks_no_trigger_about_what_is_replaced_unless_it_is_told_to(scratch, django_db_blocker, listens):
    """The second is the control: why `sidebyside.settings` sets `recursive_triggers`."""
    with django_db_blocker.unblock():
        with scratch.schema_editor() as editor:
            editor.create_model(Event)
        triggers.install("scratch")
    refused = pytest.raises(sqlite3.DatabaseError, match="insert-only")
    with refused if listens else nullcontext():
        change_a_row(
            scratch.settings_dict["NAME"],
            f"PRAGMA recursive_triggers = {int(listens)}",
            "REPLACE INTO audit_event (id, at, verb, subject, why, details) "
            "SELECT id, at, verb, subject, 'rewritten', details FROM audit_event",
        )


def change_a_row(path: str, *statements: str) -> None:
    """Straight into the file, past Django."""
    file = sqlite3.connect(path)
    try:
        file.execute("INSERT INTO audit_event (at, verb, subject, why, details) VALUES (0, 'a.b', 'x', '', '{}')")
        for statement in statements:
            file.execute(statement)
    finally:
        file.close()
