"""Impact as a Django app."""

from django.apps import AppConfig


class ImpactConfig(AppConfig):
    """What deployments have changed: reviews, evaluations, quality assurance, what worked."""

    name = "impact"
