"""What the rows of a spreadsheet of champions say, and how that differs from the register."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schools.spreadsheets.finding import Schools
from sidebyside.days import days_text, half_days
from sidebyside.sheets import BadRowError, Column, Layout, Row, Sheet, cells
from sidebyside.sheets.emails import email
from support.actions.lending import fault_of
from support.models import Champion, ChampionType, Delivery, Lending, Phase, Skill

LAYOUT = Layout(
    (
        Column("code", "A short name of your own, such as CH01: letters, figures and hyphens. It never changes."),
        Column("name", "The champion’s name."),
        Column("type", "The main type’s code, such as SSLC."),
        Column("home_urn", "The URN of the school that lends the champion, from today on where another one is here."),
        Column(
            "email",
            "Whoever signs in with it sees this champion’s deployments. Left empty, the one that we have stays.",
            is_required=False,
        ),
        Column("types", "Codes of further types, with spaces between them. Left empty, they stay.", is_required=False),
        Column("skills", "What they are good at, with semicolons between. Left empty, it stays.", is_required=False),
        Column("phases", "Such as Primary, with semicolons between. Left empty, they stay.", is_required=False),
        Column(
            "days_a_year", "Days agreed with the home school for each academic year. Left empty, they stay.",
            is_required=False,
        ),
    )
)  # fmt: skip
TRAITS = {"types": "other_types", "skills": "skills", "phases": "phases"}  # a column -> the champion's field
SAYS = {
    "name": "name was", "type": "type was", "home_school": "home school was", "email": "email was",
    "other_types": "further types were", "skills": "skills were", "phases": "phases were",
    "half_days_a_year": "days a year were",
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a row says of one champion: plain facts, lists, the home school and its days a year where it says them."""

    facts: dict[str, Any]
    traits: dict[str, list[Any]]
    half_days_a_year: int | None = None


@dataclass(frozen=True)
class Changed:
    """A stored champion as the row has it, and the number of the person who signed in as that champion until now."""

    champion: Champion
    wanted: Wanted
    parted: int | None = None
    fields: frozenset[str] = field(default_factory=frozenset)


class ChampionRows:
    """The rows of one file, against the register as it stands: whatever their number, in as many queries."""

    def __init__(self, sheet: Sheet, on: date) -> None:
        self.on = on
        types = {kind.code: kind for kind in ChampionType.objects.all()}
        skills, phases = ({each.name: each for each in model.objects.all()} for model in (Skill, Phase))
        a_type = cells.one_of(types, "a type of champion")
        self._required = {
            "code": champion_code,
            "name": cells.text(120),
            "type": a_type,
            "home_urn": Schools(sheet, "home_urn").any,
        }
        self._optional = {
            "email": email,
            "types": several(a_type, " "),
            "skills": several(cells.one_of(skills, "a skill in the list"), ";"),
            "phases": several(cells.one_of(phases, "a phase in the list"), ";"),
            "days_a_year": half_days,
        }
        self._standing = {found.code.casefold(): found for found in _stored()}
        self._lines: dict[str, int] = {}
        self._given = set(Delivery.objects.delivered().filter(happens_on__gte=on).values_list("champion", flat=True))

    def read(self, row: Row) -> tuple[str, Wanted]:
        """The code, and what the row says. Raises BadRowError."""
        values = cells.check(row, self._required, self._optional)
        key = values["code"].casefold()
        if (earlier := self._lines.setdefault(key, row.line)) != row.line:
            raise BadRowError.at(row, "code", f"{values['code']} stands in line {earlier} already")
        facts = {"name": values["name"], "type": values["type"], "home_school": values["home_urn"]}
        if values["email"]:
            facts["email"] = values["email"]
        traits = {name: values[column] for column, name in TRAITS.items() if values[column] is not None}
        if "other_types" in traits:
            traits["other_types"] = [kind for kind in traits["other_types"] if kind != values["type"]]
        return values["code"], Wanted(facts, traits, values["days_a_year"])

    def there(self, code: str) -> Champion | None:
        """The champion with this code, whatever its capitals."""
        return self._standing.get(code.casefold())

    def differences(self, row: Row, there: Champion, wanted: Wanted) -> dict[str, Any]:
        """What the register says where the row says something else. Raises BadRowError for a change that it refuses."""
        found = {name: getattr(there, name) for name, said in wanted.facts.items() if getattr(there, name) != said}
        for name, said in wanted.traits.items():
            has = list(getattr(there, name).all())
            if {each.pk for each in has} != {each.pk for each in said}:
                found[name] = ", ".join(getattr(each, "code", "") or str(each) for each in has)
        present = self._present(there)
        days = present.half_days_a_year if present else None
        if wanted.half_days_a_year is not None and wanted.half_days_a_year != days:
            found["half_days_a_year"] = "" if days is None else days_text(days)
        if "home_school" in found:
            self._check_home(row, there, wanted)
        elif "half_days_a_year" in found and present is None:
            raise BadRowError.at(row, "days_a_year", f"no school lends {there} at present: enter it in the portal")
        return found

    def _check_home(self, row: Row, there: Champion, wanted: Wanted) -> None:
        """The portal's own rule: a past day keeps its home school, and the new one begins today (S10)."""
        lendings = list(there.lendings.all())
        school = wanted.facts["home_school"]
        if fault := fault_of(there, lendings[0] if lendings else None, school, self.on, wanted.half_days_a_year):
            raise BadRowError.at(row, "home_urn", fault.sentence)
        if there.pk in self._given:
            raise BadRowError.at(
                row, "home_urn", f"{there} has given a day today: change the home school in the portal, with the reason"
            )

    def _present(self, there: Champion) -> Lending | None:
        return next((each for each in there.lendings.all() if each.holds_on(self.on)), None)


def _stored() -> Any:
    champions = Champion.objects.select_related("type", "home_school", "user")
    return champions.prefetch_related("other_types", "skills", "phases", "lendings__school")


def champion_code(cell: str) -> str:
    """A code that can stand in a web address."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}", cell):
        raise ValueError(f"“{cell}” is not a code: use up to 20 letters, figures and hyphens, such as CH01")
    return cell


def several(parse: Callable[[str], Any], separator: str) -> Callable[[str], list[Any]]:
    """Some things of a list, each once, with a separator between them."""

    def read(cell: str) -> list[Any]:
        found = [parse(part.strip()) for part in cell.split(separator) if part.strip()]
        return list(dict.fromkeys(found))

    return read


def in_words(differences: dict[str, Any]) -> str:
    """What stood there, for the preview."""
    return "; ".join(f"{SAYS[name]} {value or 'empty'}" for name, value in differences.items())
