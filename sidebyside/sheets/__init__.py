"""Spreadsheets that teams start with: read a CSV file, check each cell, and plan what it would change.

Knows no model: an app's own `spreadsheets` say what their columns mean and write what was planned.
"""

from __future__ import annotations

from sidebyside.sheets.cells import BadRowError, check
from sidebyside.sheets.plans import Entry, Kind, Plan, Trail
from sidebyside.sheets.reading import Column, Layout, Problem, Row, Sheet, SheetIsRefused, read

__all__ = [
    "BadRowError",
    "Column",
    "Entry",
    "Kind",
    "Layout",
    "Plan",
    "Problem",
    "Row",
    "Sheet",
    "SheetIsRefused",
    "Trail",
    "check",
    "read",
]
