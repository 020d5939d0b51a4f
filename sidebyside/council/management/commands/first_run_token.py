"""Prints where a council sets up its portal, once."""

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from sidebyside.council.models import Council, FirstRunToken


class Command(BaseCommand):
    """`manage.py first_run_token`: the path of the first-run page. Each call makes the one before useless."""

    help = "Print the one-time path of the page on which a council sets up its portal."

    def handle(self, *args: object, **options: object) -> None:
        """Print the path; refuse when the portal has its council already."""
        if Council.objects.exists():
            raise CommandError("This portal has its council already. Sign in as its administrator.")
        self.stdout.write(reverse("first_run", args=[FirstRunToken.make()]))
