"""What stands in somebody's calendar: their own visits, meetings and days, and of each no more than where and when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import CharField, Count, F, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, Greatest
from django.urls import reverse

from schools.models import School
from sidebyside.accounts.models import User
from sidebyside.audit.models import Event
from sidebyside.calendars.entries import Entry
from sidebyside.days import days_text
from sidebyside.years import AcademicYear
from support.models import Delivery
from support.models.deliveries import DeliveryQuerySet
from visits.models import Visit

DAYS_BACK = 60
UNTOLD_MINUTES = 60  # how long a visit is drawn whose length nobody knows before it is held
A_DAY = 2  # half days
State = Delivery.State


def entries_of(user: User, *, on: date) -> list[Entry]:
    """A person's calendar on a day, from 60 days back to the end of the next academic year; in one query (A1)."""
    last = AcademicYear.containing(on).next.last_day
    own = Q(adviser=user) | Q(champion__user=user)
    rows = Delivery.objects.visible_to(user).filter(own, happens_on__range=(on - timedelta(days=DAYS_BACK), last))
    ordered = with_trail(rows).select_related("school", "service", "visit").order_by("happens_on", "id")
    return [_entry(delivery, as_adviser=delivery.adviser_id == user.pk) for delivery in ordered]


def with_trail(rows: DeliveryQuerySet) -> DeliveryQuerySet:
    """Each delivery with `deeds`, how often the trail names it, and `changed_at`, the last on it or its deployment.

    The end of a deployment cancels its planned days, and its move gives them another school, without a deed on each.
    """
    delivery, deployment = _trail("delivery", "pk"), _trail("deployment", "deployment_id")
    latest = {"its_own": Subquery(delivery.order_by("-at").values("at")[:1])}
    latest["its_deployments"] = Subquery(deployment.order_by("-at").values("at")[:1])
    counted = delivery.order_by().values("subject").annotate(count=Count("pk")).values("count")
    return rows.annotate(deeds=Coalesce(Subquery(counted), 0), **latest).annotate(changed_at=_last(*latest))


def _trail(kind: str, key: str) -> Any:
    subject = Concat(Value(f"{kind}:"), Cast(OuterRef(key), CharField()))
    return Event.objects.filter(subject=subject)


def _last(*columns: str) -> Combinable:
    """The latest of these moments and the row's first: Greatest is nothing on SQLite where one of them is nothing."""
    return Greatest(F("made_at"), *(Coalesce(F(column), F("made_at")) for column in columns))


def _entry(delivery: Any, *, as_adviser: bool) -> Entry:
    is_cancelled = delivery.state == State.CANCELLED
    visit: Visit | None = getattr(delivery, "visit", None) if as_adviser else None
    facts: dict[str, Any] = {"title": _title(delivery, as_adviser), "place": _place(delivery.school)}
    words = delivery.get_state_display()
    if visit:
        facts |= {"starts_at": visit.starts_at, "minutes": visit.minutes or UNTOLD_MINUTES}
        words = f"{'Held' if visit.is_held else words}, {visit.get_mode_display().lower()}"
        if visit.mode == Visit.Mode.ONLINE:
            facts["place"] = visit.get_mode_display()
    path = visit.get_absolute_url() if visit else reverse("delivery_detail", args=[delivery.pk])
    return Entry(
        uid=f"delivery-{delivery.pk}@{urlsplit(settings.SITE_URL).hostname}",
        version=delivery.deeds + is_cancelled,  # an end of the deployment cancels without a deed on the day itself
        changed_at=delivery.changed_at,
        day=delivery.happens_on,
        url=f"{settings.SITE_URL}{path}",
        text=words,
        is_cancelled=is_cancelled,
        is_free=not as_adviser and delivery.half_days < A_DAY,
        **facts,
    )


def _title(delivery: Delivery, as_adviser: bool) -> str:
    if as_adviser or not delivery.half_days:
        return f"{delivery.service} at {delivery.school}"
    if delivery.half_days == 1:
        return f"Half day at {delivery.school}"
    length = "Day" if delivery.half_days == A_DAY else f"{days_text(delivery.half_days)} days"
    return f"{length} at {delivery.school}"


def _place(school: School) -> str:
    return ", ".join(part for part in (school.name, school.street, school.town, school.postcode) if part)
