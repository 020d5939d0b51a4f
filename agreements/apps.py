"""Agreements as a Django app."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """What the supported head, the home school's head and the broker agree to, and their consent."""

    name = "agreements"
