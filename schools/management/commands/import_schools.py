"""Imports the national register's files; with --dry-run it only says what it would do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from schools.importing import Plan, apply_register, plan_register
from sidebyside.refusals import Refusal

MOST = 20  # lines of each kind, unless --verbosity 2 asks for all; bad rows are always listed in full


class Command(BaseCommand):
    """Speaks to a terminal; the work is done by `schools.importing`."""

    help = "Import schools, their links and their trusts from the national register's CSV files (gzipped or not)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What may be given."""
        parser.add_argument("--establishments", required=True, metavar="FILE", help="The file of all establishments.")
        parser.add_argument("--links", metavar="FILE", help="The file of predecessors and successors.")
        parser.add_argument("--trusts", metavar="FILE", help="The file of academies and their trusts.")
        parser.add_argument(
            "--authority", metavar="CODE", help="Only the schools of this local authority, such as 825."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would change; write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, say, and unless it is a dry run, apply."""
        try:
            plan = plan_register(
                options["establishments"], options["links"], options["trusts"], authority=options["authority"]
            )
            self._tell(plan, everything=options["verbosity"] > 1)
            if options["dry_run"]:
                self.stdout.write("This was a dry run: nothing was written.")
            elif apply_register(plan, by=None):
                self.stdout.write(self.style.SUCCESS("Imported."))
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None

    def _tell(self, plan: Plan, *, everything: bool) -> None:
        most = None if everything else MOST
        for sentence in plan.headlines:
            self.stdout.write(sentence)
        self._list("Create", plan.new_schools, most)
        self._list("Change", plan.changed, most)
        self._list("Link", plan.links_added, most)
        self._list("Unlink", list(plan.links_removed.values()), most)
        self._list("Trust", plan.trusts, most)
        self._list("Membership", [*plan.memberships_changed, *plan.memberships_opened], most)
        self._list("Kept", plan.kept, most)
        self._list("Note", plan.notes, None)
        self._list("Bad row", plan.bad_rows, None)

    def _list(self, word: str, things: Sequence[object], most: int | None) -> None:
        shown: Iterable[object] = things[:most]
        for thing in shown:
            self.stdout.write(f"  {word}: {thing}")
        if most is not None and len(things) > most:
            self.stdout.write(f"  … and {len(things) - most:,} more (--verbosity 2 lists them all)")
