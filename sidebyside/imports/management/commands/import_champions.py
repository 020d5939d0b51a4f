"""`manage.py import_champions FILE.csv [--dry-run] [--strict]`."""

from sidebyside.imports.commands import SpreadsheetCommand
from support.spreadsheets import CHAMPIONS


class Command(SpreadsheetCommand):
    """Imports a spreadsheet of champions; docs/guides/spreadsheets.md has its columns."""

    help = "Imports a spreadsheet of champions. Twice the same file changes nothing."
    kind = CHAMPIONS
