"""What somebody has uploaded to be imported: kept from the preview to the confirmation, then only its result."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from sidebyside.accounts.models import User


class UploadQuerySet(models.QuerySet["Upload"]):
    """The uploads …"""

    def visible_to(self, user: User) -> UploadQuerySet:
        """… that this person made: nobody else sees or confirms them (A1)."""
        if not user.may("imports.import_spreadsheet"):
            return self.none()
        return self.filter(uploaded_by=user)

    def waiting(self) -> UploadQuerySet:
        """… that nobody has confirmed."""
        return self.filter(applied_at__isnull=True)

    def applied(self) -> UploadQuerySet:
        """… that were imported."""
        return self.filter(applied_at__isnull=False)


class Upload(models.Model):
    """One preview on its way to an import. Its files are deleted once they are imported."""

    kind = models.SlugField(max_length=20)
    authority_code = models.CharField(max_length=3, blank=True, help_text="The register only: whose schools to take.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, help_text="What the import said: counts, notes and refused rows.")

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        indexes = [models.Index(fields=["uploaded_by", "-uploaded_at"], name="upload_of_a_person")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.uploaded_at:%-d %B %Y}"


class UploadedFile(models.Model):
    """One file of an upload, byte for byte: what was previewed is what goes in."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    part = models.SlugField(max_length=20)
    name = models.CharField(max_length=120)
    content = models.BinaryField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "part"], name="upload_has_each_part_once"),
            models.CheckConstraint(condition=~Q(name=""), name="uploaded_file_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
