"""Visits for deliveries that came in by a spreadsheet (docs/decisions/one-row-for-a-visit.md)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import DateField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Least

from schools.models import AdviserAssignment
from support.models import Delivery
from visits.models import Visit

BATCH = 500


@transaction.atomic
def visits_for_deliveries(*, on: date) -> int:
    """Give every delivery of a visit that has no visit of its own one; how many those were.

    The adviser is whoever looked after the school on the visit's day, or does on `on` when that day is to come; nobody
    where that is not known. A visit that somebody else makes at the same moment stands: a delivery has one (V1).
    """
    lacking = Delivery.objects.filter(service__is_visit=True, visit__isnull=True)
    keys = list(lacking.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        Delivery.objects.filter(pk__in=batch, adviser=None).update(adviser=_adviser_of_the_school(on))
        Visit.objects.bulk_create((Visit(delivery_id=key) for key in batch), ignore_conflicts=True)
    return len(keys)


def _adviser_of_the_school(on: date) -> Subquery:
    day = Least(OuterRef("happens_on"), Value(on, output_field=DateField()))
    held = AdviserAssignment.objects.filter(Q(ended_on=None) | Q(ended_on__gte=day), started_on__lte=day)
    return Subquery(held.filter(school=OuterRef("school")).order_by("-started_on").values("adviser")[:1])
