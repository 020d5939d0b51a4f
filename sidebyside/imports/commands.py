"""What the import commands have in common."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sidebyside.imports.writing import import_sheet
from sidebyside.sheets import Kind, Plan, SheetIsRefused

ROWS_REFUSED, FILE_REFUSED = 1, 2  # exit codes


class SpreadsheetCommand(BaseCommand):
    """Imports one kind of spreadsheet. Exit code 0: every row went in; 1: rows were refused; 2: the whole file was."""

    kind: ClassVar[Kind]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the two ways of being careful."""
        parser.add_argument("file", help="A CSV file with a first line that names its columns.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and write nothing.")
        parser.add_argument("--strict", action="store_true", help="Write all rows, or none when one is refused.")

    def handle(self, *args: Any, file: str, dry_run: bool, strict: bool, **options: Any) -> None:
        """Import the file and say what happened."""
        path = Path(file)
        try:
            content = path.read_bytes()
            today = timezone.localdate()
            plan = import_sheet(self.kind, content, name=path.name, by=None, on=today, strict=strict, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=FILE_REFUSED) from None
        except SheetIsRefused as refused:
            raise CommandError(f"{path.name}: {refused.sentence}", returncode=FILE_REFUSED) from None
        self._say(plan)
        nothing_written = dry_run or (strict and plan.problems)
        if nothing_written:
            self.stdout.write("Nothing was written.")
        if plan.problems:
            rows = plan.counts["refused"]
            were = "row was refused" if rows == 1 else "rows were refused"
            end = " The others are in." if plan.entries and not nothing_written else ""
            raise CommandError(f"{rows} {were}.{end}", returncode=ROWS_REFUSED)

    def _say(self, plan: Plan) -> None:
        self.stdout.write(f"{plan.name}: {plan.summary()}.")
        if plan.ignored:
            self.stdout.write(f"Columns that mean nothing here: {', '.join(plan.ignored)}.")
        for entry in plan.having("changed"):
            self.stdout.write(f"  changed, line {entry.line}: {entry.text}")
        for note in plan.notes:
            self.stdout.write(f"  {note}")
        for problem in sorted(plan.problems):
            self.stdout.write(f"  {problem}")
