"""Rows that only grow: what is written stays, in the database itself."""

from django.db import models


class InsertOnly(models.Model):
    """A row that is never changed or deleted: triggers refuse it on both engines (M10, design section 3)."""

    class Meta:
        abstract = True
