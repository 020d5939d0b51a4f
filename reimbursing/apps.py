"""Reimbursing as a Django app."""

from django.apps import AppConfig


class ReimbursingConfig(AppConfig):
    """The home school's side: what it is owed for its champions' days, and what that costs the council (M16)."""

    name = "reimbursing"
