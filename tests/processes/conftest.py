"""The worlds that the processes meet in."""

from datetime import date

import pytest
from django.db import connection

from sidebyside.years import Period
from support.models import Delivery
from tests import make
from tests.billing import cases


@pytest.fixture
def size() -> int:
    """How many processes: SQLite lets one write at a time, so that more of them would only wait longer."""
    return 50 if connection.vendor == "postgresql" else 8


@pytest.fixture
def items(size):
    """An approved run of invoices to be, some fewer than there are processes; returns their keys."""

    def approve(count: int) -> list[int]:
        support(count)
        run = cases.approve()
        return list(run.items.order_by("pk").values_list("pk", flat=True))

    return approve


def support(count: int) -> list[Delivery]:
    """One confirmed champion's day at each of so many academies with accounts."""
    make.council()
    make.offer_2022()
    make.rates()
    make.reminder_stages()
    champion = make.champion()
    deliveries = []
    for number in range(count):
        academy = make.academy(name=f"Academy {number}")
        make.account(academy)
        day = date(2023, 1, 1 + number % 28)
        deliveries.append(make.delivery(academy, happens_on=day, champion=champion))
    return deliveries


def year() -> Period:
    """The academic year of the examples."""
    return cases.YEAR
