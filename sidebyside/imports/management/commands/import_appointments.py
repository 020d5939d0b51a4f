"""`manage.py import_appointments FILE.csv [--dry-run] [--strict]`."""

from schools.spreadsheets import APPOINTMENTS
from sidebyside.imports.commands import SpreadsheetCommand


class Command(SpreadsheetCommand):
    """Imports a spreadsheet of appointments; docs/guides/spreadsheets.md has its columns."""

    help = "Imports a spreadsheet of appointments. Twice the same file changes nothing."
    kind = APPOINTMENTS
