"""Builds the demonstration council, or prints who signs in to it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sidebyside.accounts.passwords import DEMONSTRATION_PASSWORD
from sidebyside.council.models import Council
from sidebyside.demo.build import build
from sidebyside.demo.source import DOMAIN, read


class Command(BaseCommand):
    """`manage.py demo`: does nothing when the portal has its council already. Refused when DEMO is off."""

    help = "Build the demonstration council, up to yesterday."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("--sign-ins", action="store_true", help="Print the sign-ins and nothing else.")

    def handle(self, *args: Any, sign_ins: bool, **options: Any) -> None:
        """Build, or print."""
        if not settings.DEMO:
            raise CommandError("This is not a demonstration: set DEMO=1 to build one.")
        if sign_ins:
            self._print_sign_ins()
        elif Council.objects.exists():
            self.stdout.write("The demonstration council is there already.")
        else:
            build(on=timezone.localdate())
            self.stdout.write("The demonstration council is ready.")

    def _print_sign_ins(self) -> None:
        self.stdout.write(f"Sign-ins of the demonstration (password for all: {DEMONSTRATION_PASSWORD})")
        for person in read("council")["people"]:
            self.stdout.write(f"  {person['email']}@{DOMAIN}".ljust(34) + person["who"])
