"""The list of schools and the list of visits at the scale of England, against a query for each cell of each row (W1).

Ours is what the views ask for; the naive twin begins with the same fifty rows and asks the rest as it goes along.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Model, Q
from django.http import HttpRequest, QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.harness import CPU, WALL, Harness, scratch_database
from schools.models import AdviserAssignment, Category, CategoryEntry, School, Trust, TrustMembership
from schools.views import lists as school_lists
from sidebyside.accounts.models import User
from sidebyside.council.models import Council
from sidebyside.paging import PER_PAGE, page_of
from support.models import Delivery, Service
from visits.models import Visit
from visits.views import lists as visit_lists

NAME = "Lists"
SCHOOLS, AUTHORITIES, ADVISERS, VISITS = 25_000, 153, 200, 1_000_000
Row = tuple[Any, ...]

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {most})"
_DELIVERIES = (
    "INSERT INTO support_delivery (school_id, service_id, happens_on, half_days, units, state, funding, adviser_id,"
    " summary, effect, next_step, agreed_with, reference, confirmed_why, cancelled_why, override_why,"
    " request_key, made_at)"
    " {numbers} SELECT 100000 + i % {schools}, {service}, {day}, 0, 1, 'delivered', 'offer',"
    " {adviser} + i % {advisers}, '', '', '', '', '', '', '', '', '', {now} FROM n"
)
_VISITS = "INSERT INTO visits_visit (delivery_id, {names}) SELECT id, {values} FROM support_delivery ORDER BY id"


# --- The two sides ----------------------------------------------------------------------------------------------------
def request_of(user: User, query: str) -> HttpRequest:
    """What a browser asks."""
    request = HttpRequest()
    request.user, request.GET = user, QueryDict(query)
    return request


def our_schools(request: HttpRequest) -> list[Row]:
    """What the page of schools shows."""
    _, schools = school_lists.selection(request)
    return [(s.urn, s.name, s.category_name, s.adviser_name, s.trust_name) for s in page_of(schools, request)]


def naive_schools(request: HttpRequest) -> list[Row]:
    """The same, with a look at each school's entries, assignments and memberships."""
    today = timezone.localdate()
    schools = School.objects.visible_to(request.user).state_funded().open_on(today)
    schools = schools.of_authority("100").order_by("name", "urn")
    schools.count()
    rows = []
    for school in schools[:PER_PAGE]:
        entry = school.category_entries.in_force_on(today).first()
        assignment = school.adviser_assignments.held_on(today).first()
        membership = school.trust_memberships.filter(Q(left_on__isnull=True) | Q(left_on__gte=today)).first()
        rows.append(
            (
                school.urn,
                school.name,
                entry.category.name if entry else None,
                assignment.adviser.name if assignment else None,
                membership.trust.name if membership else None,
            )
        )
    return rows


def our_visits(request: HttpRequest) -> list[Row]:
    """What the page of visits shows."""
    _, visits = visit_lists.selection(request)
    page = page_of(visits, request, ids_first=True)
    return [(v.pk, v.delivery.happens_on, v.delivery.school.name, v.delivery.adviser.name, v.has_note) for v in page]


def naive_visits(request: HttpRequest) -> list[Row]:
    """The same, with a look at each visit's delivery, school, adviser and notes."""
    visits = Visit.objects.filter(delivery__school__in=School.objects.all())
    visits = visits.order_by("-delivery__happens_on", "-delivery_id")
    visits.count()
    return [
        (v.pk, v.delivery.happens_on, v.delivery.school.name, v.delivery.adviser.name, v.notes.exists())
        for v in visits[:PER_PAGE]
    ]


# --- The benchmark ----------------------------------------------------------------------------------------------------
def run(harness: Harness) -> None:
    """W1, on the engine of DATABASE_URL."""
    clock = WALL if connection.vendor == "postgresql" else CPU
    with scratch_database():
        lead = people()
        schools(lead)
        visits()
        request = request_of(lead, "")
        for name, naive, ours in (
            (f"W1 50 of {SCHOOLS:,} schools", naive_schools, our_schools),
            (f"W1 50 of {VISITS:,} visits", naive_visits, our_visits),
        ):
            harness.compare(name, partial(naive, request), partial(ours, request), goal=5, clock=clock)
        counted(harness, lead)


