"""Compares the register's files with what the portal holds, and says what an import would do. Writes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Set as AbstractSet
from datetime import date

from schools import gias
from schools.importing.links import plan_links
from schools.importing.plan import BadRow, FieldChange, Kept, Plan, SchoolChange
from schools.importing.reading import RegisterFile, Source
from schools.importing.trusts import plan_trusts
from schools.models import Correction, School
from sidebyside.refusals import Refusal

Row = tuple[gias.Value, ...]
_NEEDED = ("authority_code", "opened_on", "closed_on")  # to judge a row by, whether or not the file has them


def plan_register(
    establishments: Source, links: Source | None = None, trusts: Source | None = None, authority: str | None = None
) -> Plan:
    """What importing these files would create, change, close and link; the database is only read (S9).

    Each file is a path or its bytes. `authority` keeps to one authority's schools, such as "825". Raises Refusal, with
    a sentence for the person, when a file is not what it was given as or holds no school of the authority.
    """
    opened = {
        kind: RegisterFile(source, kind)
        for kind, source in (("establishments", establishments), ("links", links), ("trusts", trusts))
        if source is not None
    }
    plan = Plan(files=[file.name for file in opened.values()], authority=authority)
    rows = _wanted_rows(opened["establishments"], plan)
    in_file = set(rows)
    known = _plan_schools(rows, opened["establishments"].name, plan)
    if "links" in opened:
        plan_links(opened["links"], plan, in_file=in_file, known=known)
    if "trusts" in opened:
        plan_trusts(opened["trusts"], plan, in_file=in_file, known=known)
    return plan


def _wanted_rows(file: RegisterFile, plan: Plan) -> dict[int, tuple[int, Row]]:
    """The rows of the authority, by URN: the line and the values. A URN's second row is a bad one."""
    plan.fields = file.layout.fields
    if plan.authority and "authority_code" not in plan.fields:
        raise Refusal("The file has no column “LA (code)”, so nobody can say whose its schools are.", field=file.kind)
    place = plan.fields.index("authority_code") if plan.authority else None
    rows: dict[int, tuple[int, Row]] = {}
    others: Counter[gias.Value] = Counter()
    for row in file.rows(plan.bad_rows):
        line, values = row
        urn: int = values[0]  # type: ignore[assignment]
        if place is not None and values[place] != plan.authority:
            others[values[place]] += 1
        elif urn in rows:
            plan.bad_rows.append(BadRow(file.name, line, "URN", f"{urn} stands on line {rows[urn][0]} already."))
        else:
            rows[urn] = row
    if not rows:
        raise Refusal(_nothing_in(file, plan, others), field=file.kind)
    return rows


def _nothing_in(file: RegisterFile, plan: Plan, others: Counter[gias.Value]) -> str:
    if others:
        found = ", ".join(str(code or "none") for code, _ in others.most_common(3))
        return f"There is no school of authority {plan.authority} in {file.name}. Its schools are of: {found}."
    if plan.bad_rows:
        return f"There is no row that can be read in {file.name}. The first: {plan.bad_rows[0]}"
    return f"There are no rows below the first line of {file.name}."


def _plan_schools(rows: dict[int, tuple[int, Row]], name: str, plan: Plan) -> AbstractSet[int]:
    """Fill the plan's schools, emptying `rows`; returns the URNs that the import is about and that will be here."""
    corrected: dict[int, set[str]] = defaultdict(set)
    for urn, field in Correction.objects.values_list("school_id", "field"):
        corrected[urn].add(field)
    plan.corrections = frozenset((urn, field) for urn, fields in corrected.items() for field in fields)
    here: set[int] = set()
    columns = (*plan.fields, *(field for field in _NEEDED if field not in plan.fields))
    width, authority = len(plan.fields), columns.index("authority_code")
    for row in School.objects.order_by().values_list(*columns).iterator(5000):
        urn = row[0]
        wanted = rows.pop(urn, None)
        if wanted or not plan.authority or row[authority] == plan.authority:
            here.add(urn)
        if wanted and wanted[1] == row[:width]:
            plan.unchanged += 1
        elif wanted:
            ours = dict(zip(columns, row, strict=True))
            _plan_change(plan, _bad_dates(name, wanted[0]), ours, wanted[1], corrected.get(urn, set()))
    for urn, (line, values) in rows.items():
        if _closes_before_it_opens(dict(zip(plan.fields, values, strict=True))):
            plan.bad_rows.append(_bad_dates(name, line))
        else:
            plan.created.append(values)
            here.add(urn)
    return here


def _plan_change(
    plan: Plan, if_bad: BadRow, ours: dict[str, gias.Value], values: Row, corrected: AbstractSet[str]
) -> None:
    theirs = dict(zip(plan.fields, values, strict=True))
    urn, name = int(str(ours["urn"])), str(ours["name"])
    differing = [field for field in plan.fields if ours[field] != theirs[field]]
    plan.kept += [Kept(urn, name, field, ours[field], theirs[field]) for field in differing if field in corrected]
    changes = tuple(FieldChange(field, ours[field], theirs[field]) for field in differing if field not in corrected)
    merged = ours | {change.field: change.new for change in changes}
    if not changes:
        plan.unchanged += 1
    elif _closes_before_it_opens(merged):
        plan.bad_rows.append(if_bad)
    else:
        plan.changed.append(SchoolChange(urn, name, changes, tuple(merged[field] for field in plan.fields)))


def _closes_before_it_opens(values: dict[str, gias.Value]) -> bool:
    opened_on, closed_on = values.get("opened_on"), values.get("closed_on")
    return isinstance(opened_on, date) and isinstance(closed_on, date) and closed_on < opened_on


def _bad_dates(file: str, line: int) -> BadRow:
    return BadRow(file, line, gias.NAMES["closed_on"], "The school closes before it opens.")
