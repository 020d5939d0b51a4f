"""Makes the template pack and its tags known to Django."""

from django.apps import AppConfig


class GovukConfig(AppConfig):
    """The forms' look; it has no table."""

    name = "sidebyside.govuk"
    label = "govuk"
