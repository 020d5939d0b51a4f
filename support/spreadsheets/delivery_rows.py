"""One row of the spreadsheet of deliveries, read and checked by the rules of its service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from schools.models import School
from schools.spreadsheets.finding import Schools, named, why_not_open
from sidebyside.days import days_text
from sidebyside.sheets import BadRowError, Row, Sheet, cells, check
from support.entitlements import DAYS, amount_text
from support.models import Champion, Delivery, Service

MOST_HALF_DAYS = 20  # the database's own limit for one delivery
MOST_PLACES = 1000
NATURAL_KEY, ALL_BUT_STATE, EVERYTHING = 4, 6, 7  # how many of the facts must agree
STATES = {state.value: state for state in (Delivery.State.PLANNED, Delivery.State.DELIVERED, Delivery.State.CONFIRMED)}


class Facts(NamedTuple):
    """What a delivery says, by which a row finds the one that it is: the first four are its natural key."""

    urn: int
    service: int
    happens_on: date
    champion: int | None
    half_days: int
    units: int
    state: str

    @classmethod
    def of(cls, delivery: Delivery) -> Facts:
        """The facts of a delivery that is stored."""
        return cls(
            delivery.school_id,
            delivery.service_id,
            delivery.happens_on,
            delivery.champion_id,
            delivery.half_days,
            delivery.units,
            delivery.state,
        )

    @classmethod
    def imported(cls, delivery: Delivery) -> Facts | None:
        """What its row said when it was imported last; None for one that no file has."""
        said = getattr(delivery, "imported", None)
        if said is None:
            return None
        school, service = delivery.school_id, delivery.service_id
        return cls(school, service, said.happens_on, said.champion_id, said.half_days, said.units, said.state)


COLUMNS = Facts("urn", "service", "date", "champion", "days", "days", "state")  # type: ignore[arg-type]


@dataclass(frozen=True)
class DeliveryRow:
    """A good row."""

    row: Row
    school: School
    service: Service
    champion: Champion | None
    facts: Facts
    reference: str

    def __str__(self) -> str:
        parts = [
            f"{self.service.code} at {named(self.school)} on {cells.day_text(self.facts.happens_on)}",
            amount_text(self.facts.units, self.service.unit) if self.facts.units > 1 else "",
            amount_text(self.facts.half_days, DAYS) if self.facts.half_days else "",
            self.champion.name if self.champion else "",
            self.facts.state,
        ]
        return ", ".join(filter(None, parts))


class Reader:
    """Reads rows with two queries for the whole file, schools and services, and a third where it names champions."""

    def __init__(self, sheet: Sheet, on: date) -> None:
        self.on = on
        self.schools = Schools(sheet)
        services = {service.code: service for service in Service.objects.select_related("champion_type")}
        self.required: dict[str, Callable[[str], Any]] = {
            "urn": self.schools.state_funded,
            "service": cells.one_of(services, "a service"),
            "date": cells.day,
            "state": _state,
        }
        self.optional = {"champion": _champion_of(), "reference": cells.text(60)}

    def read(self, row: Row) -> DeliveryRow:
        """The row's delivery. Raises BadRowError."""
        values = check(row, self.required, self.optional)
        school, service, champion, day = values["urn"], values["service"], values["champion"], values["date"]
        if reason := why_not_open(school, day):
            raise BadRowError.at(row, "date", reason)
        if values["state"] != Delivery.State.PLANNED and day > self.on:
            raise BadRowError.at(row, "date", f"{cells.day_text(day)} is still to come: only planned support can be")
        half_days, units = _amount(row, service, champion)
        pk = champion.pk if champion else None
        facts = Facts(school.urn, service.pk, day, pk, half_days, units, str(values["state"]))
        return DeliveryRow(row, school, service, champion, facts, values["reference"] or "")


def _state(cell: str) -> Delivery.State:
    if cell.casefold() == Delivery.State.CANCELLED:
        raise ValueError("a delivery is cancelled in the portal, with the reason")
    return cells.one_of(STATES, "a state")(cell)


def _champion_of() -> Callable[[str], Champion]:
    """Finds a champion by code; an unknown code is told where champions come from, not the list of them all.

    The champions are read when the first code is met: a file of visits has none.
    """

    @cache
    def champions() -> dict[str, Champion]:
        return {
            found.code.casefold(): found for found in Champion.objects.select_related("type__service", "home_school")
        }

    def parse(cell: str) -> Champion:
        if cell.casefold() not in champions():
            raise ValueError(f"“{cell}” is not the code of a champion here: import the champions first")
        return champions()[cell.casefold()]

    return parse


def _amount(row: Row, service: Service, champion: Champion | None) -> tuple[int, int]:
    """Half days and units of a row, by the service's unit (O6, O7). Raises BadRowError."""
    if service.unit == Service.Unit.PLACES:
        return 0, _places(row, service, champion)
    if service.unit == Service.Unit.VISITS:
        # O7: a champion who attends gives half a day unless the row says more; an adviser alone uses no champion day.
        return (_half_days(row) if row["days"] else 1) if champion else 0, 1
    kind = getattr(service, "champion_type", None)
    if champion and champion.type != kind:
        raise BadRowError.at(row, "champion", f"{champion.code} is of type {champion.type.code}, not {service.code}")
    if kind and champion is None:
        raise BadRowError.at(row, "champion", f"is empty: say which champion gave the {service.code} days")
    return _half_days(row), 1


def _places(row: Row, service: Service, champion: Champion | None) -> int:
    if champion:
        raise BadRowError.at(row, "champion", f"{service.code} counts places, which take no champion: leave this empty")
    places = check(row, {}, {"days": cells.number})["days"]
    if places is None:
        return 1
    if not 1 <= places <= MOST_PLACES:
        raise BadRowError.at(row, "days", f"{service.code} counts places: write a number from 1 to {MOST_PLACES:,}")
    return int(places)


def _half_days(row: Row) -> int:
    found = check(row, {"days": cells.days})["days"]
    if found > MOST_HALF_DAYS:
        raise BadRowError.at(row, "days", f"more than {days_text(MOST_HALF_DAYS)} days: write a row for each date")
    return int(found)
