"""Bytes that are kept for ever: a PDF is stored once, under the hash of what it is (M11)."""

from __future__ import annotations

import hashlib

from django.db import models

from sidebyside.guards.models import InsertOnly


class DocumentIsDamaged(Exception):
    """The stored bytes no longer have the hash they were stored under; they are not served."""


class Document(InsertOnly):
    """A file as it was made: name, kind, SHA-256 and bytes. Lists defer the bytes."""

    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, name: str, content_type: str, content: bytes) -> Document:
        """Store bytes with their hash, in the caller's transaction."""
        return cls.objects.create(
            name=name, content_type=content_type, content=content, sha256=hashlib.sha256(content).hexdigest()
        )

    def read(self) -> bytes:
        """The bytes, byte for byte. Raises DocumentIsDamaged when they do not have their hash."""
        content = bytes(self.content)
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise DocumentIsDamaged(self.name)
        return content
