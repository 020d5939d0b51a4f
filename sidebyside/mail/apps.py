"""Django's name for this app."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """The app `sidebyside.mail`."""

    name = "sidebyside.mail"
    label = "mail"
