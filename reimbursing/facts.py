"""Reads what is to be reimbursed in a period: deliveries of champions, who lent them that day, what statements hold.

Four queries, however many deliveries there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from reimbursing.models import StatementItem, StatementLine
from reimbursing.owing import Given, Stated
from sidebyside.years import Period
from support.models import Champion, Delivery, Dispute, Lending

COLUMNS = (
    *("pk", "happens_on", "half_days", "state", "given_by", "champion__code", "given_by_name", "given_as"),
    *("champion_type__service", "service", "service__name", "school", "school__name", "is_disputed", "has_champion"),
)
STANDING = ~Q(item__state=StatementItem.State.GIVEN_UP)


class Day(NamedTuple):
    """A champion's support at a school: what a statement says of it. In the order of `COLUMNS`."""

    pk: int
    happens_on: date
    half_days: int
    state: str
    champion: int
    champion_code: str | None
    champion_name: str
    champion_type: str
    own_service: int | None
    service: int
    service_name: str
    school: int
    school_name: str
    is_disputed: bool
    has_champion: bool

    @property
    def attended(self) -> str:
        """The visit or meeting at which the champion was; empty for a day of the champion's own."""
        return "" if self.service == self.own_service else self.service_name


@dataclass
class Account:
    """What statements hold of one delivery: `lines` counts all that were ever approved, given up or not."""

    stated: list[Stated] = field(default_factory=list)
    lines: int = 0


class Facts:
    """The days of a period, of all champions or of some, each with what the rule wants to know of it."""

    def __init__(self, period: Period, champions: QuerySet[Champion] | None = None) -> None:
        whose = Q() if champions is None else Q(champion__in=champions.order_by().values("pk"))
        self.days = [Day(*row) for row in _days(period, whose)]
        self.accounts = _accounts(period, whose)
        self._lendings = _lendings(whose)

    def __iter__(self) -> Iterator[tuple[Day, Given]]:
        return ((day, self._given(day)) for day in self.days)

    def home(self, champion: int, on: date) -> int | None:
        """The URN of the school that lent a champion on a day: the latest agreement that holds (M16)."""
        for school, starts_on, ends_on in self._lendings.get(champion, ()):
            if (starts_on is None or starts_on <= on) and (ends_on is None or on <= ends_on):
                return school
        return None

    def _given(self, day: Day) -> Given:
        account = self.accounts.get(day.pk)
        return Given(
            happens_on=day.happens_on,
            half_days=day.half_days,
            is_confirmed=day.has_champion and day.state == Delivery.State.CONFIRMED,
            is_waiting=day.has_champion and day.state == Delivery.State.DELIVERED,
            is_disputed=day.is_disputed,
            champion_type=day.champion_type,
            home=self.home(day.champion, day.happens_on),
            stated=tuple(account.stated) if account else (),
        )


def _days(period: Period, whose: Q) -> QuerySet[Delivery, tuple]:
    """What took place, and what statements hold although it did not, or without the champion after all."""
    lines = StatementLine.objects.filter(STANDING, delivery=OuterRef("pk"))
    took_place = Q(state__in=[Delivery.State.DELIVERED, Delivery.State.CONFIRMED], half_days__gt=0)
    given = took_place & Q(champion__isnull=False) & whose
    rows = Delivery.objects.filter(
        given | Q(Exists(lines.filter(whose))), happens_on__range=(period.first_day, period.last_day)
    )
    return with_champion(rows).order_by("happens_on", "id").values_list(*COLUMNS)


def with_champion(deliveries: QuerySet[Delivery]) -> QuerySet[Any]:
    """Each with `given_by`, `given_by_name` and `given_as`: its champion, or the one of whom statements hold it."""
    latest = StatementLine.objects.filter(STANDING, delivery=OuterRef("pk")).order_by("-pk")
    return deliveries.annotate(
        given_by=Coalesce("champion", Subquery(latest.values("champion")[:1]), output_field=BigIntegerField()),
        given_by_name=Coalesce("champion__name", Subquery(latest.values("champion_name")[:1])),
        given_as=Coalesce("champion_type__code", Subquery(latest.values("champion_type")[:1])),
        is_disputed=Exists(Dispute.objects.open().filter(delivery=OuterRef("pk"))),
        has_champion=Case(When(champion__isnull=False, then=True), default=False),
    )


def _accounts(period: Period, whose: Q) -> dict[int, Account]:
    """What is stated of each delivery. Sums and count are of one query, so that nobody approves between the two."""
    rows = (
        StatementLine.objects.filter(whose, delivered_on__range=(period.first_day, period.last_day))
        .order_by()
        .values_list("delivery", "item__school", "rate")
        .annotate(
            half_days=Sum("half_days", filter=STANDING, default=0),
            amount=Sum("amount", filter=STANDING, default=0),
            lines=Count("pk"),
            last=Max("pk"),
        )
        .order_by("last")
    )
    found: dict[int, Account] = defaultdict(Account)
    for delivery, home, rate, half_days, amount, lines, _ in rows:
        account = found[delivery]
        account.lines += lines
        if half_days:
            account.stated.append(Stated(home, rate, half_days, amount))
    return found


def _lendings(whose: Q) -> dict[int, list[tuple[int, date | None, date | None]]]:
    found: dict[int, list[tuple[int, date | None, date | None]]] = defaultdict(list)
    for champion, school, starts_on, ends_on in Lending.objects.filter(whose).values_list(
        "champion", "school", "starts_on", "ends_on"
    ):
        found[champion].append((school, starts_on, ends_on))
    return found
