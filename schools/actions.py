"""What people do to schools: propose and confirm a category, assign an adviser, record a headteacher's appointment."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from schools.models import AdviserAssignment, Appointment, Category, CategoryEntry, School
from sidebyside.accounts.models import User
from sidebyside.audit.actions import record
from sidebyside.refusals import Refusal
from sidebyside.years import AcademicYear

OPEN_STATES = (CategoryEntry.State.PROPOSED, CategoryEntry.State.DISCUSSED)
ONE_DAY = timedelta(days=1)


@transaction.atomic
def propose_category(
    school: School, *, category: Category, starts_on: date, reason: str, evidence: str = "", by: User | None, on: date
) -> CategoryEntry:
    """Put a category forward (S1); it counts nothing until it is confirmed. Refuses a date that cannot be."""
    _check_start(school, starts_on, on=on)
    entries = school.category_entries.filter(starts_on=starts_on)
    if entries.filter(state__in=OPEN_STATES).exists():
        raise Refusal(
            f"A category from {_day(starts_on)} is proposed already. Confirm or withdraw that one first.",
            field="starts_on",
        )
    _check_day_is_free(entries, starts_on)
    entry = CategoryEntry.objects.create(
        school=school, category=category, starts_on=starts_on, reason=reason, evidence=evidence, proposed_by=by
    )
    _record_category("proposed", entry, by=by, why=reason)
    return entry


@transaction.atomic
def confirm_category(entry: CategoryEntry, *, by: User | None, on: date, in_order: bool = True) -> CategoryEntry:
    """Make a proposed category count from its day on (S1, S4, S5).

    Refuses what was withdrawn or confirmed before, a day that has a confirmed category, and, unless `in_order` is
    off (papers of earlier years), a day before a category that is confirmed already.
    """
    school = entry.school
    _check_start(school, entry.starts_on, on=on)
    confirmed = school.category_entries.confirmed().exclude(pk=entry.pk)
    _check_day_is_free(confirmed.filter(starts_on=entry.starts_on), entry.starts_on)
    later = confirmed.filter(starts_on__gt=entry.starts_on).order_by("starts_on").first()
    if in_order and later:
        raise Refusal(
            f"{school} has a confirmed category from {_day(later.starts_on)}, which is later. "
            "Withdraw that one first, or propose a later date.",
        )
    claimed = CategoryEntry.objects.filter(pk=entry.pk, state__in=OPEN_STATES).update(
        state=CategoryEntry.State.CONFIRMED, confirmed_by=by, confirmed_at=timezone.now()
    )
    entry.refresh_from_db()
    if not claimed:
        raise Refusal(f"This category is {entry.get_state_display().lower()} already. Propose it again if you need it.")
    _record_category("confirmed", entry, by=by, why=entry.reason)
    return entry


@transaction.atomic
def withdraw_category(entry: CategoryEntry, *, why: str, by: User, on: date) -> CategoryEntry:
    """Take an entry back, proposed or confirmed in error: from now on it counts nothing, and stays in history."""
    if not why.strip():
        raise Refusal("Say why you withdraw this category.", field="why")
    claimed = (
        CategoryEntry.objects.filter(pk=entry.pk)
        .exclude(state=CategoryEntry.State.WITHDRAWN)
        .update(state=CategoryEntry.State.WITHDRAWN)
    )
    if not claimed:
        raise Refusal("This category is withdrawn already.")
    entry.refresh_from_db()
    _record_category("withdrawn", entry, by=by, why=why, withdrawn_on=on.isoformat())
    return entry


@transaction.atomic
def assign_adviser(school: School, *, adviser: User, by: User | None, on: date) -> AdviserAssignment:
    """From `on`, this adviser looks after the school; the former assignment ends the day before.

    The same adviser again changes nothing. Refuses people who log no visits, and a school that is closed by then.
    """
    if not adviser.may("visits.log_visit"):
        raise Refusal(f"{adviser} is not an adviser who can sign in. Choose another person.", field="adviser")
    if school.closed_on and on > school.closed_on:
        raise Refusal(f"{school} closed on {_day(school.closed_on)}. Choose an earlier date.", field="on")
    assignments = school.adviser_assignments.all()
    held = assignments.held_on(on).filter(adviser=adviser).first()
    if held:
        return held
    ended_on = _make_room(assignments, on)
    assignment, _ = AdviserAssignment.objects.update_or_create(
        school=school, started_on=on, defaults={"adviser": adviser, "ended_on": ended_on}
    )
    record(
        "school.adviser_assigned", school, by=by, school_urn=school.urn, adviser=adviser.pk, starts_on=on.isoformat()
    )
    return assignment


@transaction.atomic
def record_appointment(school: School, *, head_name: str, kind: str, started_on: date, by: User | None) -> Appointment:
    """Write down who leads the school from a day on (O8); the former appointment ends the day before.

    A day between two appointments is taken from the former up to the day before the next. The same appointment
    again changes nothing. Refuses a second one from the same day, and a day on which the school is closed.
    """
    if school.closed_on and started_on > school.closed_on:
        raise Refusal(f"{school} closed on {_day(school.closed_on)}. Enter an earlier date.", field="started_on")
    there = school.appointments.filter(started_on=started_on).first()
    if there and (there.head_name, there.kind) == (head_name, kind):
        return there
    if there:
        raise Refusal(
            f"{school} has an appointment from {_day(started_on)} already: {there.head_name}, "
            f"{there.get_kind_display().lower()}. Correct that one in the administration.",
            field="started_on",
        )
    ended_on = _make_room(school.appointments.all(), started_on)
    appointment = Appointment.objects.create(
        school=school, head_name=head_name, kind=kind, started_on=started_on, ended_on=ended_on
    )
    record(
        "school.head_appointed",
        school,
        by=by,
        school_urn=school.urn,
        appointment=appointment.pk,
        kind=kind,
        starts_on=started_on.isoformat(),
    )
    return appointment


def _make_room(rows: QuerySet, started_on: date) -> date | None:
    """End the row before a day, and give the last day of one that starts then: None when nothing follows."""
    before = Q(ended_on__isnull=True) | Q(ended_on__gte=started_on)
    rows.filter(before, started_on__lt=started_on).update(ended_on=started_on - ONE_DAY)
    following = rows.filter(started_on__gt=started_on).order_by("started_on").first()
    return following.started_on - ONE_DAY if following else None


def _check_start(school: School, starts_on: date, *, on: date) -> None:
    """Refuse a category that the school could not have had, or that is further off than next year's round."""
    if school.sector is None:
        raise Refusal(f"{school} is not a state-funded school, so it has no category.")
    if school.opened_on and starts_on < school.opened_on:
        raise Refusal(f"{school} opened on {_day(school.opened_on)}. Enter that day or a later one.", field="starts_on")
    if school.closed_on and starts_on > school.closed_on:
        raise Refusal(f"{school} closed on {_day(school.closed_on)}. Enter an earlier date.", field="starts_on")
    if not school.is_open_on(starts_on):
        raise Refusal(f"{school} is not open on {_day(starts_on)}, so it has no category then.", field="starts_on")
    last_day = AcademicYear.containing(on).next.last_day
    if starts_on > last_day:
        raise Refusal(
            f"Enter a date not later than {_day(last_day)}, the end of next academic year.", field="starts_on"
        )


def _check_day_is_free(entries: QuerySet[CategoryEntry], starts_on: date) -> None:
    if entries.filter(state=CategoryEntry.State.CONFIRMED).exists():
        raise Refusal(
            f"This school has a confirmed category from {_day(starts_on)} already. Choose another date.",
            field="starts_on",
        )


def _record_category(deed: str, entry: CategoryEntry, *, by: User | None, why: str, **details: str) -> None:
    record(
        f"school.category_{deed}",
        entry.school,
        by=by,
        why=why,
        school_urn=entry.school_id,
        entry=entry.pk,
        category=entry.category.name,
        starts_on=entry.starts_on.isoformat(),
        **details,
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
