"""The Celery application. A message is only a hint: `sidebyside.sweep` finds its work in the database."""

import os
from pathlib import Path

from celery import Celery, Task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sidebyside.settings")

app = Celery("sidebyside")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.on_after_configure.connect
def make_broker_folders(sender: Celery, **kwargs: object) -> None:
    """The filesystem broker does not make its own folders."""
    options = sender.conf.broker_transport_options
    for key in ("data_folder_in", "control_folder"):
        if key in options:
            Path(options[key]).mkdir(parents=True, exist_ok=True)


@app.task(bind=True, name="sidebyside.sweep")
def sweep(self: Task) -> None:
    """Do whatever is due."""
    from django.utils import timezone

    from sidebyside.sweep import sweep as run

    run(now=timezone.now())
