"""The reviews that wait for a person: one query, whatever their number."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format

from impact.habits import review_habits
from impact.models import ReviewInvitation
from sidebyside.accounts.models import User
from sidebyside.home.parts import Task, first


def reviews_to_write(user: User, on: date) -> list[Task]:
    """A line for each review that this person was asked for and nobody of the same party has written."""
    habits = review_habits()
    asked = ReviewInvitation.objects.for_party_of(user, on=on).open(habits, on=on)
    rows = first(asked.select_related("deployment__champion", "deployment__school").order_by("deployment__ends_on"))
    return [_task(row, row.due_by(habits), on) for row in rows]


def _task(row: ReviewInvitation, due_by: date, on: date) -> Task:
    url = reverse("review_new", args=[row.deployment_id, row.kind])
    hint = f"{row.deployment}, by {date_format(due_by)}"
    if due_by < on:
        return Task(f"Write the {row.get_kind_display().lower()}", url, hint, "Overdue", "orange")
    return Task(f"Write the {row.get_kind_display().lower()}", url, hint, "To write", "blue")


def overdue_reviews(user: User, on: date) -> int:
    """How many reviews that were asked for are late."""
    return ReviewInvitation.objects.visible_to(user).overdue(review_habits(), on=on).count()
