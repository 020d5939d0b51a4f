"""One school with a history: its neighbours in the register, and everything dated about it (S7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, F, Q, QuerySet, Value

from schools.lineage import relatives_of
from schools.models import AdviserAssignment, Appointment, Membership, School, TrustMembership
from schools.names import readable
from sidebyside.accounts.models import User

TRUST = "Trust"


@dataclass(frozen=True)
class Neighbours:
    """The schools before and after this one, as far as a person may see them."""

    before: list[School]
    after: list[School]


@dataclass(frozen=True)
class Stretch:
    """Something that held at a school from a day to a day, both included."""

    what: str
    who: str
    started_on: date | None
    ended_on: date | None


def neighbours_of(school: School, *, user: User) -> Neighbours:
    """The schools that led to this one, the latest first, and those that carry it on, the earliest first."""
    earlier, later = relatives_of(school, among=School.objects.visible_to(user))
    return Neighbours([each.school for each in earlier if each.school], [each.school for each in later if each.school])


def stretches_of(school: School) -> list[Stretch]:
    """Headteachers, advisers and trusts of a school, the latest first, in one query."""
    rows = _stretch(Appointment.objects.filter(school=school), "Headteacher", F("head_name"), "started_on", "ended_on")
    rows = rows.union(
        _stretch(
            AdviserAssignment.objects.filter(school=school), "Adviser", F("adviser__name"), "started_on", "ended_on"
        ),
        _stretch(TrustMembership.objects.filter(school=school), TRUST, F("trust__name"), "joined_on", "left_on"),
        all=True,
    )
    found = [Stretch(what, readable(who) if what == TRUST else who, *days) for what, who, *days in rows]
    return sorted(found, key=lambda stretch: (stretch.started_on or date.min, stretch.what), reverse=True)


def people_of(school: School, *, on: date) -> QuerySet[Membership]:
    """Who may sign in for a school on a day, for itself or for its trust."""
    return (
        Membership.objects.held_on(on)
        .filter(Q(school=school) | Q(trust__memberships__in=school.trust_memberships.held_on(on)))
        .select_related("user", "trust")
        .order_by("user__name")
    )


def _stretch(rows: QuerySet, what: str, who: F, start: str, end: str) -> QuerySet:
    return (
        rows.order_by()
        .annotate(what=Value(what, output_field=CharField()), who=who, starts=F(start), ends=F(end))
        .values_list("what", "who", "starts", "ends")
    )
