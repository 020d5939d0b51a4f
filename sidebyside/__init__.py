"""Side by Side: a council's school-to-school improvement portal."""

from sidebyside.celery import app as celery_app

__all__ = ["celery_app"]
