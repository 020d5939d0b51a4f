"""The categories of three autumn rounds and the heads' appointments, through the spreadsheets that teams start with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta

from schools.actions import confirm_category, propose_category
from schools.models import Category, School
from schools.spreadsheets import APPOINTMENTS, CATEGORIES
from sidebyside.demo.source import chance, read, urn_of
from sidebyside.demo.world import PAST, World, open_schools
from sidebyside.imports.writing import import_sheet
from sidebyside.sheets import Kind
from sidebyside.years import AcademicYear

WEIGHTS = {"Enhancement": 60, "Prevention": 28, "Intervention": 12}
RAISED_ON = date(2023, 1, 9)
STILL_OPEN, STAYS = 12, 0.8


def hold_rounds(world: World) -> None:
    """Three rounds; one school raised in the middle of the first; the last few of this year still to be confirmed."""
    reasons = read("texts")["category_reasons"]
    fixed = {urn_of(whose): "Prevention" for whose in ("head", "academy", "converted", "converter")}
    rows: list[tuple[object, ...]] = []
    before: dict[int, str] = {}
    for year in (PAST, world.now.previous, world.now):
        luck = chance(f"round {year}")
        schools = list(open_schools(year.first_day, min(year.first_day, world.until)))
        waiting = {school.urn for school in schools[5 :: len(schools) // STILL_OPEN]} if year == world.now else set()
        world.categories[year] = decided = dict(before)
        for school in schools:
            kind = luck.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            if school.urn in before and luck.random() < STAYS:
                kind = before[school.urn]
            kind = fixed.get(school.urn, kind)
            if school.urn not in waiting - fixed.keys():
                decided[school.urn] = kind
                rows.append((school.urn, kind, year.first_day, reasons[kind]))
        before = decided
    converted_on = read("council")["schools"]["converted_on"]
    rows.append((urn_of("converter"), "Prevention", converted_on, "As before the school became an academy."))
    _import(CATEGORIES, ("urn", "category", "from", "reason"), rows, world)
    _raise_one(world)
    _propose_the_rest(world)


def _raise_one(world: World) -> None:
    """A Prevention school whose needs grew in January 2023 (S4)."""
    lead, adviser = world.person("lead"), world.person("adviser")
    maintained = open_schools(PAST.first_day, world.until).in_sector("maintained")
    school = next(each for each in maintained.exclude(pk=urn_of("head")) if world.category(each, PAST) == "Prevention")
    entry = propose_category(
        school,
        category=Category.objects.get(name="Intervention"),
        starts_on=RAISED_ON,
        reason="A new acting head, and autumn results well below what was expected.",
        evidence="Visit in December; autumn assessments.",
        by=adviser,
        on=RAISED_ON,
    )
    confirm_category(entry, by=lead, on=RAISED_ON, in_order=False)


def _propose_the_rest(world: World) -> None:
    """This year's round is not over: some schools have a category that is only proposed."""
    year = world.now
    confirmed = School.objects.filter(category_entries__starts_on=year.first_day).values("pk")
    prevention = Category.objects.get(name="Prevention")
    for school in open_schools(year.first_day, world.until).exclude(pk__in=confirmed)[:8]:
        propose_category(
            school,
            category=prevention,
            starts_on=year.first_day,
            reason=read("texts")["category_reasons"]["Prevention"],
            evidence="",
            by=world.adviser_of(school),
            on=world.until,
        )


def appoint_heads(world: World) -> None:
    """A head for every school; some of them new in each of the two years (O8)."""
    luck = chance("appointments")
    rows: list[tuple[object, ...]] = []
    for school in open_schools(world.until, world.until):
        person = world.heads.get(school.urn)
        opened = max(school.opened_on or date(2017, 9, 1), date(2017, 9, 1))
        if school.opened_on is None or school.opened_on < PAST.first_day:
            rows.append((school.urn, person.name if person else next(world.names), opened, "permanent"))
        for year in (PAST, world.now):
            begins = _start_of_term(year, luck.random())
            if person is None and luck.random() < 0.05 and opened < begins <= world.until:
                kind = luck.choice(["new to post", "new to post", "new to the authority"])
                rows.append((school.urn, next(world.names), begins, kind))
    _import(APPOINTMENTS, ("urn", "head", "started", "kind"), rows, world)


def _start_of_term(year: AcademicYear, luck: float) -> date:
    return year.first_day if luck < 0.7 else year.first_day + timedelta(days=122 if luck < 0.9 else 229)


def _import(kind: Kind, columns: Iterable[str], rows: Iterable[tuple[object, ...]], world: World) -> None:
    """Import rows as a team would, all of them or none."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    content = text.getvalue().encode()
    plan = import_sheet(kind, content, name=f"{kind.slug}.csv", by=world.person("admin"), on=world.until, strict=True)
    if plan.problems:
        raise ValueError(f"The demonstration’s {kind.slug} do not go in: {plan.problems[:3]}")
