"""What lists show of a school on a day, as subqueries: category in force, adviser, trust and headteacher.

Each function returns expressions for `annotate(**…)`. `school` is the path from the listed row to the school's key:
`"pk"` for schools, `"delivery__school"` for visits. Subqueries rather than joins, so that no row comes twice.
"""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db.models import OuterRef, QuerySet, Subquery

Columns = dict[str, Subquery]


def category_columns(on: date, *, school: str = "pk") -> Columns:
    """`category_name`, `category_colour`, `category_rank`, `category_since`: None until one is confirmed (S1)."""
    entries = apps.get_model("schools", "CategoryEntry").objects.confirmed()
    begun = entries.filter(school=OuterRef(school), starts_on__lte=on).order_by("-starts_on")
    return {
        "category_name": first(begun, "category__name"),
        "category_colour": first(begun, "category__colour"),
        "category_rank": first(begun, "category__rank"),
        "category_since": first(begun, "starts_on"),
    }


def adviser_columns(on: date, *, school: str = "pk") -> Columns:
    """`adviser_id` and `adviser_name`: None while the school has no adviser."""
    assignments = apps.get_model("schools", "AdviserAssignment").objects.held_on(on)
    held = assignments.filter(school=OuterRef(school)).order_by("-started_on")
    return {"adviser_id": first(held, "adviser_id"), "adviser_name": first(held, "adviser__name")}


def trust_columns(on: date, *, school: str = "pk") -> Columns:
    """`trust_uid`, `trust_name` and `trust_since`: None for a school that is in no trust on the day (S8)."""
    memberships = apps.get_model("schools", "TrustMembership").objects.held_on(on)
    held = memberships.filter(school=OuterRef(school)).order_by("-joined_on", "-pk")
    return {
        "trust_uid": first(held, "trust_id"),
        "trust_name": first(held, "trust__name"),
        "trust_since": first(held, "joined_on"),
    }


def head_columns(on: date, *, school: str = "pk") -> Columns:
    """`head_name`, `head_kind` and `head_since`: None while no appointment is known."""
    appointments = apps.get_model("schools", "Appointment").objects.held_on(on)
    held = appointments.filter(school=OuterRef(school)).order_by("-started_on")
    return {
        "head_name": first(held, "head_name"),
        "head_kind": first(held, "kind"),
        "head_since": first(held, "started_on"),
    }


def first(rows: QuerySet, field: str) -> Subquery:
    """One field of the first row."""
    return Subquery(rows.values(field)[:1])
