"""A spreadsheet of confirmed categories (S1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from schools.models import Category, CategoryEntry
from schools.spreadsheets.finding import Schools, named, why_not_open
from sidebyside.accounts.models import User
from sidebyside.sheets import BadRowError, Column, Entry, Kind, Layout, Plan, Row, Sheet, Trail, cells, check
from sidebyside.years import AcademicYear

LAYOUT = Layout(
    (
        Column("urn", "The school’s URN, six figures."),
        Column("category", "The category’s name."),
        Column("from", "The day from which it counts."),
        Column("reason", "Why. Left empty, the file’s name stands as the reason.", is_required=False),
    )
)
Taken = dict[tuple[int, date], Category | None]


def plan_categories(sheet: Sheet, on: date) -> Plan:
    """What a file of categories would add. A confirmed category is never overwritten: that is a conflict."""
    plan, schools = Plan.of(sheet), Schools(sheet)
    known = {category.name: category for category in Category.objects.all()}
    parsers = {"urn": schools.state_funded, "category": cells.one_of(known, "a category"), "from": cells.day}
    taken = _confirmed(schools)
    for row in sheet.rows:
        try:
            values = check(row, parsers, {"reason": str})
            plan.entries.append(_entry(row, values, taken, f"Imported from {sheet.name}", on))
        except BadRowError as bad:
            plan.problems += bad.problems
    return plan


def _confirmed(schools: Schools) -> Taken:
    entries = CategoryEntry.objects.confirmed().filter(school__in=schools.urns).select_related("category")
    return {(entry.school_id, entry.starts_on): entry.category for entry in entries}


def _entry(row: Row, values: dict[str, Any], taken: Taken, otherwise: str, on: date) -> Entry:
    school, category, starts_on = values["urn"], values["category"], values["from"]
    if reason := why_not_open(school, starts_on):
        raise BadRowError.at(row, "from", reason)
    last_day = AcademicYear.containing(on).next.last_day
    if starts_on > last_day:
        raise BadRowError.at(row, "from", f"is later than {cells.day_text(last_day)}, the end of next academic year")
    text = f"{named(school)}: {category} from {cells.day_text(starts_on)}"
    there = taken.get((school.urn, starts_on))
    if there == category:
        return Entry(row.line, "same", text)
    if there:
        already = f"{named(school)} has a confirmed category from that day already: {there}. Withdraw that one first"
        raise BadRowError.at(row, "category", already)
    taken[school.urn, starts_on] = category
    entry = CategoryEntry(school=school, category=category, starts_on=starts_on, reason=values["reason"] or otherwise)
    return Entry(row.line, "new", text, entry)


def apply_categories(plan: Plan, *, by: User | None, on: date) -> list[Trail]:
    """Write the new entries as confirmed by whoever imports."""
    made = [entry.item for entry in plan.having("new")]
    now = timezone.now()
    for entry in made:
        entry.state, entry.confirmed_at = CategoryEntry.State.CONFIRMED, now
        entry.proposed_by = entry.confirmed_by = by
    CategoryEntry.objects.bulk_create(made, batch_size=500)
    return [_trail(entry) for entry in made]


def _trail(entry: CategoryEntry) -> Trail:
    details = {"entry": entry.pk, "category": entry.category.name, "starts_on": entry.starts_on.isoformat()}
    urn = entry.school_id
    return Trail("school.category_confirmed", f"school:{urn}", school_urn=urn, why=entry.reason, details=details)


CATEGORIES = Kind(
    slug="categories",
    title="Categories",
    purpose="The category that each school is in, from a day on. Imported categories are confirmed.",
    layout=LAYOUT,
    examples=(
        ("123456", "Prevention", "2022-09-01", "Agreed at the autumn meeting"),
        ("123457", "Enhancement", "01/09/2022", "A strong year, sustained"),
    ),
    plan=plan_categories,
    apply=apply_categories,
)
