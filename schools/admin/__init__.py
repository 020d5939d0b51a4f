"""The administration of schools, trusts, categories, and the people who sign in for them."""

from schools.admin import categories, people, register

__all__ = ["categories", "people", "register"]
