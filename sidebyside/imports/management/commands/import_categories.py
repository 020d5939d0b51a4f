"""`manage.py import_categories FILE.csv [--dry-run] [--strict]`."""

from schools.spreadsheets import CATEGORIES
from sidebyside.imports.commands import SpreadsheetCommand


class Command(SpreadsheetCommand):
    """Imports a spreadsheet of categories; docs/guides/spreadsheets.md has its columns."""

    help = "Imports a spreadsheet of categories. Twice the same file changes nothing."
    kind = CATEGORIES
