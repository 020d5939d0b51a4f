"""Everything that can be imported on the page, in the order in which a team starts."""

from __future__ import annotations

import hashlib
from datetime import date

from schools.importing import Plan as RegisterPlan
from schools.importing import apply_register, plan_register
from sidebyside.accounts.models import User
from sidebyside.imports.kinds import KINDS
from sidebyside.imports.previews import Importer, Part, Planned, Preview, Refused, Section
from sidebyside.imports.writing import write
from sidebyside.sheets import Kind, Plan

Files = dict[str, tuple[str, bytes]]


class SheetImporter:
    """One kind of spreadsheet."""

    takes_authority = False
    parts: tuple[Part, ...] = (Part("file", "CSV file", "Up to 20 MB. From Excel: save as “CSV UTF-8”."),)

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.slug, self.title, self.purpose = kind.slug, kind.title, kind.purpose

    def plan(self, files: Files, authority_code: str, on: date) -> Planned:
        """What the file's rows would do."""
        name, content = files["file"]
        plan = self.kind.plan(self.kind.read(content, name), on)

        def write_rows(by: User, on: date) -> None:
            write(self.kind, plan, by=by, on=on)

        return Planned(_preview_of_sheet(plan), write_rows)


def _preview_of_sheet(plan: Plan) -> Preview:
    counts = plan.counts
    rows = counts["new"] + counts["changed"]
    ignored = f"Columns that mean nothing here and are left out: {', '.join(plan.ignored)}."
    return Preview(
        files=[plan.name],
        counts=[(label, counts[key]) for key, label in LABELS.items()],
        sections=[
            Section.of(title, [f"Line {entry.line}: {entry.text}" for entry in plan.having(verb)])
            for verb, title in (("changed", "To change"), ("new", "To add"))
            if counts[verb]
        ],
        refused=[Refused(problem.line, problem.column, problem.reason) for problem in sorted(plan.problems)],
        refused_rows=counts["refused"],
        fingerprint=plan.fingerprint,
        has_changes=plan.has_changes,
        button=f"Import {rows:,} row{'' if rows == 1 else 's'}",
        notes=[*([ignored] if plan.ignored else []), *plan.notes],
    )


LABELS = {"new": "New", "changed": "Changed", "same": "The same", "refused": "Refused"}


class RegisterImporter:
    """The national register's files (S6 to S9)."""

    slug, title = "register", "Schools from the national register"
    purpose = "Schools, trusts and conversions, from the files of Get Information about Schools. Do this first."
    takes_authority = True
    parts: tuple[Part, ...] = (
        Part(
            "establishments", "Establishments", "The file of all establishments, CSV; compressed with gzip if you like."
        ),
        Part("links", "Links", "Predecessors and successors.", is_required=False),
        Part("trusts", "Academies and their trusts", "", is_required=False),
    )

    def plan(self, files: Files, authority_code: str, on: date) -> Planned:
        """What the register's files would create, change, close and link."""
        contents = {part: content for part, (_, content) in files.items()}
        plan = plan_register(**contents, authority=authority_code or None)

        def write_register(by: User, on: date) -> None:
            apply_register(plan, by=by)

        return Planned(_preview_of_register(plan, [name for name, _ in files.values()]), write_register)


def _preview_of_register(plan: RegisterPlan, names: list[str]) -> Preview:
    summary = plan.summary
    groups = (
        ("Schools to change", plan.changed),
        ("Schools to create", plan.new_schools),
        ("Links to add", plan.links_added),
        ("Links to remove", list(plan.links_removed.values())),
        ("Trusts", plan.trusts),
        ("Memberships of trusts", [*plan.memberships_changed, *plan.memberships_opened]),
        ("Corrected by hand, and left alone", plan.kept),
    )
    said = repr((summary, plan.created, [things for _, things in groups], plan.bad_rows))
    return Preview(
        files=names,
        counts=[
            ("Schools to create", summary["created"]),
            ("Schools to change", summary["changed"]),
            ("Unchanged", summary["unchanged"]),
            ("Refused", len({(bad.file, bad.line) for bad in plan.bad_rows})),
        ],
        sections=[Section.of(title, things) for title, things in groups if things],
        refused=[Refused(bad.line, bad.column, bad.reason, bad.file) for bad in plan.bad_rows],
        refused_rows=len({(bad.file, bad.line) for bad in plan.bad_rows}),
        fingerprint=hashlib.sha256(said.encode()).hexdigest()[:32],
        has_changes=not plan.is_empty,
        button="Import the register",
        notes=[*plan.headlines, *plan.notes],
    )


_ALL: list[Importer] = [RegisterImporter(), *(SheetImporter(kind) for kind in KINDS.values())]
IMPORTERS = {importer.slug: importer for importer in _ALL}
