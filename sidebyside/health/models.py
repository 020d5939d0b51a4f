"""Signs of life that other processes read."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Heartbeat(models.Model):
    """When something that must keep running last ran."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, name: str, *, at: datetime) -> None:
        """Note that it ran."""
        cls.objects.update_or_create(name=name, defaults={"at": at})
