"""A school's predecessors and successors, read in as many queries however long the line is (S7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef

from schools import conversions
from schools.conversions import Handover, LinkBetween, Record
from schools.models import School, SchoolLink
from schools.models.register import SchoolQuerySet

# UNION drops what was met already, so that a ring of links ends too.
_FAMILY = """
WITH RECURSIVE family(urn) AS (
    SELECT CAST(%s AS integer)
    UNION
    SELECT CASE WHEN link.urn = family.urn THEN link.linked_urn ELSE link.urn END
    FROM family JOIN {links} link ON link.urn = family.urn OR link.linked_urn = family.urn
)
SELECT DISTINCT link.urn, link.linked_urn, link.kind
FROM family JOIN {links} link ON link.urn = family.urn
"""


@dataclass(frozen=True, slots=True)
class Relative:
    """A school before or after another. `school` is None when its URN is not in the portal, or not this person's."""

    urn: int
    school: School | None
    handover: Handover

    @property
    def on(self) -> date | None:
        """The first day of the newer of the two; None when the register does not say."""
        return self.handover.on


def predecessors_of(school: School, *, among: SchoolQuerySet | None = None) -> list[Relative]:
    """The schools that led to this one, the latest first. Two queries, and one for `among`: those that may be seen."""
    return relatives_of(school, among=among)[0]


def successors_of(school: School, *, among: SchoolQuerySet | None = None) -> list[Relative]:
    """The schools that carry this one on, the earliest first. Queries and `among` as for `predecessors_of`."""
    return relatives_of(school, among=among)[1]


def relatives_of(school: School, *, among: SchoolQuerySet | None = None) -> tuple[list[Relative], list[Relative]]:
    """Predecessors and successors together, in the same two queries."""
    known, schools = _family(school, among)
    earlier = [Relative(each.old, schools.get(each.old), each) for each in conversions.before(school.urn, known)]
    later = [Relative(each.new, schools.get(each.new), each) for each in conversions.after(school.urn, known)]
    return earlier, later


def _family(school: School, among: SchoolQuerySet | None) -> tuple[list[Handover], dict[int, School]]:
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY.format(links=SchoolLink._meta.db_table), [school.urn])
        links = [LinkBetween(*row) for row in cursor.fetchall()]
    urns = {urn for link in links for urn in (link.urn, link.linked_urn)} | {school.urn}
    may_be_seen = Exists((School.objects.all() if among is None else among).filter(pk=OuterRef("pk")))
    everybody = School.objects.filter(urn__in=urns).annotate(may_be_seen=may_be_seen)
    records = {each.urn: Record(each.urn, each.type_code, each.opened_on, each.closed_on) for each in everybody}
    return conversions.handovers(links, records), {each.urn: each for each in everybody if each.may_be_seen}
