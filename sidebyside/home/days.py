"""What home pages say of champions' days: disputed, booked, to be logged, to be settled."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format

from sidebyside.accounts.models import User
from sidebyside.home.parts import Section, Task, first
from support.entitlements import DAYS, amount_text
from support.models import Delivery

SHOWN = ("champion", "school", "service")


def to_settle(user: User) -> tuple[Section, int]:
    """What schools dispute, and what they are silent about although they were reminded; and how many days wait in all.

    One query for both.
    """
    waiting = list(first(Delivery.objects.visible_to(user).for_the_broker().select_related(*SHOWN)))
    section = Section(
        "Days to settle",
        [_to_settle(delivery) for delivery in waiting if delivery.is_to_settle],
        "No day is disputed, and no school is silent.",
        f"{reverse('confirmation_list')}?disputed=yes",
        "All disputed days",
    )
    return section, waiting[0].in_all if waiting else 0


def _to_settle(delivery: Delivery) -> Task:
    hint = f"{delivery.school}, {date_format(delivery.happens_on)}"
    who = str(delivery.champion or delivery.service)
    if delivery.dispute_open:
        return Task(who, reverse("dispute_resolve", args=[delivery.dispute_open]), hint, "Disputed", "orange")
    return Task(who, reverse("delivery_confirm", args=[delivery.pk]), hint, "No answer", "yellow")


def champions_days(user: User, on: date) -> list[Section]:
    """The champion's own days: disputed, where there are any, and booked, those first whose day has come."""
    own = (
        Delivery.objects.visible_to(user).filter(champion__user=user).with_dispute().select_related("school", "service")
    )
    open_ones = own.filter(
        Q(state=Delivery.State.PLANNED) | Q(state=Delivery.State.DELIVERED, unresolved__isnull=False)
    )
    found = list(open_ones.order_by("happens_on", "pk")[:50])
    disputed = [_own(each, "Disputed", "orange") for each in found if each.dispute_open][:8]
    booked = [_booked(each, on) for each in found if each.state == Delivery.State.PLANNED][:8]
    own_calendar = "See them in your own calendar"
    sections = [Section("Days you have booked", booked, "You have booked no day.", reverse("calendar"), own_calendar)]
    if disputed:
        sections.insert(0, Section("Days that a school disputes", disputed, ""))
    return sections


def _booked(delivery: Delivery, on: date) -> Task:
    if delivery.happens_on > on or delivery.service.is_visit:
        return _own(delivery, "Planned", "blue")
    where = reverse("delivery_deliver", args=[delivery.pk])
    return Task(_named(delivery), where, f"{date_format(delivery.happens_on)}. Say what was done", "To log", "orange")


def _own(delivery: Delivery, status: str, colour: str) -> Task:
    where = reverse("delivery_detail", args=[delivery.pk])
    return Task(_named(delivery), where, date_format(delivery.happens_on), status, colour)


def _named(delivery: Delivery) -> str:
    return f"{amount_text(delivery.half_days, DAYS)} at {delivery.school}"
