"""`manage.py sweep`: does whatever is due, once, without a broker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sidebyside.sweep import JOBS, sweep


class Command(BaseCommand):
    """The same work that the worker does each minute; safe to run beside it, and from cron in its place."""

    help = "Does whatever is due: issues approved invoices, writes reminders, sends mail."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what each job did. Raises CommandError when one failed; its reason stands in the log."""
        done = sweep(now=timezone.now())
        for name, count in done.items():
            self.stdout.write(f"{name}: {count}")
        if failed := [job.__name__ for job in JOBS if job.__name__ not in done]:
            raise CommandError(f"Failed: {', '.join(failed)}. The log says why.")
