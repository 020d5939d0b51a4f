"""Plans the links of the schools in the file: the set is replaced, because links are withdrawn between files (S7)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from schools import gias
from schools.importing.plan import BadRow, Link, Plan, plural
from schools.importing.reading import RegisterFile
from schools.models import SchoolLink

LONGEST = 60  # characters of a link's type that the database holds; only links that are no history have longer ones


def plan_links(file: RegisterFile, plan: Plan, *, in_file: AbstractSet[int], known: AbstractSet[int]) -> None:
    """Which links to add and to remove.

    A link is wanted when one of its ends is a school that we know. Those of a URN that either file names are replaced,
    those of other schools are left alone.
    """
    wanted = _wanted(file, plan, known)
    replaced = in_file | {link.urn for link in wanted}
    rows = SchoolLink.objects.values_list("pk", "urn", "linked_urn", "kind", "detail", "established_on")
    standing = {Link(*row[1:]): row[0] for row in rows.iterator(5000)}
    plan.links_added = sorted(wanted - standing.keys())
    plan.links_removed = {pk: link for link, pk in standing.items() if link.urn in replaced and link not in wanted}


def _wanted(file: RegisterFile, plan: Plan, known: AbstractSet[int]) -> set[Link]:
    fields = file.layout.fields
    lines: dict[tuple[int, int, str], int] = {}
    wanted: set[Link] = set()
    elsewhere = no_history = 0
    for line, values in file.rows(plan.bad_rows):
        row = dict(zip(fields, values, strict=True))
        kind = gias.link_kind(str(row["detail"]))
        if row["urn"] not in known and row["linked_urn"] not in known:
            elsewhere += 1
        elif kind is None:
            no_history += 1
        else:
            link = Link(kind=kind, **row)  # type: ignore[arg-type]
            if complaint := _complaint(link, lines):
                plan.bad_rows.append(BadRow(file.name, line, "LinkURN", complaint))
            else:
                lines[link[:3]] = line
                wanted.add(link)
    if elsewhere:
        plan.notes.append(f"{plural(elsewhere, 'link')} between schools that are not here left out.")
    if no_history:
        plan.notes.append(
            f"{plural(no_history, 'link')} left out: neither predecessor nor successor, such as sixth form centres and "
            "amalgamations that do not say which school came first."
        )
    return wanted


def _complaint(link: Link, lines: dict[tuple[int, int, str], int]) -> str:
    if link.urn == link.linked_urn:
        return "The school is linked to itself."
    if link[:3] in lines:
        return f"This link stands on line {lines[link[:3]]} already."
    if len(link.detail) > LONGEST:
        return f"Its type is longer than {LONGEST} characters."
    return ""
