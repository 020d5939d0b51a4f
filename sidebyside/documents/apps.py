"""Django's name for this app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The app `sidebyside.documents`."""

    name = "sidebyside.documents"
    label = "documents"
