"""Spreadsheets about schools: their categories and their heads' appointments."""

from schools.spreadsheets.appointments import APPOINTMENTS
from schools.spreadsheets.categories import CATEGORIES

__all__ = ["APPOINTMENTS", "CATEGORIES"]
