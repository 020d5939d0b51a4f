"""`manage.py import_deliveries FILE.csv [--dry-run] [--strict]`."""

from sidebyside.imports.commands import SpreadsheetCommand
from sidebyside.imports.kinds import DELIVERIES_WITH_VISITS


class Command(SpreadsheetCommand):
    """Imports a spreadsheet of deliveries; docs/guides/spreadsheets.md has its columns."""

    help = "Imports a spreadsheet of deliveries. Twice the same file changes nothing."
    kind = DELIVERIES_WITH_VISITS
