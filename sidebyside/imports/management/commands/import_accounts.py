"""`manage.py import_accounts FILE.csv [--dry-run] [--strict]`."""

from billing.spreadsheets import ACCOUNTS
from sidebyside.imports.commands import SpreadsheetCommand


class Command(SpreadsheetCommand):
    """Imports a spreadsheet of accounts; docs/guides/spreadsheets.md has its columns."""

    help = "Imports a spreadsheet of accounts. Twice the same file changes nothing."
    kind = ACCOUNTS
