"""The cast and the places that the parts of the demonstration share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from schools.models import School
from schools.models.register import SchoolQuerySet
from schools.sectors import Sector
from sidebyside.accounts.models import User
from sidebyside.council.models import Council
from sidebyside.demo.source import DOMAIN, names
from sidebyside.years import AcademicYear

PAST = AcademicYear(2022)


@dataclass
class World:
    """Who acts, on which day the demonstration ends (`until`, included), and who stands for which school."""

    until: date
    people: dict[str, User] = field(default_factory=dict)
    advisers: list[User] = field(default_factory=list)
    heads: dict[int, User] = field(default_factory=dict)
    categories: dict[AcademicYear, dict[int, str]] = field(default_factory=dict)
    names: Iterator[str] = field(default_factory=names)

    @property
    def now(self) -> AcademicYear:
        """The academic year in which the demonstration ends."""
        return AcademicYear.containing(self.until)

    def person(self, key: str) -> User:
        """One of the sign-ins, such as `lead`."""
        return self.people[f"{key}@{DOMAIN}"]

    def category(self, school: School, year: AcademicYear) -> str:
        """The category of a school in a year."""
        return self.categories[year].get(school.urn, "Enhancement")

    def adviser_of(self, school: School) -> User:
        """The adviser who looks after a school."""
        return self.advisers[school.urn % len(self.advisers)]


def open_schools(first: date, last: date) -> SchoolQuerySet:
    """The council's schools that the offer is for and that were open throughout."""
    schools = School.objects.of_authority(Council.current().authority_code).state_funded().open_on(first)
    return (schools & School.objects.open_on(last)).order_by("urn")


def is_academy(school: School) -> bool:
    """Whether it pays for its days."""
    return school.sector == Sector.ACADEMY
