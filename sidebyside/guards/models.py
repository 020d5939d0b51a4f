"""Rows that only grow, and rows that stand still from some moment on: in the database itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from sidebyside.guards.freezing import Freeze


class InsertOnly(models.Model):
    """A row that is never changed or deleted: triggers refuse it on both engines (M10, design section 3)."""

    class Meta:
        abstract = True


class Freezing(models.Model):
    """A row that can be changed until something is so, such as that its offer is published; then triggers refuse it."""

    class Meta:
        abstract = True

    @classmethod
    def freezes(cls) -> list[Freeze]:
        """What the database refuses of the model's own table and of the tables that join it to others."""
        return []
