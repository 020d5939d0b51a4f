"""Which constraint of the database refuses a row: constraints are tested by their names, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction


def refused_by(model: type[models.Model], **values: Any) -> str:
    """The constraint that refuses this new row; SQLite names a unique one by its columns alone."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        model._base_manager.create(**values)
    message = str(refused.value)
    if named := [rule.name for rule in model._meta.constraints if rule.name in message]:
        return max(named, key=len)  # the name of one may begin another's
    assert connection.vendor == "sqlite", message
    table = model._meta.db_table
    columns = message.removeprefix("UNIQUE constraint failed: ").replace(f"{table}.", "").split(", ")
    unique = [rule for rule in model._meta.constraints if isinstance(rule, models.UniqueConstraint)]
    return next(rule.name for rule in unique if [model._meta.get_field(name).column for name in rule.fields] == columns)


def constraints_of(*labels: str) -> set[str]:
    """Every named constraint of these apps' own tables."""
    tables = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return {rule.name for model in tables for rule in model._meta.constraints}


def copy_of(row: models.Model, **rest: Any) -> dict[str, Any]:
    """The row's values, to be made again with some of them changed."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return {field.attname: getattr(row, field.attname) for field in fields} | rest
