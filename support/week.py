"""The past week of a champion: what stands there, what is booked, and where a day can have been given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from support.actions.checks import A_DAY
from support.actions.weekly import A_WEEK
from support.models import Champion, Delivery, Deployment

State = Delivery.State


@dataclass(frozen=True)
class WeekRow:
    """One row of the page: a booking of a day, or the day itself with the deployments that run on it."""

    day: date
    deployments: tuple[Deployment, ...]
    booked: Delivery | None = None

    @property
    def key(self) -> str:
        """Its name among the fields: the same however often the page is drawn."""
        return f"day-{self.day}" + (f"-{self.booked.pk}" if self.booked else "")

    @property
    def name(self) -> str:
        """The day in words."""
        return f"{self.day:%A %-d %B}"

    def deployment_of(self, pk: int) -> Deployment:
        """The one of its deployments with this number. Raises StopIteration for another."""
        return next(each for each in self.deployments if each.pk == pk)


@dataclass(frozen=True)
class WeekDay:
    """One day: what is in the record, and the rows that can be filled in."""

    day: date
    logged: tuple[Delivery, ...]
    rows: tuple[WeekRow, ...]


def week_of(champion: Champion, *, on: date) -> list[WeekDay]:
    """The last seven days, `on` included, the latest first. Two queries."""
    first = on - timedelta(days=A_WEEK - 1)
    deliveries = Delivery.objects.counting().filter(champion=champion, happens_on__range=(first, on))
    shown = ("school", "service", "deployment__school", "deployment__champion", "deployment__champion_type__service")
    there = list(deliveries.select_related(*shown).order_by("happens_on", "pk"))
    running = Deployment.objects.filter(champion=champion, starts_on__lte=on, ends_on__gte=first)
    running = running.filter(state__in=[Deployment.State.AGREED, Deployment.State.ENDED])
    agreed = list(running.select_related("school", "champion", "champion_type__service").order_by("school__name", "pk"))
    days = (on - timedelta(days=ago) for ago in range(A_WEEK))
    return [_day(day, [each for each in there if each.happens_on == day], agreed) for day in days]


def _day(day: date, there: list[Delivery], agreed: list[Deployment]) -> WeekDay:
    booked = [each for each in there if each.state == State.PLANNED and each.deployment and not each.service.is_visit]
    logged = tuple(each for each in there if each not in booked)
    rows = [WeekRow(day, (each.deployment,), each) for each in booked if each.deployment]
    open_to = tuple(each for each in agreed if each.starts_on <= day <= each.ends_on)
    if open_to and not rows and sum(each.half_days for each in there) < A_DAY:
        rows.append(WeekRow(day, open_to))
    return WeekDay(day, logged, tuple(rows))
