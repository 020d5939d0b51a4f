"""A spreadsheet of champions with their home schools."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.functions import Lower

from schools.spreadsheets.finding import Schools, named
from sidebyside.accounts.models import User
from sidebyside.sheets import BadRowError, Column, Entry, Kind, Layout, Plan, Row, Sheet, Trail, cells, check
from sidebyside.sheets.emails import email
from support.actions.champions import join_champion
from support.models import Champion, ChampionType, Lending

LAYOUT = Layout(
    (
        Column("code", "A short name of your own, such as CH01: letters, figures and hyphens. It never changes."),
        Column("name", "The champion’s name."),
        Column("type", "The type’s code, such as SSLC."),
        Column("home_urn", "The URN of the school that lends the champion."),
        Column(
            "email",
            "Whoever signs in with it sees this champion’s deployments. Left empty, the one that we have stays.",
            is_required=False,
        ),
    )
)


@dataclass(frozen=True)
class Changed:
    """A stored champion as the row has it, and the number of the person who signed in as that champion until now."""

    champion: Champion
    parted: int | None = None


def plan_champions(sheet: Sheet, on: date) -> Plan:
    """What a file of champions would add and change; the code says who is who, whatever its capitals."""
    plan, schools = Plan.of(sheet), Schools(sheet, "home_urn")
    types = {kind.code: kind for kind in ChampionType.objects.all()}
    parsers = {
        "code": champion_code,
        "name": cells.text(120),
        "type": cells.one_of(types, "a type of champion"),
        "home_urn": schools.any,
    }
    standing = {
        found.code.casefold(): found for found in Champion.objects.select_related("type", "home_school", "user")
    }
    lines: dict[str, int] = {}
    for row in sheet.rows:
        try:
            plan.entries.append(_entry(row, check(row, parsers, {"email": email}), standing, lines))
        except BadRowError as bad:
            plan.problems += bad.problems
    return plan


def champion_code(cell: str) -> str:
    """A code that can stand in a web address."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}", cell):
        raise ValueError(f"“{cell}” is not a code: use up to 20 letters, figures and hyphens, such as CH01")
    return cell


def _entry(row: Row, values: dict[str, Any], standing: dict[str, Champion], lines: dict[str, int]) -> Entry:
    key = values["code"].casefold()
    if (earlier := lines.setdefault(key, row.line)) != row.line:
        raise BadRowError.at(row, "code", f"{values['code']} stands in line {earlier} already")
    facts = {"name": values["name"], "type": values["type"], "home_school": values["home_urn"]}
    if values["email"]:
        facts["email"] = values["email"]
    text = f"{values['code']} {values['name']}, {values['type'].code}, of {named(values['home_urn'])}"
    there = standing.get(key)
    if there is None:
        return Entry(row.line, "new", text, Champion(code=values["code"], **facts))
    differences = {field: getattr(there, field) for field, value in facts.items() if getattr(there, field) != value}
    if not differences:
        return Entry(row.line, "same", text, there)
    was = "; ".join(f"{field.replace('_', ' ')} was {value or 'empty'}" for field, value in differences.items())
    parted = None
    if there.email.casefold() != facts.get("email", there.email).casefold():
        if there.user:
            was += f": {there.user.name} will no longer see these deployments"
        parted, there.user = there.user_id, None  # whoever signs in with the former email is somebody else
    for field in differences:
        setattr(there, field, facts[field])
    return Entry(row.line, "changed", f"{text} ({was})", Changed(there, parted))


def apply_champions(plan: Plan, *, by: User | None, on: date) -> list[Trail]:
    """Write the new and changed champions."""
    made = [entry.item for entry in plan.having("new")]
    changes = [entry.item for entry in plan.having("changed")]
    changed = [change.champion for change in changes]
    Champion.objects.bulk_create(made, batch_size=500)
    Lending.objects.bulk_create((Lending(champion=each, school=each.home_school) for each in made), batch_size=500)
    Champion.objects.bulk_update(changed, ["name", "type", "home_school", "email", "user"], batch_size=200)
    emails = {champion.email.lower() for champion in (*made, *changed) if champion.email and not champion.user_id}
    for person in User.objects.alias(lower=Lower("email")).filter(lower__in=emails, champion=None):
        join_champion(person, by=by)
    return [
        *(_trail("champion.registered", champion, plan) for champion in made),
        *(_trail("champion.changed", champion, plan) for champion in changed),
        *(_parted(change, plan) for change in changes if change.parted),
    ]


def _parted(change: Changed, plan: Plan) -> Trail:
    """Whoever signed in as this champion does not see the deployments any more (A3)."""
    subject, details = f"champion:{change.champion.pk}", {"user": change.parted}
    return Trail("champion.parted", subject, why=f"Imported from {plan.name}", details=details)


def _trail(verb: str, champion: Champion, plan: Plan) -> Trail:
    details = {"code": champion.code, "type": champion.type.code, "home_school": champion.home_school_id}
    return Trail(verb, f"champion:{champion.pk}", why=f"Imported from {plan.name}", details=details)


CHAMPIONS = Kind(
    slug="champions",
    title="Champions",
    purpose="The people whom local schools lend, with their type and home school.",
    layout=LAYOUT,
    examples=(
        ("CH01", "Anna Brook", "SSLC", "123456", "anna.brook@school.example"),
        ("CH02", "Peter Vale", "SSPC", "123457", "peter.vale@school.example"),
    ),
    plan=plan_champions,
    apply=apply_champions,
)
