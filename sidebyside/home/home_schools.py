"""The home schools' part of home pages: what waits to be stated and paid, and what a school gets (M16)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format

from reimbursing.models import Statement, StatementLine
from reimbursing.owing import signed_days
from sidebyside.accounts.models import User
from sidebyside.home.parts import Section, Task
from sidebyside.money import pounds
from sidebyside.navigation import stays_empty
from support.models import Delivery

TITLE, SHOWN = "Home schools of champions", 3


def to_be_stated(user: User) -> Section:
    """For finance: how many days are on no statement, and how many statements in no file; in one query."""
    confirmed = Delivery.objects.confirmed().filter(champion__isnull=False)
    waiting = Statement.objects.filter(ledger_entry__isnull=True)
    there = (
        User.objects.filter(pk=user.pk)
        .annotate(
            confirmed=_sum(confirmed, Sum("half_days")),
            stated=_sum(StatementLine.objects.standing(), Sum("half_days")),
            waiting=_sum(waiting, Count("pk")),
        )
        .values("confirmed", "stated", "waiting")
        .get()
    )
    owed, tasks = there["confirmed"] - there["stated"], []
    if owed:
        label = f"{_days(owed)} on no statement yet"
        tasks.append(Task(label, reverse("owed_list"), "Confirmed: to approve, or held back", "To do", "blue"))
    if count := there["waiting"]:
        label = f"{count} {'statement waits' if count == 1 else 'statements wait'} for the ledger or the bank"
        tasks.append(Task(label, reverse("ledger_file_list"), "In no file of journals or payments", "To do", "blue"))
    return Section(TITLE, tasks, "Every confirmed day is stated and paid.", reverse("statement_list"), "All statements")


def _days(half_days: int) -> str:
    """A number of days with its word."""
    return f"{signed_days(half_days)} {'day' if half_days == 2 else 'days'}"


def _sum(rows: QuerySet, total: Sum | Count) -> Coalesce:
    """One number over all rows, as a part of another query."""
    return Coalesce(Subquery(rows.order_by().annotate(one=Value(1)).values("one").annotate(x=total).values("x")), 0)


def what_the_school_gets(user: User) -> Iterable[Section]:
    """For the head of a home school: the last statements; nothing at all for a school that lends nobody."""
    if stays_empty("statement_list", user):
        return
    statements = Statement.objects.visible_to(user).defer("council", "recipient").order_by("-issued_on", "-id")
    tasks = [
        Task(
            f"{statement.number}, {pounds(statement.total)}",
            statement.get_absolute_url(),
            f"{_days(statement.half_days)} up to {date_format(statement.last_day)}",
        )
        for statement in statements[:SHOWN]
    ]
    tasks.append(Task("What is coming", reverse("owed_list"), "Days of your champions that are on no statement yet"))
    yield Section("What your school gets for its champions", tasks, "", reverse("statement_list"), "All statements")
