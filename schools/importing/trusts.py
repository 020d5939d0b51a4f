"""Plans the trusts and the dated memberships of academies (S8). See docs/decisions/trust-memberships.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import timedelta
from typing import Any

from schools.importing.plan import BadRow, FieldChange, MembershipChange, Plan, TrustChange, plural, some, worded
from schools.importing.reading import RegisterFile
from schools.models import Trust, TrustMembership

Row = dict[str, Any]


def plan_trusts(file: RegisterFile, plan: Plan, *, in_file: AbstractSet[int], known: AbstractSet[int]) -> None:
    """Which trusts to write, which memberships to open, and which to end: only of academies that we know.

    An academy that the file does not name keeps its membership: the file may be of one authority only, or older.
    """
    rows = _wanted(file, plan, known)
    plan.trusts += _trust_changes([row for _, row in rows.values()])
    memberships: dict[int, list[TrustMembership]] = defaultdict(list)
    for membership in TrustMembership.objects.select_related("trust").order_by("pk"):
        memberships[membership.school_id].append(membership)
    for line, row in rows.values():
        if complaint := _plan_membership(plan, row, memberships.get(row["urn"], [])):
            plan.bad_rows.append(BadRow(file.name, line, "Joined date", complaint))
    left_out = sorted(
        urn
        for urn, theirs in memberships.items()
        if urn in in_file and urn not in rows and any(each.left_on is None for each in theirs)
    )
    if left_out:
        plan.notes.append(f"In a trust here but not in {file.name}, so they stay in their trust: {some(left_out)}.")


def _wanted(file: RegisterFile, plan: Plan, known: AbstractSet[int]) -> dict[int, tuple[int, Row]]:
    """The rows of academies that we know, by URN; a second row of one academy is a bad one."""
    fields = file.layout.fields
    rows: dict[int, tuple[int, Row]] = {}
    elsewhere = 0
    for line, values in file.rows(plan.bad_rows):
        row: Row = dict(zip(fields, values, strict=True))
        urn = row["urn"]
        if urn not in known or "academy" not in str(row.get("kind", "academy")).casefold():
            elsewhere += 1
        elif urn in rows:
            plan.bad_rows.append(
                BadRow(file.name, line, "Academy URN", f"{urn} stands on line {rows[urn][0]} already.")
            )
        else:
            rows[urn] = (line, row)
    if elsewhere:
        plan.notes.append(f"{plural(elsewhere, 'row')} of {file.name} left out: no school here, or no academy trust.")
    return rows


def _trust_changes(rows: Sequence[Row]) -> list[TrustChange]:
    standing = {trust.uid: trust for trust in Trust.objects.all()}
    fields = ("uid", "name", "group_id", "companies_house_number", "kind", "is_open", "closed_on")
    changes: dict[int, TrustChange] = {}
    for row in rows:
        if row["uid"] in changes:
            continue
        ours = standing.get(row["uid"]) or Trust()
        old: Mapping[str, Any] = {field: getattr(ours, field) for field in fields}
        values = {field: row.get(field, old[field]) for field in fields}
        differing = tuple(
            FieldChange(field, old[field], values[field]) for field in fields if old[field] != values[field]
        )
        changes[row["uid"]] = TrustChange(values, differing, is_new=row["uid"] not in standing)
    return [change for change in changes.values() if change.fields]


def _plan_membership(plan: Plan, row: Row, theirs: Sequence[TrustMembership]) -> str:
    """Add to the plan what one row changes; the complaint when it cannot be true together with what stands here."""
    joined_on, left_on = row["joined_on"], row.get("closed_on")
    if joined_on and left_on and left_on < joined_on:
        return "The trust closed before the academy joined it."
    current = next((each for each in theirs if each.left_on is None), None)
    recorded = next((each for each in theirs if (each.trust_id, each.joined_on) == (row["uid"], joined_on)), None)
    if recorded and recorded is not current:
        return ""  # it has ended here since, by a move or by hand
    before = [each.left_on for each in theirs if each.left_on]
    if before and (not joined_on or joined_on <= max(before)):
        return f"Here the academy was in another membership until {worded(max(before))}, so it cannot join before then."
    change = MembershipChange(row["urn"], row["uid"], row["name"], joined_on, left_on)
    if current and current.trust_id == row["uid"]:
        _redate(plan, current, change)
    elif current:
        return _move(plan, current, change)
    else:
        plan.memberships_opened.append(change)
    return ""


def _redate(plan: Plan, current: TrustMembership, change: MembershipChange) -> None:
    joined_on = change.joined_on or current.joined_on
    if (joined_on, change.left_on) != (current.joined_on, current.left_on):
        plan.memberships_changed.append(replace(change, joined_on=joined_on, pk=current.pk))


def _move(plan: Plan, current: TrustMembership, change: MembershipChange) -> str:
    """S8: the old membership ends on the day before the new one begins."""
    if change.joined_on is None:
        return f"It does not say when the academy left {current.trust.name}."
    if current.joined_on and change.joined_on <= current.joined_on:
        return f"Here the academy joined {current.trust.name} on {worded(current.joined_on)}, which is no earlier."
    ended = MembershipChange(
        change.urn,
        current.trust_id,
        current.trust.name,
        current.joined_on,
        change.joined_on - timedelta(days=1),
        pk=current.pk,
    )
    plan.memberships_changed.append(ended)
    plan.memberships_opened.append(replace(change, is_move=True))
    return ""
