"""The schools that a spreadsheet names, found in one query."""

from __future__ import annotations

from datetime import date

from schools.models import School
from sidebyside.sheets import Sheet, cells


class Schools:
    """The register's schools of one column of a file. Each method parses a cell, and raises ValueError."""

    def __init__(self, sheet: Sheet, column: str = "urn") -> None:
        urns = {int(cell) for cell in sheet.cells(column) if len(cell) == 6 and cell.isascii() and cell.isdigit()}
        self._by_urn = {school.urn: school for school in School.objects.filter(urn__in=urns)}

    @property
    def urns(self) -> list[int]:
        """The URNs that were found."""
        return list(self._by_urn)

    def any(self, cell: str) -> School:
        """The school with this URN."""
        urn = cells.urn(cell)
        if urn not in self._by_urn:
            raise ValueError(f"{urn} is not in the register here: check the URN, or import the register first")
        return self._by_urn[urn]

    def state_funded(self, cell: str) -> School:
        """The maintained school or academy with this URN (S6)."""
        school = self.any(cell)
        if school.sector is None:
            raise ValueError(f"{named(school)} is neither maintained nor an academy, so the offer is not for it")
        return school


def named(school: School) -> str:
    """A school as lists of many name it, with its URN."""
    return f"{school.name} ({school.urn})"


def why_not_open(school: School, day: date) -> str:
    """Why the school is not open on a day, in words; empty when it is (S7)."""
    if school.is_open_on(day):
        return ""
    if school.opened_on and day < school.opened_on:
        return f"{named(school)} opened only on {cells.day_text(school.opened_on)}"
    if school.closed_on and day > school.closed_on:
        return f"{named(school)} closed on {cells.day_text(school.closed_on)}: use the URN that follows it"
    return f"{named(school)} is not open on {cells.day_text(day)}"
