"""The three who agree."""

from django.db import models


class Party(models.TextChoices):
    """On whose behalf somebody agrees."""

    SUPPORTED = "supported", "The supported school"
    HOME = "home", "The home school"
    BROKER = "broker", "The council"


ASKED = (Party.SUPPORTED, Party.HOME)  # the broker agrees by proposing
