"""The people who sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from sidebyside.accounts import roles


class UserManager(BaseUserManager["User"]):
    """Users are found by email, whatever its capitals."""

    def create_user(self, email: str, name: str, role: str, password: str | None = None, **rest: Any) -> User:
        """Make a person who can sign in; without a password they set one through a reset mail."""
        user = self.model(email=email.strip().lower(), name=name, role=role, **rest)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The person with this email."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with an email, a name and one role; the role table says what they may do."""

    Role = models.TextChoices("Role", {role.name: (role.value, roles.LABELS[role]) for role in roles.Role})  # type: ignore[call-overload]

    email = models.EmailField("email address", unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices)
    telephone = models.CharField(
        max_length=30, blank=True, help_text="Shown to the schools that this person works with."
    )
    is_active = models.BooleanField(
        "can sign in", default=True, help_text="Clear this instead of deleting a person: their work keeps their name."
    )
    joined_at = models.DateTimeField(auto_now_add=True)

    second_factor_set_up_at: datetime | None  # the newest, of whom a session names: `backends.FindsPerson`

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    class Meta:
        ordering = ["name"]
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="email_is_unique_whatever_its_capitals",
                violation_error_message="Somebody with this email address is there already.",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in roles.Role]),
                name="user_has_a_known_role",
                violation_error_message="Choose one of the roles.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may(self, permission: str) -> bool:
        """Whether this person's role holds a permission of `roles.PERMISSIONS`."""
        return self.is_active and roles.may(self.role, permission)

    @property
    def is_council_staff(self) -> bool:
        """Whether this person works for the council, and so needs a second factor."""
        return self.role in roles.COUNCIL_STAFF

    @property
    def is_staff(self) -> bool:
        """Whether this person may open the administration."""
        return self.may("admin.use")

    def get_full_name(self) -> str:
        """The name, as Django's own pages ask for it."""
        return self.name

    def get_short_name(self) -> str:
        """The name, as Django's own pages ask for it."""
        return self.name

    def has_perm(self, permission: str, obj: object = None) -> bool:
        """Django's question: our own permissions, and for administrators the admin's (its classes fix the rest)."""
        verb = permission.partition(".")[2].partition("_")[0]
        return self.may(permission) or (self.is_staff and verb in {"view", "add", "change", "delete"})

    def has_perms(self, permissions: list[str], obj: object = None) -> bool:
        """Whether this person holds every one of them."""
        return all(self.has_perm(permission, obj) for permission in permissions)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the administration shows this app."""
        return self.is_staff
