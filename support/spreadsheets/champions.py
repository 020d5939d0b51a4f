"""A spreadsheet of champions with their home schools."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F
from django.db.models.functions import Lower

from schools.spreadsheets.finding import named
from sidebyside.accounts.models import User
from sidebyside.sheets import BadRowError, Entry, Kind, Plan, Row, Sheet, Trail
from support.actions.champions import join_champion
from support.actions.lending import agree_days, change_home_school
from support.models import Champion, Lending
from support.spreadsheets.champion_rows import LAYOUT, ChampionRows, Changed, in_words


def plan_champions(sheet: Sheet, on: date) -> Plan:
    """What a file of champions would add and change; the code says who is who, whatever its capitals."""
    plan, rows = Plan.of(sheet), ChampionRows(sheet, on)
    for row in sheet.rows:
        try:
            plan.entries.append(_entry(row, rows))
        except BadRowError as bad:
            plan.problems += bad.problems
    return plan


def _entry(row: Row, rows: ChampionRows) -> Entry:
    code, wanted = rows.read(row)
    facts = wanted.facts
    text = f"{code} {facts['name']}, {facts['type'].code}, of {named(facts['home_school'])}"
    there = rows.there(code)
    if there is None:
        return Entry(row.line, "new", text, Changed(Champion(code=code, **facts), wanted))
    differences = rows.differences(row, there, wanted)
    if not differences:
        return Entry(row.line, "same", text, there)
    was, parted = in_words(differences), None
    if there.email.casefold() != facts.get("email", there.email).casefold():
        if there.user:
            was += f": {there.user.name} will no longer see these deployments"
        parted, there.user = there.user_id, None  # whoever signs in with the former email is somebody else
    for field in differences.keys() & {"name", "type", "email"}:
        setattr(there, field, facts[field])
    changed = Changed(there, wanted, parted, frozenset(differences))
    return Entry(row.line, "changed", f"{text} ({was})", changed)


def apply_champions(plan: Plan, *, by: User | None, on: date) -> list[Trail]:
    """Write the new and changed champions; another home school begins today, by the portal's own rule."""
    news: list[Changed] = [entry.item for entry in plan.having("new")]
    changes: list[Changed] = [entry.item for entry in plan.having("changed")]
    made, changed = [each.champion for each in news], [each.champion for each in changes]
    Champion.objects.bulk_create(made, batch_size=500)
    Lending.objects.bulk_create((_lending(each) for each in news), batch_size=500)
    Champion.objects.bulk_update(changed, ["name", "type", "email", "user"], batch_size=200)
    _set_traits([*news, *changes])
    for change in changes:
        _change_home(change, plan, by=by, on=on)
    emails = {champion.email.lower() for champion in (*made, *changed) if champion.email and not champion.user_id}
    for person in User.objects.alias(lower=Lower("email")).filter(lower__in=emails, champion=None):
        join_champion(person, by=by)
    return [
        *(_trail("champion.registered", champion, plan) for champion in made),
        *(_trail("champion.changed", champion, plan) for champion in changed),
        *(_parted(change, plan) for change in changes if change.parted),
    ]


def _lending(new: Changed) -> Lending:
    school = new.champion.home_school
    return Lending(champion=new.champion, school=school, half_days_a_year=new.wanted.half_days_a_year)


def _set_traits(changes: Iterable[Changed]) -> None:
    """The lists that the rows say, in as many writes whatever their number."""
    said = [(change.champion, change.wanted.traits) for change in changes]
    for name in ("other_types", "skills", "phases"):
        rows = [(champion, traits[name]) for champion, traits in said if name in traits]
        through: Any = getattr(Champion, name).through
        column = getattr(Champion, name).field.m2m_reverse_field_name()
        through.objects.filter(champion__in=[champion.pk for champion, _ in rows]).delete()
        links = (through(champion=champion, **{column: each}) for champion, found in rows for each in found)
        through.objects.bulk_create(links, batch_size=500)
    further: Any = Champion.other_types.through.objects.filter(champion__in=[champion.pk for champion, _ in said])
    further.filter(championtype=F("champion__type")).delete()  # what was a further type may be the main one now


def _change_home(change: Changed, plan: Plan, *, by: User | None, on: date) -> None:
    wanted, why = change.wanted, f"Imported from {plan.name}"
    if "home_school" in change.fields:
        school, days = wanted.facts["home_school"], wanted.half_days_a_year
        change_home_school(change.champion, school=school, starts_on=on, half_days_a_year=days, why=why, by=by, on=on)
    elif "half_days_a_year" in change.fields:
        agree_days(change.champion, half_days_a_year=wanted.half_days_a_year, by=by, on=on)


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
    purpose="The people whom local schools lend, with their types, skills, phases and home school.",
    layout=LAYOUT,
    examples=(
        ("CH01", "Anna Brook", "SSLC", "123456", "anna.brook@school.example", "SSPC", "Early reading", "Primary", "10"),
        ("CH02", "Peter Vale", "SSPC", "123457", "peter.vale@school.example", "", "", "", ""),
    ),
    plan=plan_champions,
    apply=apply_champions,
)