def counted(harness: Harness, lead: User) -> None:
    """The page of schools asks as often for one row as for fifty."""
    counts = {side: [queries(side, lead, query) for query in ("q=100000", "")] for side in (naive_schools, our_schools)}
    [one, fifty] = counts[our_schools]
    naive_answer = counts[naive_schools][1] <= 6
    harness.holds("W1 queries for a page of schools", "at most 6", naive=naive_answer, ours=one == fifty <= 6)
    harness.note(f"{fifty} queries for fifty schools, {counts[naive_schools][1]} in the naive way")


def queries(side: Any, lead: User, query: str) -> int:
    """How many queries a side makes, with the session's and the person's own two."""
    with CaptureQueriesContext(connection) as captured:
        side(request_of(lead, query))
    return len(captured) + 2


# --- The world --------------------------------------------------------------------------------------------------------
def people() -> User:
    """The council's people; a lead asks."""
    Council.objects.create(
        name="A council",
        authority_code="100",
        address="Town Hall",
        email="a@council.example",
        terms_days=28,
        finance_email="f@council.example",
        invoice_prefix="A",
        credit_note_prefix="B",
    )
    User.objects.bulk_create(
        User(email=f"adviser{n}@council.example", name=f"Adviser {n}", role="adviser") for n in range(ADVISERS)
    )
    return User.objects.create(email="lead@council.example", name="Lead", role="lead")


def schools(lead: User) -> None:
    """Schools of every authority, each with two categories, an adviser and every second one in a trust."""
    day, today = date(2020, 9, 1), timezone.localdate()
    advisers = list(User.objects.filter(role="adviser"))
    categories = Category.objects.bulk_create(Category(name=f"Category {n}", rank=n, meaning="…") for n in (1, 2, 3))
    trusts = Trust.objects.bulk_create(Trust(uid=5000 + n, name=f"Trust {n}") for n in range(1000))
    made = School.objects.bulk_create(
        (
            School(
                urn=100_000 + n,
                name=f"School {n * 7919 % SCHOOLS}",
                authority_code=f"{100 + n % AUTHORITIES}",
                type_code="34" if n % 2 else "01",
                status="open",
                phase="Primary",
            )
            for n in range(SCHOOLS)
        ),
        batch_size=2000,
    )
    entries, assignments, memberships = [], [], []
    for n, school in enumerate(made):
        for back, category in ((500, categories[n % 3]), (n % 300, categories[(n + 1) % 3])):
            entries.append(
                CategoryEntry(
                    school=school,
                    category=category,
                    starts_on=today - timedelta(days=back),
                    state="confirmed",
                    reason="Agreed",
                    confirmed_by=lead,
                    confirmed_at=timezone.now(),
                )
            )
        assignments.append(AdviserAssignment(school=school, adviser=advisers[n % ADVISERS], started_on=day))
        if n % 2:
            memberships.append(TrustMembership(school=school, trust=trusts[n % 1000], joined_on=day))
    CategoryEntry.objects.bulk_create(entries, batch_size=2000)
    AdviserAssignment.objects.bulk_create(assignments, batch_size=2000)
    TrustMembership.objects.bulk_create(memberships, batch_size=2000)


def visits() -> None:
    """A million visits over five years, written by the database itself."""
    is_postgresql = connection.vendor == "postgresql"
    service = Service.objects.create(code="HLV", name="Headline Visit", unit="visits", is_visit=True)
    values = {
        "numbers": _NUMBERS.format(most=VISITS - 1),
        "schools": SCHOOLS,
        "advisers": ADVISERS,
        "service": service.pk,
        "adviser": User.objects.filter(role="adviser").order_by("pk").values_list("pk", flat=True)[0],
        "day": "DATE '2020-09-01' + i % 1800" if is_postgresql else "date('2020-09-01', (i % 1800) || ' days')",
        "now": "now()" if is_postgresql else "datetime('now')",
    }
    with connection.cursor() as cursor:
        cursor.execute(_DELIVERIES.format(**values))
        cursor.execute(_VISITS.format(**defaults(Visit, but="delivery")))
        for table in (School, Delivery, Visit, CategoryEntry):
            cursor.execute(f"ANALYZE {table._meta.db_table}")


def defaults(model: type[Model], *, but: str) -> dict[str, str]:
    """The columns of a model that must have a value, with their defaults as SQL; without the key and one more."""
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key or f.null or f.name == but)]
    return {
        "names": ", ".join(field.column for field in fields),
        "values": ", ".join(f"'{field.get_default()}'" for field in fields),
    }
